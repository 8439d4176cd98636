// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Tells a client now and then that a long command is still at work, and how far it has come (RFC 9585).
public final class Progress {
    /// Tells it.
    @FunctionalInterface
    public interface Teller {
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
    public Progress(Teller teller, LongSupplier nanos) {
        this.teller = teller;
        this.nanos = nanos;
        this.told = nanos.getAsLong();
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
