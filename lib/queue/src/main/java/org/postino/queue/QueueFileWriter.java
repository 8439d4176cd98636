// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.postino.ipc.FieldWriter;

/// Writes a queue file: [#envelope], recipients, content, more recipients, [#finish()].
///
/// A message that fits into the buffer is written by one call. Nothing is flushed to the disk here. Owned by one thread.
public final class QueueFileWriter {
    /// How large a buffer is worth having.
    public static final int BUFFER = 32 * 1024;

    private static final int LENGTH_BYTES = 10;

    private final FileChannel channel;
    private final byte[] buffer;
    private final Checksum checksum = new Checksum();
    private int used;
    private long flushed;
    private long contentOffset;
    private long contentLength;
    private int recipients;

    /// Writes from the start of an empty file open for writing; the caller closes it.
    public QueueFileWriter(FileChannel channel) {
        this(channel, new byte[BUFFER]);
    }

    /// As above, with a buffer of [#BUFFER] bytes that belongs to the writer until it has finished.
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
        reserve(1 + LENGTH_BYTES);
        buffer[used++] = 'C';
        used += LENGTH_BYTES;
        contentOffset = position();
    }

    /// Appends to the content; lines end with CRLF, which is not checked.
    public void content(byte[] bytes, int offset, int length) throws IOException {
        contentLength += length;
        bytes(bytes, offset, length);
    }

    public long contentLength() {
        return contentLength;
    }

    /// Writes the end and the header; returns the length of the content.
    public long finish() throws IOException {
        reserve(2);
        buffer[used++] = 'E';
        buffer[used++] = 0;
        var header =
                new FileHeader(
                        false,
                        position(),
                        contentOffset,
                        contentLength,
                        recipients,
                        checksum.value());
        patch(contentOffset - LENGTH_BYTES, paddedLength(contentLength));
        patch(0, header.toRecord());
        flush();
        return contentLength;
    }

    private void text(int type, String value) throws IOException {
        record(type, value.getBytes(StandardCharsets.UTF_8));
    }

    private void record(int type, byte[] data) throws IOException {
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
