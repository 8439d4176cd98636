// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postino.imap.Attempts;
import org.postino.imap.Progress;
import org.postino.imap.Search;
import org.postino.login.Login;
import org.postino.mailstore.Mailbox;

/// The part that commands have in common which go through all messages of mailboxes: searches, sorts, threads.
final class LongCommand {
    private LongCommand() {}

    /// A search in the selected mailbox.
    static Search search(ImapSession session) {
        var selected = session.selected();
        return search(session, selected.mailbox(), selected.saved());
    }

    /// A search in another mailbox.
    static Search search(ImapSession session, Mailbox mailbox) {
        return search(session, mailbox, new long[0]);
    }

    private static Search search(ImapSession session, Mailbox mailbox, long[] saved) {
        var user = String.valueOf(session.user());
        return new Search(
                mailbox,
                session.clock().instant(),
                saved,
                (one, key) -> session.settings().fullText().candidates(user, one, key));
    }

    /// Attempts on messages of the selected mailbox; reports to the log, and to the client if it takes long.
    ///
    /// @param command its name there
    static Attempts attempts(ImapSession session, String command) {
        return attempts(session, command, session.selected().mailbox().size());
    }

    /// Attempts of a command that goes through several mailboxes.
    static Attempts attemptsInSeveral(ImapSession session, String command) {
        return attempts(session, command, -1);
    }

    private static Attempts attempts(ImapSession session, String command, long goal) {
        return new Attempts(
                faults(session, command),
                new Progress(done -> tell(session, done, goal), System::nanoTime));
    }

    /// Attempts for which no command of the client waits; reports to the log alone.
    static Attempts unasked(ImapSession session, String work) {
        return new Attempts(faults(session, work));
    }

    private static Attempts.Faults faults(ImapSession session, String work) {
        return (uid, fault) -> session.log().fault(session.user(), work + " of UID " + uid, fault);
    }

    private static void tell(ImapSession session, long done, long goal) throws IOException {
        session.send(
                new Untagged.Ok(
                        ResponseCode.inProgress(session.tag(), done, goal), "Still at work."));
        session.out().flush();
    }

    /// The end of the command: OK if every message could be read.
    static Tagged end(Attempts attempts, String done) {
        return attempts.allRead()
                ? Tagged.ok(done)
                : Tagged.no(ResponseCode.SERVERBUG, Login.INTERNAL);
    }

    /// The answer to a charset that nobody knows, with those a client may name.
    static Tagged unknownCharset() {
        return Tagged.no(
                ResponseCode.badCharset(
                        List.of(StandardCharsets.US_ASCII.name(), StandardCharsets.UTF_8.name())),
                "Unknown charset.");
    }
}
