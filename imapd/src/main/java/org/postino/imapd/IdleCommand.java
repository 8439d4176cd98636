// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.PeerException;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Watch;

/// IDLE (RFC 2177): the client hears of changes as they happen, until it says DONE.
///
/// The session's thread waits for events and writes; a second virtual thread reads the one line that ends it.
final class IdleCommand {
    private enum Event {
        CHANGED,
        LINE
    }

    private final ImapSession session;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean changePending = new AtomicBoolean();
    private final AtomicReference<@Nullable String> line = new AtomicReference<>();

    private IdleCommand(ImapSession session) {
        this.session = session;
    }

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.end();
        return new IdleCommand(session).idle();
    }

    private Tagged idle() throws IOException {
        boolean selected = session.state() == ImapCommand.State.SELECTED;
        try (Watch _ = selected ? session.selected().mailbox().watch(this::changed) : () -> {}) {
            session.responses().continuation("idling");
            session.readTimeout().idling(true);
            Thread.ofVirtual().start(this::read);
            if (selected) {
                // what happened before the watch began
                tellChanges();
            }
            session.compression().flushAndRest();
            converse(selected);
        } finally {
            session.readTimeout().idling(false);
        }
        var said = line.get();
        if (said == null) {
            throw new PeerException("connection closed in IDLE");
        }
        return said.equalsIgnoreCase("DONE")
                ? Tagged.ok("Idle completed.")
                : Tagged.bad("Expected DONE.");
    }

    private void changed() {
        if (changePending.compareAndSet(false, true)) {
            events.add(Event.CHANGED);
        }
    }

    private void read() {
        try {
            var framing = session.framing();
            if (framing.nextCommand()) {
                line.set(
                        new String(
                                framing.line(), 0, framing.length(), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // no line: the client is gone
            line.set(null);
        } finally {
            events.add(Event.LINE);
        }
    }

    private void converse(boolean selected) throws IOException {
        long pause = session.settings().idleNotify().toMillis();
        while (true) {
            Event event = await(pause == 0 ? Long.MAX_VALUE : pause);
            if (event == Event.LINE) {
                return;
            }
            changePending.set(false);
            if (event == null) {
                session.send(new Untagged.Ok(null, "Still here"));
            }
            if (selected) {
                tellChanges();
            }
            session.compression().flushAndRest();
        }
    }

    /// The next event; null if there was none for so many milliseconds.
    private @Nullable Event await(long pause) throws PeerException {
        try {
            return events.poll(pause, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted");
        }
    }

    /// Tells what others did. Nothing that the store throws may end the command here: the other thread still reads, and two must
    /// not.
    private void tellChanges() throws IOException {
        try {
            session.selected().sync(true);
        } catch (PeerException e) {
            throw e;
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.MAILBOX_GONE) {
                leave();
            }
        } catch (IOException e) {
            // it will be told at the next event
            session.log().fault(session.user(), "idle", e);
        }
    }

    /// There is nothing more to tell: the session is over as soon as the client has heard it.
    private void leave() throws IOException {
        session.send(new Untagged.Bye("IMAP session state is inconsistent, please relogin."));
        session.out().flush();
        Event event;
        do {
            event = await(session.settings().timeout().toMillis());
        } while (event == Event.CHANGED);
        throw new PeerException("Mailbox is gone");
    }
}
