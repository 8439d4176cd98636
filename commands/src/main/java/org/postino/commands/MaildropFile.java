// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.CrLfStream;
import org.postino.queue.Envelope;
import org.postino.queue.EnvelopeLimits;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;

/// A message that is being dropped into `maildrop`. Unless it is committed, it is deleted again.
final class MaildropFile implements Closeable {
    /// The message is larger than `message_size_limit`.
    static final class TooBigException extends IOException {
        TooBigException() {
            super("message file too big");
        }
    }

    /// There are more recipients, or longer ones, than pickup(8) takes.
    static final class TooManyRecipientsException extends IOException {
        TooManyRecipientsException() {
            super("too many recipients: at most " + MAX_RECIPIENTS + " are taken");
        }
    }

    private static final EnvelopeLimits LIMITS = EnvelopeLimits.DROPPED;
    static final int MAX_RECIPIENTS = LIMITS.recipients();

    /// The bytes that are left for the envelope beside the recipients, and beside the text of each recipient.
    private static final int OTHERS = 128 * 1024;

    private final NewFile file;
    private final QueueFileWriter writer;
    private final CrLfStream lines;
    private final long limit;
    private final Interrupted interrupted = new Interrupted();
    private long recipientBytes;
    private volatile boolean committed;

    /// @param limit the largest content in bytes; 0 for no limit
    MaildropFile(Spool spool, Envelope envelope, long limit) throws IOException {
        this.limit = limit;
        file = spool.createDrop();
        Runtime.getRuntime().addShutdownHook(interrupted);
        writer = new QueueFileWriter(file.channel());
        writer.envelope(envelope);
        lines = new CrLfStream(new Content());
    }

    /// Adds a recipient, before the content begins or after it has ended.
    void recipient(Recipient r) throws IOException {
        recipientBytes += r.toBytes().length;
        if (recipients() == MAX_RECIPIENTS || recipientBytes > LIMITS.all() - OTHERS) {
            throw new TooManyRecipientsException();
        }
        writer.recipient(r);
    }

    int recipients() {
        return writer.recipients();
    }

    void beginContent() throws IOException {
        writer.beginContent();
    }

    /// Returns the stream that takes the message, with any line ends.
    OutputStream content() {
        return lines;
    }

    void endContent() throws IOException {
        lines.finish();
    }

    /// Finishes the message. It is on the disk when this returns.
    QueueId commit(Spool spool) throws IOException {
        writer.finish();
        spool.markReady(file.path(), QueueName.MAILDROP);
        file.channel().force(true);
        committed = true;
        return file.id();
    }

    /// Wakes up pickup if `maildrop` has subdirectories, in which master does not see new messages. If the suite is down, the
    /// message waits.
    static void knock(Config config) {
        if (!config.get(MainParams.HASH_QUEUE_NAMES).contains(QueueName.MAILDROP.directory())) {
            return; // master sees it
        }
        Path queueDirectory = config.get(MainParams.QUEUE_DIRECTORY);
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(queueDirectory.resolve("public/pickup")));
        } catch (IOException e) {
            // the suite is down: pickup looks when it starts
        }
    }

    @Override
    public void close() throws IOException {
        file.channel().close();
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            return; // a signal ends the process: the hook deletes the file
        }
        if (!committed) {
            Files.deleteIfExists(file.path());
        }
    }

    /// Deletes the file when a signal ends the process before the message is committed.
    private final class Interrupted extends Thread {
        @Override
        public void run() {
            try {
                if (!committed) {
                    Files.deleteIfExists(file.path());
                }
            } catch (IOException e) {
                // nobody is left to hear of it
            }
        }
    }

    private final class Content extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (limit > 0 && writer.contentLength() + length > limit) {
                throw new TooBigException();
            }
            writer.content(bytes, offset, length);
        }
    }
}
