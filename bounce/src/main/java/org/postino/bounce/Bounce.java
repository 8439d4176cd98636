// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import java.io.IOException;
import org.postino.config.Config;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.queue.CleanupClient;
import org.postino.queue.QueueId;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.Spool;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.Programs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// bounce(8), notifications to senders. Manual page: `bounce.8`.
///
/// On the socket: message `notify` (kind, queue_id); reply `ok` when the notification is safe, or `failed` (reason).
final class Bounce implements RequestServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("bounce");

    private final Notifications notifications;

    Bounce(Notifications notifications) {
        this.notifications = notifications;
    }

    static RequestServer.Service start(Daemon daemon) {
        Config config = daemon.config();
        var cleanup = CleanupClient.of(config, daemon.queueDirectory(), ReceiveOverride.INTERNAL);
        return new Bounce(
                new Notifications(
                        BounceSettings.of(config),
                        new Spool(config),
                        cleanup::open,
                        daemon.clock(),
                        LOG));
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            if (!m.request().equals("notify")) {
                throw new ProtocolException("unknown request " + m.request());
            }
            c.send(answer(kind(m.text("kind")), m));
        }
    }

    private Message answer(Kind kind, Message m) throws ProtocolException {
        QueueId id =
                QueueId.parse(m.text("queue_id"))
                        .orElseThrow(() -> new ProtocolException("malformed queue id"));
        try {
            notifications.tell(kind, id);
            return Message.of("ok").build();
        } catch (IOException e) {
            LOG.warn("{}: cannot make the {}: {}", id, kind.name, e.getMessage());
            return Message.of("failed").with("reason", String.valueOf(e.getMessage())).build();
        }
    }

    private static Kind kind(String text) throws ProtocolException {
        return switch (text) {
            case "failure" -> Kind.FAILURE;
            case "delay" -> Kind.DELAY;
            case "success" -> Kind.SUCCESS;
            case "report" -> Kind.REPORT;
            default -> throw new ProtocolException("no notification of " + text);
        };
    }

    static void main(String[] args) {
        var options = Programs.options("bounce");
        System.exit(RequestServer.run(args, options, Bounce::start));
    }
}
