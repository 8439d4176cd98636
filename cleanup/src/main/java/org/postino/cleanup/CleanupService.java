// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.FieldReader;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.IpcRecord;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.log.Trace;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.CleanupResult.Queued;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueName;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.Recipient;
import org.postino.table.TableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The protocol of `public/cleanup` (see [CleanupClient]): messages one after the other on each connection.
final class CleanupService {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");

    private final CleanupContext shared;
    private final File directory;

    CleanupService(CleanupContext shared) {
        this.shared = shared;
        this.directory = shared.spool().directory(QueueName.INCOMING).toFile();
    }

    /// Serves a connection until the peer closes it.
    void serve(IpcConnection c) throws IOException {
        byte[] buffer = null;
        for (Message m = c.receive(); m != null; m = c.receive()) {
            if (!m.request().equals("submit")) {
                throw new ProtocolException("unknown request " + m.request());
            }
            Message request = m;
            byte[] own = buffer == null ? new byte[QueueFileWriter.BUFFER] : buffer;
            buffer = own;
            Trace.run(m.text("trace"), () -> submission(c, request, own));
        }
    }

    private void submission(IpcConnection c, Message request, byte[] buffer) throws IOException {
        Envelope envelope = envelope(request);
        Refused no = spaceProblem();
        if (no != null) {
            c.send(reply(no));
            return;
        }
        try (var intake = new Intake(shared, envelope, without(request, envelope), buffer)) {
            c.send(Message.of("accepted").with("queue_id", intake.id().text()).build());
            if (receive(c, intake)) {
                c.send(reply(intake.finish()));
            }
        } catch (TableException e) {
            c.send(reply(Refusals.lookup(String.valueOf(e.getMessage()))));
        } catch (NoFileException e) {
            LOG.warn("cannot make a queue file: {}", e.getMessage());
            c.send(reply(Refusals.write(e)));
        }
    }

    /// Takes recipients, attributes, content and edits; false if the message is to be thrown away.
    private static boolean receive(IpcConnection c, Intake intake) throws IOException {
        while (true) {
            IpcRecord r = c.receiveRecord();
            switch (r.type()) {
                case CleanupClient.RECIPIENT -> intake.recipient(Recipient.parse(r.data(), 0));
                case CleanupClient.NAMED -> {
                    var data = new FieldReader(r.data());
                    intake.attribute(data.text(), data.text());
                }
                case CleanupClient.CONTENT -> intake.content(r.data(), 0, r.data().length);
                case CleanupClient.EDIT -> intake.edit(MessageEdit.parse(r.data()));
                case CleanupClient.VIEW -> view(c, intake, r);
                case CleanupClient.END -> {
                    return true;
                }
                case CleanupClient.DISCARD -> {
                    return false;
                }
                default -> throw new ProtocolException("unexpected " + r);
            }
        }
    }

    /// Shows the next piece of the message.
    private static void view(IpcConnection c, Intake intake, IpcRecord request) throws IOException {
        byte[] data = request.data();
        if (data.length != 1) {
            throw new ProtocolException("unexpected " + request);
        }
        byte[] piece = intake.view(data[0] == CleanupClient.FROM_START);
        if (piece == null) {
            c.sendRecord(CleanupClient.DISCARD, new byte[0]);
        } else {
            boolean more = piece.length == CleanupClient.VIEW_PIECE;
            c.sendRecord(more ? CleanupClient.CONTENT : CleanupClient.LAST_CONTENT, piece);
        }
        c.flush();
    }

    private static Envelope envelope(Message m) throws ProtocolException {
        var attributes = new LinkedHashMap<String, String>();
        for (String name : m.names()) {
            if (name.startsWith(CleanupClient.ATTRIBUTE)) {
                attributes.put(name.substring(CleanupClient.ATTRIBUTE.length()), m.text(name));
            }
        }
        return new Envelope(
                m.text("sender"),
                Instant.ofEpochMilli(m.number("arrival")),
                m.text("trace"),
                attributes);
    }

    /// The parts of our work that are left out. Mail that the suite itself makes is looked at if main.cf says so.
    private Set<ReceiveOverride> without(Message m, Envelope envelope) {
        var parts = ReceiveOverride.of(m.all(CleanupClient.WITHOUT));
        if (shared.settings().inspectedClasses().contains(envelope.attribute(Envelope.SOURCE))) {
            parts.removeAll(ReceiveOverride.INTERNAL);
        }
        return parts;
    }

    private static Message reply(CleanupResult result) {
        return switch (result) {
            case Queued(var id, long size) ->
                    Message.of("queued").with("queue_id", id.text()).with("size", size).build();
            case Refused(var reply, String reason) -> {
                var message =
                        Message.of("refused")
                                .with("code", reply.code())
                                .with(
                                        "status",
                                        reply.status() == null ? "" : reply.status().toString())
                                .with("reason", reason);
                reply.lines().forEach(line -> message.with("text", line));
                yield message.build();
            }
        };
    }

    private @Nullable Refused spaceProblem() {
        long least = shared.settings().minimumFree();
        if (least <= 0 || directory.getUsableSpace() >= least) {
            return null;
        }
        LOG.warn("not enough free space in the queue: {} bytes", directory.getUsableSpace());
        return Refusals.noSpace("less than queue_minfree");
    }

    /// The error that no file could be made in `incoming`.
    static final class NoFileException extends IOException {
        NoFileException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
