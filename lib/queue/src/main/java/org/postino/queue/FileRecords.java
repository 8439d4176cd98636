// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.postino.ipc.IpcRecord;

/// Walks the records of a queue file, never beyond its end.
final class FileRecords {
    private static final int BUFFER = 8 * 1024;

    private final FileChannel channel;
    private final long end;
    private final ByteBuffer buffer;
    private long bufferStart;

    FileRecords(FileChannel channel, long fileSize) {
        this.channel = channel;
        this.end = fileSize;
        this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(fileSize, 1))).flip();
    }

    long position() {
        return bufferStart + buffer.position();
    }

    boolean atEnd() {
        return position() >= end;
    }

    /// Goes on at `offset`.
    void seek(long offset) {
        long inBuffer = offset - bufferStart;
        if (inBuffer >= 0 && inBuffer <= buffer.limit()) {
            buffer.position((int) inBuffer);
        } else {
            bufferStart = offset;
            buffer.limit(0);
        }
    }

    int read() throws IOException, CorruptQueueFileException {
        if (!buffer.hasRemaining()) {
            fill();
        }
        return buffer.get() & 0xff;
    }

    long readLength() throws IOException, CorruptQueueFileException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = read();
            if (shift == 63 && b != 0) {
                break;
            }
            value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new CorruptQueueFileException("impossible length of a record");
    }

    byte[] readData(long length) throws IOException, CorruptQueueFileException {
        if (length > IpcRecord.MAX || length > end - position()) {
            throw new CorruptQueueFileException("record goes beyond the end of the file");
        }
        var data = new byte[(int) length];
        int done = 0;
        while (done < data.length) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            int n = Math.min(buffer.remaining(), data.length - done);
            buffer.get(data, done, n);
            done += n;
        }
        return data;
    }

    private void fill() throws IOException, CorruptQueueFileException {
        bufferStart = position();
        buffer.clear();
        int n = bufferStart < end ? channel.read(buffer, bufferStart) : -1;
        buffer.flip();
        if (n <= 0) {
            throw new CorruptQueueFileException("file ends within a record");
        }
    }
}
