// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import org.postino.mailstore.MailStoreException;

/// Work of one command on message after message: one that is gone, or that nobody can read, keeps no other back.
public final class Attempts {
    /// Work on one message.
    @FunctionalInterface
    public interface Work {
        boolean run() throws IOException;
    }

    /// Hears of messages that cannot be read.
    @FunctionalInterface
    public interface Faults {
        void report(long uid, IOException fault);
    }

    private final Faults faults;
    private final Progress progress;
    private boolean someUnreadable;

    public Attempts(Faults faults) {
        this(faults, new Progress(_ -> {}, System::nanoTime));
    }

    public Attempts(Faults faults, Progress progress) {
        this.faults = faults;
        this.progress = progress;
    }

    /// The answer of the work; false if another session has expunged the message, or if it cannot be read.
    public boolean on(long uid, Work work) throws IOException {
        progress.step();
        try {
            return work.run();
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.EXPUNGED) {
                return false;
            }
            throw e;
        } catch (PeerException e) {
            throw e;
        } catch (IOException e) {
            faults.report(uid, e);
            someUnreadable = true;
            return false;
        }
    }

    /// True if no message was there that nobody can read.
    public boolean allRead() {
        return !someUnreadable;
    }
}
