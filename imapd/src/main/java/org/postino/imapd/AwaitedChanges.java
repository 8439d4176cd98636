// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.imap.FetchItem;
import org.postino.imap.PeerException;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Watch;

/// The changes of which the client wants to hear (RFC 5465), and telling them, in a command or while it is waited for. Without a NOTIFY they
/// are those of the selected mailbox, told within commands.
final class AwaitedChanges {
    private final ImapSession session;
    private NotifyQuery query = NotifyQuery.NOTHING;
    private boolean set;
    private @Nullable WatchedMailboxes mailboxes;
    private @Nullable WatchedNames names;
    private @Nullable Selected watched;
    private Watch watch = () -> {};
    private volatile @Nullable ClientWait waiting;

    AwaitedChanges(ImapSession session) {
        this.session = session;
    }

    /// True if the client has said what it wants to hear, at any time.
    boolean areSet() {
        return set;
    }

    /// Tells from now on what the client wants to hear; false, and nothing is told of other mailboxes, if that is too much.
    boolean set(NotifyQuery wanted) throws IOException {
        close();
        set = true;
        query = wanted;
        if (wanted.groups().isEmpty()) {
            return true;
        }
        if (wanted.status() && wanted.wants(NotifyQuery.Event.FLAG_CHANGE)) {
            ModSeqs.used(session);
        }
        names = new WatchedNames(session, wanted, this::wake);
        mailboxes = new WatchedMailboxes(session, wanted.groups(), this::wake);
        if (!mailboxes.choose(wanted.status())) {
            close();
            set = true;
            return false;
        }
        return true;
    }

    /// Forgets what the client has wanted to hear.
    void close() {
        set = false;
        query = NotifyQuery.NOTHING;
        endWatch();
        if (mailboxes != null) {
            mailboxes.close();
            mailboxes = null;
        }
        if (names != null) {
            names.close();
            names = null;
        }
    }

    private void endWatch() {
        watch.close();
        watch = () -> {};
        watched = null;
    }

    private void wake() {
        var there = waiting;
        if (there != null) {
            there.changed();
        }
    }

    /// Wakes who waits for the client, until that is closed.
    Watch listen(ClientWait wait) {
        waiting = wait;
        return () -> waiting = null;
    }

    /// The client does this itself, and need not hear of it.
    void own(Collection<String> changed) {
        if (names != null) {
            names.own(changed);
        }
    }

    /// Takes it that all may have changed, for where the kernel does not tell.
    void lookAtAll() {
        if (mailboxes != null) {
            mailboxes.lookAtAll();
        }
        if (names != null) {
            names.lookAtAll();
        }
    }

    /// True if the client hears of flags that others change.
    boolean tellsFlags() {
        var selected = query.selected();
        return !set || (selected != null && selected.flags());
    }

    /// The items that the client wants of new messages.
    List<FetchItem> items() {
        var selected = query.selected();
        return selected == null ? List.of() : selected.items();
    }

    /// Tells of the selected mailbox what may be told.
    ///
    /// @param renumber EXPUNGE may be told
    /// @param asked whatever the client wants to hear
    void tellSelected(boolean renumber, boolean asked) throws IOException {
        var wanted = query.selected();
        if (!set || asked) {
            session.selected().sync(renumber);
        } else if (wanted != null) {
            session.selected().sync(renumber || !wanted.delayed());
        }
    }

    /// Waits for the client's next line, and tells it meanwhile what happens.
    boolean nextLine() throws IOException {
        var wait = new ClientWait(session);
        try (Watch _ = listen(wait)) {
            watchSelected();
            tell(wait, false);
            session.compression().flushAndRest();
            session.readTimeout().apart(true);
            wait.begin();
            var event = wait.next(pause());
            while (event != ClientWait.Event.LINE) {
                if (event == ClientWait.Event.PAUSE) {
                    lookAtAll();
                }
                tell(wait, false);
                session.compression().flushAndRest();
                event = wait.next(pause());
            }
            return wait.hasLine();
        } finally {
            session.readTimeout().apart(false);
        }
    }

    private long pause() {
        return session.settings().idleNotify().toMillis();
    }

    private void watchSelected() throws IOException {
        var now = session.state() == ImapCommand.State.SELECTED ? session.selected() : null;
        if (now != watched) {
            endWatch();
            if (now != null && query.selected() != null) {
                watch = now.mailbox().watch(this::wake);
            }
            watched = now;
        }
    }

    /// Tells what others have done. Nothing that the store throws may end this while another thread reads.
    ///
    /// @param idle the client is in IDLE: numbers may change
    void tell(ClientWait wait, boolean idle) throws IOException {
        try {
            if (session.state() == ImapCommand.State.SELECTED) {
                tellSelected(idle, false);
            }
            tellOthers();
        } catch (PeerException e) {
            throw e;
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.MAILBOX_GONE) {
                throw wait.leave();
            }
        } catch (IOException e) {
            // it will be told at the next event
            session.log().fault(session.user(), idle ? "idle" : "notify", e);
        }
    }

    private void tellOthers() throws IOException {
        if (names == null || mailboxes == null) {
            return;
        }
        if (names.tell() && !mailboxes.choose(false)) {
            session.send(new Untagged.Ok(ResponseCode.NOTIFICATIONOVERFLOW, "Too many mailboxes."));
            set(NotifyQuery.NOTHING);
            return;
        }
        mailboxes.tell();
    }
}
