// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Tells a client now and then that a long command is still at work, and how far it has come (RFC 9585).
final class Progress {
    /// Tells it.
    @FunctionalInterface
    interface Teller {
        /// Tells how far the command is.
        ///
        /// @param done the number of messages that were looked at
        void tell(long done) throws IOException;
    }

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final Teller teller;
    private final LongSupplier nanos;
    private long told;
    private long done;

    /// @param nanos a clock that only goes forward
    Progress(Teller teller, LongSupplier nanos) {
        this.teller = teller;
        this.nanos = nanos;
        this.told = nanos.getAsLong();
    }

    /// Of the command that runs in a session.
    ///
    /// @param goal the number of messages that it goes through; -1 if nobody knows
    static Progress of(ImapSession session, long goal) {
        return new Progress(done -> tell(session, done, goal), System::nanoTime);
    }

    private static void tell(ImapSession session, long done, long goal) throws IOException {
        session.send(
                new Untagged.Ok(
                        ResponseCode.inProgress(session.tag(), done, goal), "Still at work."));
        session.out().flush();
    }

    /// A message was looked at.
    void step() throws IOException {
        done++;
        long now = nanos.getAsLong();
        if (now - told >= PAUSE) {
            told = now;
            teller.tell(done);
        }
    }
}
