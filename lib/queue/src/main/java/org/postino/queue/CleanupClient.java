// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.ipc.FieldWriter;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;

/// Brings messages to cleanup over connections that are kept and used again. Safe for use by several threads.
///
/// On the socket: message `submit` (sender, arrival, trace, one attribute `attr.NAME` for each of the envelope's, `without` for each
/// [ReceiveOverride]); reply `accepted`
/// (queue_id) or `refused`. Then `C` records with the content in any pieces, `T` records with edits, `R` and `A` records in front or behind, and `E`;
/// a `V` record behind the content asks to see it as it is now. Reply `queued` (size) or `refused` (code, status, text, reason). An `X` record instead of `E` discards the message and has no reply.
public final class CleanupClient implements AutoCloseable {
    /// The type of a record with a piece of content.
    public static final int CONTENT = 'C';

    /// The type of a record with a recipient, its data as [Recipient#toBytes()].
    public static final int RECIPIENT = 'R';

    /// The type of a record with an attribute of the envelope: its name and its value.
    public static final int NAMED = 'A';

    /// The type of a record with a change to the content, its data as [MessageEdit#toBytes()]. No content may follow.
    public static final int EDIT = 'T';

    /// The type of a record that asks for the message: one byte, [#FROM_START] or [#NEXT]. It is answered by a record [#CONTENT], or [#LAST_CONTENT] if
    /// no more comes, or [#DISCARD] if there will be no message.
    public static final int VIEW = 'V';

    public static final int FROM_START = 'S';
    public static final int NEXT = 'N';

    /// The type of a record with the last piece of a message that was asked for.
    public static final int LAST_CONTENT = 'L';

    /// The most bytes of a message in one answer to [#VIEW].
    public static final int VIEW_PIECE = 64 * 1024;

    public static final int END = 'E';
    public static final int DISCARD = 'X';

    /// The prefix of an attribute of the envelope in `submit`.
    public static final String ATTRIBUTE = "attr.";

    /// The name of an attribute of `submit` with the word of a [ReceiveOverride].
    public static final String WITHOUT = "without";

    private static final int MAX_IDLE = 32;
    private static final int PIECE = 16 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final Path socket;
    private final Duration timeout;
    private final Set<ReceiveOverride> without;
    private final ConcurrentLinkedDeque<Kept> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /// A client of the cleanup that main.cf names, which leaves a part of its work out on all messages of this client.
    ///
    /// @param queueDirectory where `public` stands
    public static CleanupClient of(
            Config config, Path queueDirectory, Set<ReceiveOverride> without) {
        return new CleanupClient(
                queueDirectory
                        .resolve("public")
                        .resolve(config.get(MainParams.CLEANUP_SERVICE_NAME)),
                config.get(MainParams.IPC_TIMEOUT),
                without);
    }

    /// A client of the socket `public/cleanup`; a reply that takes longer than `timeout` is an error.
    public CleanupClient(Path socket, Duration timeout) {
        this(socket, timeout, Set.of());
    }

    /// As above; cleanup leaves a part of its work out on all messages of this client.
    public CleanupClient(Path socket, Duration timeout, Set<ReceiveOverride> without) {
        this.socket = socket;
        this.timeout = timeout;
        this.without = Set.copyOf(without);
    }

    /// Begins a message; it has a queue id when this returns.
    ///
    /// @throws RefusedException cleanup cannot take a message now: no space, for one
    /// @throws IOException cleanup is not there
    public Submission open(Envelope e) throws IOException {
        return open(e, without);
    }

    /// As above; cleanup leaves these parts of its work out, and does those that it leaves out on other messages of this client.
    public Submission open(Envelope e, Set<ReceiveOverride> parts) throws IOException {
        Message request = request(e, parts);
        for (Kept kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            try {
                return begin(kept, request);
            } catch (RefusedException refused) {
                idle.addFirst(kept);
                throw refused;
            } catch (IOException gone) {
                closeQuietly(kept); // cleanup was restarted meanwhile: try the next one
            }
        }
        var fresh = new Kept(IpcConnection.connect(socket, timeout), new byte[PIECE]);
        try {
            return begin(fresh, request);
        } catch (IOException failed) {
            closeQuietly(fresh);
            throw failed;
        }
    }

    /// Closes the idle connections; those in use are closed when their message ends.
    @Override
    public void close() {
        closed = true;
        for (Kept kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            closeQuietly(kept);
        }
    }

    /// The request that begins a message.
    static Message request(Envelope e, Set<ReceiveOverride> without) {
        var request =
                Message.of("submit")
                        .with("sender", e.sender())
                        .with("arrival", e.arrival().toEpochMilli())
                        .with("trace", e.trace());
        e.attributes().forEach((name, value) -> request.with(ATTRIBUTE + name, value));
        without.forEach(option -> request.with(WITHOUT, option.word()));
        return request.build();
    }

    private Submission begin(Kept kept, Message request) throws IOException {
        Message reply = kept.connection.request(request);
        if (reply.request().equals("refused")) {
            throw new RefusedException(refused(reply));
        }
        var id =
                QueueId.parse(reply.text("queue_id"))
                        .orElseThrow(() -> new ProtocolException("malformed queue id"));
        return new Open(kept, id);
    }

    private void release(Kept connection) {
        if (closed || idle.size() >= MAX_IDLE) {
            closeQuietly(connection);
        } else {
            idle.addFirst(connection);
        }
    }

    private static void closeQuietly(Kept kept) {
        try {
            kept.connection.close();
        } catch (IOException e) {
            // nothing of ours was under way on it
        }
    }

    private static CleanupResult.Refused refused(Message reply) throws ProtocolException {
        List<String> lines = new ArrayList<>(reply.all("text"));
        return new CleanupResult.Refused(
                new Reply(
                        (int) reply.number("code"),
                        EnhancedStatus.parse(reply.text("status")).orElse(null),
                        lines),
                reply.text("reason"));
    }

    /// A connection and the buffer for content on it, which outlive a message.
    private static final class Kept {
        private final IpcConnection connection;
        private final byte[] piece;

        Kept(IpcConnection connection, byte[] piece) {
            this.connection = connection;
            this.piece = piece;
        }
    }

    private final class Open extends OutputStream implements Submission {
        private @Nullable Kept kept;
        private final QueueId id;
        private final byte[] piece;
        private int used;
        private boolean contentBegun;
        private boolean contentEnded;

        Open(Kept kept, QueueId id) {
            this.kept = kept;
            this.id = id;
            this.piece = kept.piece;
        }

        @Override
        public QueueId queueId() {
            return id;
        }

        @Override
        public void recipient(String address, String original, String notify, String orcpt)
                throws IOException {
            behindContent();
            byte[] data = Recipient.of(address, original, notify, orcpt).toBytes();
            connection().sendRecord(RECIPIENT, data);
        }

        @Override
        public void attribute(String name, String value) throws IOException {
            behindContent();
            connection().sendRecord(NAMED, new FieldWriter().text(name).text(value).toBytes());
        }

        @Override
        public OutputStream content() {
            return this;
        }

        @Override
        public void edit(MessageEdit edit) throws IOException {
            behindContent();
            connection().sendRecord(EDIT, edit.toBytes());
        }

        @Override
        public @Nullable InputStream message() throws IOException {
            behindContent();
            var view = new ViewedMessage(connection());
            return view.begin() ? view : null;
        }

        @Override
        public void write(int b) throws IOException {
            inUse();
            if (used == PIECE) {
                sendPiece();
            }
            piece[used++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            inUse(); // the buffer is another message's when this one has ended
            int at = offset;
            int rest = length;
            while (rest > 0) {
                if (used == PIECE) {
                    sendPiece();
                }
                int n = Math.min(rest, PIECE - used);
                System.arraycopy(bytes, at, piece, used, n);
                used += n;
                at += n;
                rest -= n;
            }
        }

        @Override
        public CleanupResult finish() throws IOException {
            sendPiece();
            Kept ended = inUse();
            IpcConnection c = ended.connection;
            kept = null; // whatever happens now, no other message may follow this one unawares
            try {
                c.sendRecord(END, NOTHING);
                c.flush();
                Message reply = c.receive();
                if (reply == null) {
                    throw new EOFException("cleanup closed the connection");
                }
                var result =
                        reply.request().equals("queued")
                                ? new CleanupResult.Queued(id, reply.number("size"))
                                : refused(reply);
                release(ended);
                return result;
            } catch (IOException e) {
                closeQuietly(ended);
                throw e;
            }
        }

        @Override
        public void close() {
            Kept discarded = kept;
            if (discarded != null) {
                kept = null;
                discard(discarded);
            }
        }

        private void discard(Kept discarded) {
            try {
                discarded.connection.sendRecord(DISCARD, NOTHING);
                discarded.connection.flush();
                release(discarded);
            } catch (IOException e) {
                closeQuietly(discarded); // cleanup is gone, and the message with it
            }
        }

        private void sendPiece() throws IOException {
            if (used > 0) {
                if (contentEnded) {
                    throw new IOException("content after its end");
                }
                connection().sendRecord(CONTENT, piece, 0, used);
                contentBegun = true;
                used = 0;
            }
        }

        /// Ends the content, if there was some: something else comes now.
        private void behindContent() throws IOException {
            sendPiece();
            contentEnded = contentBegun;
        }

        private IpcConnection connection() throws IOException {
            return inUse().connection;
        }

        private Kept inUse() throws IOException {
            Kept k = kept;
            if (k == null) {
                throw new IOException("the message has ended");
            }
            return k;
        }
    }

    /// The error of a submission that was refused before it began; it carries the result.
    public static final class RefusedException extends IOException {
        private final transient CleanupResult.Refused result;

        RefusedException(CleanupResult.Refused result) {
            super(result.reason());
            this.result = result;
        }

        public CleanupResult.Refused result() {
            return result;
        }
    }
}
