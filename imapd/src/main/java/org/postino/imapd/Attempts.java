// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.login.Login;
import org.postino.mailstore.MailStoreException;

/// Work of one command on message after message: one that is gone, or that nobody can read, keeps no other back.
final class Attempts {
    /// Work on one message.
    @FunctionalInterface
    interface Work {
        boolean run() throws IOException;
    }

    /// Hears of messages that cannot be read.
    @FunctionalInterface
    interface Faults {
        void report(long uid, IOException fault);
    }

    private final Faults faults;
    private final Progress progress;
    private boolean someUnreadable;

    Attempts(Faults faults) {
        this(faults, new Progress(_ -> {}, System::nanoTime));
    }

    private Attempts(Faults faults, Progress progress) {
        this.faults = faults;
        this.progress = progress;
    }

    /// Reports to the log, and to the client if it takes long.
    ///
    /// @param command its name there, which goes through the selected mailbox
    static Attempts of(ImapSession session, String command) {
        return of(session, command, session.selected().mailbox().size());
    }

    /// As [#of(ImapSession, String)], for a command that goes through several mailboxes.
    static Attempts ofSeveral(ImapSession session, String command) {
        return of(session, command, -1);
    }

    private static Attempts of(ImapSession session, String command, long goal) {
        return new Attempts(
                (uid, fault) ->
                        session.log().fault(session.user(), command + " of UID " + uid, fault),
                Progress.of(session, goal));
    }

    /// The answer of the work; false if another session has expunged the message, or if it cannot be read.
    boolean on(long uid, Work work) throws IOException {
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

    /// The end of the command: OK if every message could be read.
    Tagged end(String done) {
        return someUnreadable ? Tagged.no(ResponseCode.SERVERBUG, Login.INTERNAL) : Tagged.ok(done);
    }
}
