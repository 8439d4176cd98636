// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.PeerException;
import org.postino.mailstore.Watch;

/// IDLE (RFC 2177): the client hears of changes as they happen, until it says DONE.
final class IdleCommand {
    private final ImapSession session;
    private final ClientWait wait;

    private IdleCommand(ImapSession session) {
        this.session = session;
        this.wait = new ClientWait(session);
    }

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        return new IdleCommand(session).idle();
    }

    private Tagged idle() throws IOException {
        boolean selected = session.state() == ImapCommand.State.SELECTED;
        try (Watch _ = selected ? session.selected().mailbox().watch(wait::changed) : () -> {};
                Watch _ = session.awaited().listen(wait)) {
            session.responses().continuation("idling");
            session.readTimeout().idling(true);
            wait.begin();
            // what happened before the watch began
            session.awaited().tell(wait, true);
            session.compression().flushAndRest();
            converse();
        } finally {
            session.readTimeout().idling(false);
        }
        return ended();
    }

    private void converse() throws IOException {
        long pause = session.settings().idleNotify().toMillis();
        while (true) {
            var event = wait.next(pause);
            if (event == ClientWait.Event.LINE) {
                return;
            }
            if (event == ClientWait.Event.PAUSE) {
                session.send(new Untagged.Ok(null, "Still here"));
                session.awaited().lookAtAll();
            }
            session.awaited().tell(wait, true);
            session.compression().flushAndRest();
        }
    }

    private Tagged ended() throws IOException {
        boolean said;
        try {
            said = wait.hasLine();
        } catch (IOException e) {
            throw new PeerException(e);
        }
        if (!said) {
            throw new PeerException("connection closed in IDLE");
        }
        var framing = session.framing();
        var line = new String(framing.line(), 0, framing.length(), StandardCharsets.ISO_8859_1);
        return line.equalsIgnoreCase("DONE")
                ? Tagged.ok("Idle completed.")
                : Tagged.bad("Expected DONE.");
    }
}
