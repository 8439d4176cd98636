// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Finds the messages of an mbox.
///
/// A message begins with a `From ` line that bears a date, at the start of the file or of any line; `Content-Length` is believed
/// where it leads to such a line or to the end. The empty line before it belongs to no message.
final class MboxParser {
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

    private static final int LONGEST_FROM_LINE = 8192;

    private final FileChannel channel;
    private final long size;
    private final ZoneId zone;
    private final byte[] buffer = new byte[65_536];
    private long bufferStart;
    private int bufferLength;

    private MboxParser(FileChannel channel, ZoneId zone) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.zone = zone;
    }

    /// The content of a file.
    ///
    /// @param internalData c-client's message in front, which keeps the state of the mailbox and is none
    /// @param messages with the UIDs and flags of their fields, not yet checked against each other
    record Parsed(
            long uidValidity,
            long lastUid,
            List<String> keywords,
            @Nullable MboxMessage internalData,
            List<MboxMessage> messages) {}

    /// Reads a file.
    ///
    /// @throws IOException if it is no mbox
    static Parsed parse(FileChannel channel, ZoneId zone) throws IOException {
        return new MboxParser(channel, zone).run();
    }

    private Parsed run() throws IOException {
        var messages = new ArrayList<MboxMessage>();
        long at = 0;
        while (emptyLineAt(at) > 0) {
            at += emptyLineAt(at);
        }
        long first = at;
        var base = MboxHeader.parse(new byte[0]);
        MboxMessage internalData = null;
        while (at < size) {
            OptionalLong date = fromLine(at);
            if (date.isEmpty()) {
                throw new IOException("not a valid mbox file: no From line at offset " + at);
            }
            long header = lineEnd(at);
            var head = head(header, headerEnd(header));
            MboxMessage message = message(at, header, head, date.getAsLong());
            if (at == first) {
                base = head.fields;
            }
            if (at == first && base.isInternalData() && !head.isLarge(header)) {
                internalData = message;
            } else {
                messages.add(message);
            }
            at = message.next();
        }
        return new Parsed(
                base.uidValidity(), base.lastUid(), base.baseKeywords(), internalData, messages);
    }

    private MboxMessage message(long at, long header, Head head, long date) throws IOException {
        long body = head.body;
        var fields = head.fields;
        Extent extent = extent(body, fields.contentLength());
        return new MboxMessage(
                fields.uid(),
                fields.flags(),
                0,
                at,
                header,
                body,
                extent.end,
                extent.next,
                date,
                head.virtual + extent.end - body + extent.bareLineFeeds,
                fields.old(),
                false);
    }

    /// @param body where the body begins
    /// @param virtual the size of what clients see of it
    private record Head(MboxHeader fields, long body, long virtual) {
        boolean isLarge(long header) {
            return body - header > MboxLargeHeader.LARGE;
        }
    }

    private Head head(long header, long body) throws IOException {
        if (body - header > MboxLargeHeader.LARGE) {
            var large = MboxLargeHeader.read(channel, header, body);
            return new Head(large.fields(), body, large.virtual());
        }
        var fields = MboxHeader.parse(read(header, (int) (body - header)));
        return new Head(fields, body, crlfLength(fields.visible()));
    }

    private static long crlfLength(byte[] text) {
        var counter = new LineEnds.Counter();
        counter.add(text, text.length);
        return text.length + counter.bareLineFeeds;
    }

    private record Extent(long end, long next, long bareLineFeeds) {}

    private Extent extent(long body, long contentLength) throws IOException {
        if (contentLength >= 0 && body + contentLength <= size) {
            long end = body + contentLength;
            long next = end + emptyLineAt(end);
            boolean lineStart = end == body || byteAt(next - 1) == '\n';
            if (next == size || (lineStart && fromLine(next).isPresent())) {
                return new Extent(end, next, bareLineFeeds(body, end));
            }
        }
        long next = nextFrom(body);
        long end = next - emptyLineBefore(body, next);
        return new Extent(end, next, bareLineFeeds(body, end));
    }

    /// The length of the empty line that begins here; 0 if none does.
    private int emptyLineAt(long at) throws IOException {
        if (at < size && byteAt(at) == '\n') {
            return 1;
        }
        return at + 1 < size && byteAt(at) == '\r' && byteAt(at + 1) == '\n' ? 2 : 0;
    }

    /// The length of the empty line that ends here; 0 if none does.
    ///
    /// @param start the start of a line, before which is not looked
    private int emptyLineBefore(long start, long end) throws IOException {
        int length = end - start > 1 && byteAt(end - 2) == '\r' ? 2 : 1;
        boolean empty =
                end - start >= length
                        && byteAt(end - 1) == '\n'
                        && (end - start == length || byteAt(end - length - 1) == '\n');
        return empty ? length : 0;
    }

    private long bareLineFeeds(long from, long to) throws IOException {
        var counter = new LineEnds.Counter();
        long at = from;
        while (at < to) {
            load(at);
            int offset = (int) (at - bufferStart);
            int n = (int) Math.min(bufferLength - offset, to - at);
            counter.add(buffer, offset, n);
            at += n;
        }
        return counter.bareLineFeeds;
    }

    /// The first `From ` line at or behind `from`, which is the start of a line; else the end of the file.
    private long nextFrom(long from) throws IOException {
        long at = from;
        while (at < size) {
            if (byteAt(at) == 'F' && fromLine(at).isPresent()) {
                return at;
            }
            at = lineEnd(at);
        }
        return size;
    }

    /// The offset of the body: behind the first empty line, or where a header ends without one.
    private long headerEnd(long header) throws IOException {
        long at = header;
        while (at < size) {
            int empty = emptyLineAt(at);
            if (empty > 0) {
                return at + empty;
            }
            if (byteAt(at) == 'F' && fromLine(at).isPresent()) {
                return at;
            }
            at = lineEnd(at);
        }
        return size;
    }

    private OptionalLong fromLine(long at) throws IOException {
        for (int i = 0; i < FROM.length; i++) {
            if (at + i >= size || byteAt(at + i) != FROM[i]) {
                return OptionalLong.empty();
            }
        }
        long end = lineEnd(at);
        if (end - at > LONGEST_FROM_LINE) {
            return OptionalLong.empty();
        }
        byte[] line = read(at, (int) (end - at));
        return FromLine.parse(new String(line, StandardCharsets.ISO_8859_1), zone);
    }

    /// The end of the line that contains `at`, behind its LF.
    private long lineEnd(long at) throws IOException {
        long i = at;
        while (i < size) {
            load(i);
            int offset = (int) (i - bufferStart);
            while (offset < bufferLength && buffer[offset] != '\n') {
                offset++;
            }
            i = bufferStart + offset;
            if (offset < bufferLength) {
                return Math.min(size, i + 1);
            }
        }
        return size;
    }

    private byte byteAt(long at) throws IOException {
        load(at);
        return buffer[(int) (at - bufferStart)];
    }

    private void load(long at) throws IOException {
        if (at >= bufferStart && at < bufferStart + bufferLength) {
            return;
        }
        // A little is kept before `at`, for looks at the octets before it.
        bufferStart = Math.max(0, at - 16);
        ByteBuffer into = ByteBuffer.wrap(buffer);
        while (into.hasRemaining() && bufferStart + into.position() < size) {
            if (channel.read(into, bufferStart + into.position()) < 0) {
                break;
            }
        }
        bufferLength = into.position();
        if (at >= bufferStart + bufferLength) {
            throw new IOException("mbox file became shorter while it was read");
        }
    }

    private byte[] read(long from, int length) throws IOException {
        var out = new ByteArrayOutputStream(length);
        long at = from;
        while (at < from + length) {
            load(at);
            int offset = (int) (at - bufferStart);
            int n = (int) Math.min(bufferLength - offset, from + length - at);
            out.write(buffer, offset, n);
            at += n;
        }
        return out.toByteArray();
    }
}
