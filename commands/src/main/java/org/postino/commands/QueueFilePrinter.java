// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.ipc.FieldReader;
import org.postino.queue.Piece;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientStatus;
import org.postino.queue.RecordVisitor;
import org.postino.util.Printable;

/// Prints a queue file in the form that readers of Postfix's postcat know.
final class QueueFilePrinter implements RecordVisitor {
    /// The parts of a file that are shown.
    record Parts(boolean envelope, boolean header, boolean body) {
        /// Makes the parts that were asked for, or all if none was.
        static Parts of(boolean envelope, boolean header, boolean body) {
            boolean all = !envelope && !header && !body;
            return new Parts(envelope || all, header || all, body || all);
        }
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);
    private static final int PIECE = 32 * 1024;

    private final PrintStream out;
    private final FileChannel channel;
    private final Parts parts;
    private final String file;
    private final String prefix;
    private final boolean offsets;
    private final boolean numbers;
    private boolean afterContent;

    QueueFilePrinter(
            PrintStream out,
            FileChannel channel,
            Parts parts,
            String file,
            Optional<String> prefix,
            boolean offsets,
            boolean numbers) {
        this.out = out;
        this.channel = channel;
        this.parts = parts;
        this.file = file;
        this.prefix = prefix.map(p -> p + ": ").orElse("");
        this.offsets = offsets;
        this.numbers = numbers;
    }

    void start() {
        mark("ENVELOPE RECORDS");
    }

    void end() {
        mark("MESSAGE FILE END");
    }

    private void mark(String what) {
        if (parts.envelope) {
            out.print(prefix + "*** " + what + " " + file + " ***\n");
        }
    }

    @Override
    public void record(long offset, int type, byte[] data) throws IOException {
        if (!parts.envelope) {
            return;
        }
        if (type == 'R' && afterContent) {
            mark("HEADER EXTRACTED");
            afterContent = false;
        }
        String text = new String(data, StandardCharsets.UTF_8);
        switch (type) {
            case 'H' -> header(offset, text.strip().split(" +"));
            case 'S' -> line(offset, type, "sender", text);
            case 'T' -> {
                var time = Instant.ofEpochMilli(Long.parseLong(text));
                String shown = TIME.format(time.atZone(ZoneId.systemDefault()));
                line(offset, type, "message_arrival_time", shown);
            }
            case 'I' -> line(offset, type, "trace", text);
            case 'A' -> attribute(offset, new FieldReader(data));
            case 'R' -> recipient(offset, Recipient.parse(data, offset));
            case 'M' -> pieces(offset, new FieldReader(data));
            default -> {} // the end record says nothing
        }
    }

    /// Shows content length, content offset and number of recipients, as Postfix's postcat begins, and whether the message was
    /// expired by force.
    private void header(long offset, String[] columns) {
        line(
                offset,
                'H',
                "message_size",
                String.format(Locale.ROOT, "%15s %15s %15s", columns[4], columns[3], columns[5]));
        if (columns[1].equals("X")) {
            line(offset, 'H', "named_attribute", "forced_expire=yes");
        }
    }

    private void attribute(long offset, FieldReader data) throws IOException {
        line(offset, 'A', "named_attribute", data.text() + "=" + data.text());
    }

    /// Shows the offset and length of each run of bytes that an edited message has in the file.
    private void pieces(long offset, FieldReader data) throws IOException {
        while (!data.atEnd()) {
            line(offset, 'M', "message_piece", data.number() + " " + data.number());
        }
    }

    private void recipient(long offset, Recipient r) {
        if (!r.orcpt().isEmpty()) {
            line(offset, 'R', "named_attribute", "dsn_orig_rcpt=" + r.orcpt());
        }
        if (!r.dsnNotify().isEmpty()) {
            line(offset, 'R', "named_attribute", "notify_flags=" + r.dsnNotify());
        }
        line(offset, 'R', "original_recipient", r.original());
        line(
                offset,
                'R',
                r.status() == RecipientStatus.DONE ? "done_recipient" : "recipient",
                r.address());
    }

    private void line(long offset, int type, String name, String value) {
        var s = new StringBuilder(prefix);
        if (offsets) {
            s.append(String.format(Locale.ROOT, "%9d ", offset));
        }
        if (numbers) {
            s.append(String.format(Locale.ROOT, "%3d ", type));
        }
        s.append(name).append(": ");
        out.print(s.append(Printable.text(value)).append('\n'));
    }

    @Override
    public void content(long offset, List<Piece> message) throws IOException {
        afterContent = true;
        if (parts.header || parts.body) {
            mark("MESSAGE CONTENTS");
            var text = new ContentLines();
            byte[] buffer = new byte[PIECE];
            for (Piece piece : message) {
                if (!show(piece, text, buffer)) {
                    return;
                }
            }
        }
    }

    /// Shows a run of bytes; false if nothing that follows is wanted, or if the file has become shorter.
    private boolean show(Piece piece, ContentLines text, byte[] buffer) throws IOException {
        long end = piece.offset() + piece.length();
        for (long at = piece.offset(); at < end && text.wanted(); ) {
            int wanted = (int) Math.min(PIECE, end - at);
            int n = channel.read(ByteBuffer.wrap(buffer, 0, wanted), at);
            if (n <= 0) {
                return false;
            }
            text.take(buffer, n, at);
            at += n;
        }
        return text.wanted();
    }

    /// Writes lines ended by LF, from the header or the body or both.
    private final class ContentLines {
        private long position;
        private boolean inHeader = true;
        private boolean emptyLine = true;
        private boolean lineStart = true;

        /// True if anything that follows will be shown.
        boolean wanted() {
            return inHeader || parts.body;
        }

        /// Takes the next bytes of the content.
        ///
        /// @param offset their offset in the file
        void take(byte[] bytes, int length, long offset) {
            position = offset;
            int start = 0;
            for (int i = 0; i < length; i++) {
                if (bytes[i] == '\n') {
                    int stop = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
                    emptyLine &= stop == start;
                    endOfLine(bytes, start, stop);
                    start = i + 1;
                }
            }
            if (start < length) {
                boolean lonelyCr = bytes[length - 1] == '\r';
                int stop = lonelyCr ? length - 1 : length;
                if (stop > start) {
                    show(bytes, start, stop);
                    emptyLine = false;
                }
            }
        }

        private void endOfLine(byte[] bytes, int start, int stop) {
            if (inHeader && emptyLine) {
                inHeader = false;
                if (parts.header && parts.body) {
                    show(bytes, start, stop);
                    out.print('\n');
                }
            } else {
                show(bytes, start, stop);
                if (shown()) {
                    out.print('\n');
                }
            }
            emptyLine = true;
            lineStart = true;
        }

        private void show(byte[] bytes, int start, int stop) {
            if (!shown()) {
                return;
            }
            if (lineStart) {
                out.print(prefix);
                if (offsets) {
                    out.print(String.format(Locale.ROOT, "%9d ", position + start));
                }
                lineStart = false;
            }
            out.write(bytes, start, stop - start);
        }

        private boolean shown() {
            return inHeader ? parts.header : parts.body;
        }
    }
}
