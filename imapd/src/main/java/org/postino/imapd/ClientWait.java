// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postino.imap.PeerException;

/// Waits for the client's next line while the session tells it what others do: a second virtual thread reads that one line, and writes
/// nothing; the session's thread waits for events, and reads nothing.
final class ClientWait {
    /// An end of waiting.
    enum Event {
        /// Something may have changed.
        CHANGED,
        /// The client has sent a line, or left.
        LINE,
        /// Nothing has happened for so long.
        PAUSE
    }

    private final ImapSession session;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean changePending = new AtomicBoolean();
    private boolean hasLine;
    private @Nullable IOException fault;

    ClientWait(ImapSession session) {
        this.session = session;
    }

    /// Wakes the session, from any thread.
    void changed() {
        if (changePending.compareAndSet(false, true)) {
            events.add(Event.CHANGED);
        }
    }

    /// Begins to read. What was written is sent before.
    void begin() {
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try {
            hasLine = session.framing().nextCommand();
        } catch (IOException e) {
            fault = e;
        } finally {
            events.add(Event.LINE);
        }
    }

    /// The next event.
    ///
    /// @param pause so many milliseconds without one are an event, too; 0 for never
    Event next(long pause) throws PeerException {
        try {
            var event = events.poll(pause == 0 ? Long.MAX_VALUE : pause, TimeUnit.MILLISECONDS);
            if (event == Event.CHANGED) {
                changePending.set(false);
            }
            return event == null ? Event.PAUSE : event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted");
        }
    }

    /// After [Event#LINE]: false if the client has closed the connection.
    boolean hasLine() throws IOException {
        if (fault != null) {
            throw fault;
        }
        return hasLine;
    }

    /// Ends the session, whose mailbox is gone, as soon as the client has heard it: there is nothing more to tell, and nobody may stop the
    /// other thread, which still reads.
    PeerException leave() throws IOException {
        session.send(new Untagged.Bye("IMAP session state is inconsistent, please relogin."));
        session.out().flush();
        Event event;
        do {
            event = next(session.settings().timeout().toMillis());
        } while (event == Event.CHANGED);
        return new PeerException("Mailbox is gone");
    }
}
