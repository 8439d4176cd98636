// SPDX-License-Identifier: Apache-2.0

package org.postino.fts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;

/// Asks indexer(8) which messages may contain a text, and tells it to index. A connection for each question. Safe for use by several
/// threads.
///
/// Messages, each with user and mailbox: `search` (validity, last, wait in milliseconds), followed by a record `Q` with the [TextQuery], answered by a record
/// `C` with the [Candidates]; `index` (wait), answered by `indexed` (messages) when it is done, by `later`, or by `failed` (reason); `news`, not answered.
///
/// @param socket `$queue_directory/private/indexer`
/// @param timeout for an answer, beside the time that indexer is asked to wait
public record IndexerClient(Path socket, Duration timeout) {
    public static final String SEARCH = "search";
    public static final String INDEX = "index";
    public static final String NEWS = "news";
    public static final String INDEXED = "indexed";
    public static final String LATER = "later";
    public static final String FAILED = "failed";

    /// The type of the record with the condition.
    public static final int QUERY = 'Q';

    /// The type of the record with the answer.
    public static final int CANDIDATES = 'C';

    /// Asks for candidates. If there are messages behind the index, they are indexed.
    ///
    /// @param validity UIDVALIDITY of the mailbox
    /// @param last the highest UID that the asker knows in it; 0 to use only what is indexed already
    /// @param wait the longest time to wait until the index has come to `last`
    /// @return [Candidates#NONE] if there is no index yet, or if the mailbox cannot be opened
    /// @throws IOException indexer cannot be asked
    public Candidates search(
            String user, String mailbox, long validity, long last, Duration wait, TextQuery query)
            throws IOException {
        try (var c = IpcConnection.connect(socket, timeout.plus(wait))) {
            c.send(
                    Message.of(SEARCH)
                            .with("user", user)
                            .with("mailbox", mailbox)
                            .with("validity", validity)
                            .with("last", last)
                            .with("wait", wait.toMillis())
                            .build());
            c.sendRecord(QUERY, query.toBytes());
            c.flush();
            var answer = c.receiveRecord();
            if (answer.type() != CANDIDATES) {
                throw new ProtocolException("indexer answers with " + answer);
            }
            return Candidates.parse(answer.data());
        }
    }

    /// Has a mailbox indexed up to now.
    ///
    /// @param wait the longest time to wait for that; it goes on behind it
    /// @return the number of messages in the index; -1 if it took longer
    /// @throws IOException indexer cannot be asked, or cannot index the mailbox
    public long index(String user, String mailbox, Duration wait) throws IOException {
        try (var c = IpcConnection.connect(socket, timeout.plus(wait))) {
            var reply =
                    c.request(
                            Message.of(INDEX)
                                    .with("user", user)
                                    .with("mailbox", mailbox)
                                    .with("wait", wait.toMillis())
                                    .build());
            return switch (reply.request()) {
                case INDEXED -> reply.number("messages");
                case LATER -> -1;
                default -> throw new IOException(reply.text("reason"));
            };
        }
    }

    /// Says that a mailbox has got new mail, and waits for nothing.
    ///
    /// @throws IOException indexer has not heard it
    public void news(String user, String mailbox) throws IOException {
        try (var c = IpcConnection.connect(socket, timeout)) {
            c.send(Message.of(NEWS).with("user", user).with("mailbox", mailbox).build());
        }
    }
}
