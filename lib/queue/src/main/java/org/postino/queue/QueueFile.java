// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A finished queue file: envelope, recipients with their status, and where the content stands.
///
/// All but the content is read and checked when it is opened. Status bytes may be changed by one thread at a time.
public final class QueueFile implements Closeable {
    private final FileChannel channel;
    private final FileHeader header;
    private final Envelope envelope;
    private final List<Recipient> recipients;
    private final List<Piece> pieces;

    private QueueFile(
            FileChannel channel,
            FileHeader header,
            Envelope envelope,
            List<Recipient> recipients,
            List<Piece> pieces) {
        this.channel = channel;
        this.header = header;
        this.envelope = envelope;
        this.recipients = recipients;
        this.pieces = pieces;
    }

    /// Opens a queue file, never through a symbolic link.
    ///
    /// @throws CorruptQueueFileException the file is cut short or contradicts itself
    /// @throws java.nio.file.NoSuchFileException there is no such file
    public static QueueFile open(Path p, boolean writable)
            throws IOException, CorruptQueueFileException {
        return open(
                FileChannel.open(
                        p,
                        writable
                                ? Set.of(
                                        StandardOpenOption.READ,
                                        StandardOpenOption.WRITE,
                                        LinkOption.NOFOLLOW_LINKS)
                                : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /// Opens a queue file for reading; a file whose envelope goes beyond the limits is corrupt.
    public static QueueFile open(Path p, EnvelopeLimits limits)
            throws IOException, CorruptQueueFileException {
        return open(
                FileChannel.open(p, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)),
                limits);
    }

    /// Reads an open file. It is closed with the result, or at once if this fails.
    public static QueueFile open(FileChannel channel)
            throws IOException, CorruptQueueFileException {
        return open(channel, EnvelopeLimits.NONE);
    }

    private static QueueFile open(FileChannel channel, EnvelopeLimits limits)
            throws IOException, CorruptQueueFileException {
        boolean accepted = false;
        try {
            var parser = new QueueFileParser(channel, limits, RecordVisitor.NONE);
            parser.parse();
            accepted = true;
            return new QueueFile(
                    channel,
                    parser.header(),
                    parser.envelope(),
                    List.copyOf(parser.recipients()),
                    parser.message());
        } finally {
            if (!accepted) {
                channel.close();
            }
        }
    }

    /// Shows every record of an open file to a visitor, up to the end or to the first damage. The file stays open.
    public static void walk(FileChannel channel, RecordVisitor visitor)
            throws IOException, CorruptQueueFileException {
        List<Piece> message = null;
        try {
            var first = new QueueFileParser(channel, EnvelopeLimits.NONE, RecordVisitor.NONE);
            first.parse();
            message = first.message();
        } catch (CorruptQueueFileException e) {
            // the second walk comes to the damage too, when it has shown all before it
        }
        new QueueFileParser(channel, EnvelopeLimits.NONE, visitor, message).parse();
    }

    public Envelope envelope() {
        return envelope;
    }

    public Instant arrival() {
        return envelope.arrival();
    }

    /// The recipients in the order of the file, with the status they had when the file was opened.
    public List<Recipient> recipients() {
        return recipients;
    }

    /// True if the operator asked to return the message at the next chance.
    public boolean expire() {
        return header.expire();
    }

    /// Sets or clears the mark that the message is to be returned at the next chance.
    public void expire(boolean wanted) throws IOException {
        put(FileHeader.FLAG_OFFSET, wanted ? FileHeader.EXPIRE : FileHeader.NORMAL);
    }

    /// Changes a recipient's status in the file, at once but without waiting for the disk.
    public void mark(Recipient r, RecipientStatus s) throws IOException {
        put(r.offset(), s.code());
    }

    /// The length in bytes of the message, as edited.
    public long contentLength() {
        return header.messageLength();
    }

    /// The message as edited, header and body, lines ended by CRLF; several may be open at a time.
    public InputStream content() {
        return new PieceStream(channel::read, pieces);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void put(long offset, char code) throws IOException {
        channel.write(
                ByteBuffer.wrap(String.valueOf(code).getBytes(StandardCharsets.ISO_8859_1)),
                offset);
    }
}
