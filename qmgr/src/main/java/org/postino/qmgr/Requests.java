// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.linux.PeerUser;
import org.postino.queue.QmgrClient;
import org.postino.queue.QueueId;
import org.postino.queue.QueueListing;
import org.postino.server.RequestServer;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.slf4j.Logger;

/// Serves `public/qmgr`: answers requests, and decides whether the peer may make them.
final class Requests implements RequestServer.Service {
    private final QueueManager manager;
    private final QueueListing listing;
    private final MatchList mailqUsers;
    private final MatchList flushUsers;
    private final String smtpd;
    private final Logger log;

    /// The service of these users.
    ///
    /// @param mailqUsers `authorized_mailq_users`
    /// @param flushUsers `authorized_flush_users`
    /// @param smtpd the account of smtpd, which may have the mail of a domain sent for a client (ETRN)
    Requests(
            QueueManager manager,
            QueueListing listing,
            MatchList mailqUsers,
            MatchList flushUsers,
            String smtpd,
            Logger log) {
        this.manager = manager;
        this.listing = listing;
        this.mailqUsers = mailqUsers;
        this.flushUsers = flushUsers;
        this.smtpd = smtpd;
        this.log = log;
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        serve(c, c.peer());
    }

    /// Serves a peer as the kernel names it.
    void serve(IpcConnection c, Optional<PeerUser> peer) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            switch (m.request()) {
                case QmgrClient.INCOMING -> incoming(peer, id(m));
                case QmgrClient.LIST -> list(c, peer);
                case QmgrClient.FLUSH_ALL, QmgrClient.FLUSH_ID, QmgrClient.FLUSH_SITE ->
                        c.send(flush(peer, m));
                default -> throw new ProtocolException("unknown request " + m.request());
            }
        }
    }

    /// Takes in cleanup's news, which gets no answer; anybody else who sends it is disconnected.
    private void incoming(Optional<PeerUser> peer, QueueId id) throws ProtocolException {
        if (peer.isEmpty() || !peer.get().isPrivileged()) {
            log.warn("user {} is not allowed to announce mail", name(peer));
            throw new ProtocolException("news from a stranger");
        }
        manager.incoming(id);
    }

    private void list(IpcConnection c, Optional<PeerUser> peer) throws IOException {
        if (!allowed(peer, mailqUsers, log)) {
            c.send(refusal(peer, "view the mail queue"));
            return;
        }
        for (QueueId id : listing.ids()) {
            var entry = listing.entry(id);
            if (entry.isPresent()) {
                c.send(QmgrClient.message(entry.get()));
            }
        }
        c.send(Message.of(QmgrClient.OK).build());
    }

    private Message flush(Optional<PeerUser> peer, Message m) throws ProtocolException {
        boolean forClient =
                m.request().equals(QmgrClient.FLUSH_SITE)
                        && peer.isPresent()
                        && peer.get().name().equals(smtpd);
        if (!forClient && !allowed(peer, flushUsers, log)) {
            return refusal(peer, "flush the mail queue");
        }
        var ok = Message.of(QmgrClient.OK);
        switch (m.request()) {
            case QmgrClient.FLUSH_ID -> ok.with("count", manager.flush(List.of(id(m))));
            case QmgrClient.FLUSH_SITE -> ok.with("count", manager.flushSite(m.text("site")));
            default -> manager.flushAll();
        }
        return ok.build();
    }

    private static QueueId id(Message m) throws ProtocolException {
        return QueueId.parse(m.text("queue_id"))
                .orElseThrow(() -> new ProtocolException("malformed queue id"));
    }

    /// True if the peer may ask: the superuser and the owner of the queue always, others if they are on the list, and nobody whom the kernel does not name.
    static boolean allowed(Optional<PeerUser> peer, MatchList users, Logger log) {
        try {
            return peer.isPresent()
                    && (peer.get().isPrivileged() || users.matches(peer.get().name()));
        } catch (TableException e) {
            log.warn("list of authorized users: {}", e.getMessage());
            return false;
        }
    }

    private static String name(Optional<PeerUser> peer) {
        return peer.map(p -> p.name() + "(" + p.uid() + ")").orElse("unknown");
    }

    private Message refusal(Optional<PeerUser> peer, String what) {
        String user = name(peer);
        log.warn("user {} is not allowed to {}", user, what);
        return Message.of(QmgrClient.REFUSED)
                .with("reason", "User " + user + " is not allowed to " + what)
                .build();
    }
}
