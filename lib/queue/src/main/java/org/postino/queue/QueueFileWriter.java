// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.FieldWriter;

/// Writes a queue file: [#envelope], recipients, content, edits, more recipients, [#finish()].
///
/// A message that fits into the buffer is written by one call. Nothing is flushed to the disk here. Edits leave what was written
/// where it is and say at the end of the file what the message consists of; as the header comes after that, a file whose writer
/// stopped anywhere in between is unfinished, and no reader sees half an edit. Owned by one thread.
public final class QueueFileWriter {
    /// The size in bytes of a buffer for one message; a larger one gains nothing.
    public static final int BUFFER = 32 * 1024;

    private static final int LENGTH_BYTES = 10;

    private final FileChannel channel;
    private final byte[] buffer;
    private final Checksum checksum = new Checksum();
    private int used;
    private long flushed;
    private long contentOffset;
    private long contentLength;
    private final List<Piece> regions = new ArrayList<>();
    private int openRegion;
    private long regionStart;
    private @Nullable PieceTable edited;
    private int recipients;

    /// Writes from the start of an empty file open for writing; the caller closes it.
    public QueueFileWriter(FileChannel channel) {
        this(channel, new byte[BUFFER]);
    }

    /// Writes from the start of an empty file, with a buffer of [#BUFFER] bytes that belongs to the writer until it has finished.
    public QueueFileWriter(FileChannel channel, byte[] buffer) {
        this.channel = channel;
        this.buffer = buffer;
        Arrays.fill(buffer, 0, FileHeader.RECORD, (byte) 0); // the header comes last
        used = FileHeader.RECORD;
    }

    public void envelope(Envelope envelope) throws IOException {
        text('S', envelope.sender());
        text('T', Long.toString(envelope.arrival().toEpochMilli()));
        text('I', envelope.trace());
        for (var a : envelope.attributes().entrySet()) {
            attribute(a.getKey(), a.getValue());
        }
    }

    /// Adds an attribute, also after the content; the last of a name counts.
    public void attribute(String name, String value) throws IOException {
        record('A', new FieldWriter().text(name).text(value).toBytes());
    }

    /// Adds a recipient, with status open.
    public void recipient(Recipient r) throws IOException {
        byte[] data = r.toBytes();
        data[0] = (byte) RecipientStatus.OPEN.code();
        record('R', data);
        recipients++;
    }

    public int recipients() {
        return recipients;
    }

    public void beginContent() throws IOException {
        beginRegion('C');
        contentOffset = regionStart;
    }

    /// Appends to the content; its lines must end with CRLF, which is not checked.
    public void content(byte[] bytes, int offset, int length) throws IOException {
        contentLength += length;
        bytes(bytes, offset, length);
    }

    /// The length of the message so far, as edited.
    public long contentLength() {
        return edited == null ? contentLength : edited.length();
    }

    /// Replaces the bytes `from` to `to` of the message as the earlier edits have left it. Either side may be empty: the edit then
    /// only inserts, or only removes. No content may follow.
    public void replace(long from, long to, byte[] bytes, int offset, int length)
            throws IOException {
        PieceTable message = edits();
        if (openRegion != 'D' && length > 0) {
            endRegion();
            beginRegion('D');
        }
        var fresh = new Piece(position(), length);
        bytes(bytes, offset, length);
        message.replace(from, to, fresh);
    }

    /// Replaces the sender; the content must have ended.
    public void newSender(String address) throws IOException {
        PieceTable _ = edits(); // two senders are an edited message
        text('S', address);
    }

    /// Opens the message as it is now, to be read before the next edit. The content must have ended, and the file be open for reading too.
    public InputStream message() throws IOException {
        endRegion();
        return new PieceStream(
                this::read,
                edited == null
                        ? List.of(new Piece(contentOffset, contentLength))
                        : edited.pieces());
    }

    private PieceTable edits() throws IOException {
        if (edited == null) {
            if (openRegion == 'C') {
                endRegion();
            }
            edited = new PieceTable(new Piece(contentOffset, contentLength));
        }
        return edited;
    }

    private int read(ByteBuffer into, long at) throws IOException {
        if (at < flushed) {
            int wanted = (int) Math.min(into.remaining(), flushed - at);
            return channel.read(into.slice(into.position(), wanted), at);
        }
        int n = (int) Math.min(into.remaining(), position() - at);
        into.put(buffer, (int) (at - flushed), n);
        return n;
    }

    private void beginRegion(int type) throws IOException {
        reserve(1 + LENGTH_BYTES);
        buffer[used++] = (byte) type;
        used += LENGTH_BYTES;
        openRegion = type;
        regionStart = position();
    }

    private void endRegion() throws IOException {
        if (openRegion != 0) {
            long length = position() - regionStart;
            patch(regionStart - LENGTH_BYTES, paddedLength(length));
            regions.add(new Piece(regionStart, length));
            openRegion = 0;
        }
    }

    /// Writes the end and the header; returns the length of the message.
    public long finish() throws IOException {
        endRegion();
        if (edited != null) {
            record('M', pieces(edited));
            checksum.addRegions(regions);
        }
        reserve(2);
        buffer[used++] = 'E';
        buffer[used++] = 0;
        var header =
                new FileHeader(
                        edited == null ? FileHeader.PLAIN : FileHeader.EDITED,
                        false,
                        position(),
                        contentOffset,
                        contentLength(),
                        recipients,
                        checksum.value());
        patch(0, header.toRecord());
        flush();
        return contentLength();
    }

    private static byte[] pieces(PieceTable message) {
        var data = new FieldWriter();
        for (Piece p : message.pieces()) {
            data.number(p.offset()).number(p.length());
        }
        return data.toBytes();
    }

    private void text(int type, String value) throws IOException {
        record(type, value.getBytes(StandardCharsets.UTF_8));
    }

    private void record(int type, byte[] data) throws IOException {
        endRegion();
        checksum.add(type, data);
        reserve(1 + FieldWriter.MAX_NUMBER);
        buffer[used++] = (byte) type;
        used = FieldWriter.put(data.length, buffer, used);
        bytes(data, 0, data.length);
    }

    private long position() {
        return flushed + used;
    }

    private void bytes(byte[] bytes, int offset, int length) throws IOException {
        if (used + length > buffer.length) {
            flush();
        }
        if (length > buffer.length) {
            write(ByteBuffer.wrap(bytes, offset, length), flushed);
            flushed += length;
        } else {
            System.arraycopy(bytes, offset, buffer, used, length);
            used += length;
        }
    }

    private void reserve(int n) throws IOException {
        if (used + n > buffer.length) {
            flush();
        }
    }

    private void flush() throws IOException {
        write(ByteBuffer.wrap(buffer, 0, used), flushed);
        flushed += used;
        used = 0;
    }

    /// Writes over bytes written before: in the buffer while they are all there, else in the file.
    private void patch(long at, byte[] bytes) throws IOException {
        if (at < flushed) {
            write(ByteBuffer.wrap(bytes), at);
        } else {
            System.arraycopy(bytes, 0, buffer, (int) (at - flushed), bytes.length);
        }
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }

    /// LEB128 in as many bytes as were left free.
    private static byte[] paddedLength(long value) {
        var bytes = new byte[LENGTH_BYTES];
        long rest = value;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            bytes[i] = (byte) ((rest & 0x7f) | (i < LENGTH_BYTES - 1 ? 0x80 : 0));
            rest >>>= 7;
        }
        return bytes;
    }
}
