// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.message.CrLfStream;
import org.postino.message.HeaderField;
import org.postino.message.LineScanner;
import org.postino.message.NewField;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFileWriter;

/// Does the edits to a message whose content has been written. Owned by one thread.
///
/// An edit puts new bytes in the place of others; the queue file keeps both (see `org.postino.queue`). A field is looked up in the
/// file each time, so that a header of any size costs no memory.
final class MessageEditor {
    /// The most edits of fields in one message; a milter that asks for more would never stop by itself.
    static final int MOST_FIELDS = 1000;

    private static final byte[] CRLF = {'\r', '\n'};

    private final QueueFileWriter file;
    private final ContentScan scan;
    private final CleanupSettings settings;
    private long headerEnd;
    private long bodyStart;
    private int fields;
    private @Nullable CrLfStream newBody;
    private long newBodyLength;

    /// The bytes of a field in the message, with its line end.
    private record Span(long from, long to) {}

    MessageEditor(
            QueueFileWriter file,
            ContentScan scan,
            CleanupSettings settings,
            StoredContent content) {
        this.file = file;
        this.scan = scan;
        this.settings = settings;
        headerEnd = content.headerEnd();
        bodyStart = content.bodyStart();
    }

    /// Does an edit; returns the reason why the message cannot be taken because of it, or null.
    @Nullable Refused apply(MessageEdit edit) throws IOException {
        return switch (edit) {
            case MessageEdit.InsertField(int position, NewField field) -> {
                long at = fieldStart(position);
                yield put(at, at, field);
            }
            case MessageEdit.AddField(NewField field) -> put(headerEnd, headerEnd, field);
            case MessageEdit.ChangeField(int nth, NewField field) -> {
                Span old = find(field.name(), nth);
                yield old == null
                        ? put(headerEnd, headerEnd, field)
                        : put(old.from(), old.to(), field);
            }
            case MessageEdit.DeleteField(int nth, String name) -> {
                Span old = find(name, nth);
                yield old == null ? null : put(old.from(), old.to(), new byte[0]);
            }
            case MessageEdit.NewBody() -> {
                var _ = beginBody();
                yield null;
            }
            case MessageEdit.BodyPart(byte[] bytes) -> bodyPart(bytes);
            case MessageEdit.OfMilter(MessageEdit inner) -> apply(inner);
        };
    }

    /// Ends the last line of a new body; a part that comes later begins another.
    void finish() throws IOException {
        if (newBody != null) {
            newBody.finish();
            newBody = null;
        }
    }

    private @Nullable Refused put(long from, long to, NewField field) throws IOException {
        byte[] bytes = field.bytes();
        if (bytes.length > settings.headerSizeLimit()) {
            return Refusals.fieldTooLong(field.name(), settings.headerSizeLimit());
        }
        scan.field(bytes, 0, bytes.length);
        scan.content(bytes, 0, bytes.length);
        return put(from, to, bytes);
    }

    private @Nullable Refused put(long from, long to, byte[] bytes) throws IOException {
        if (++fields > MOST_FIELDS) {
            return Refusals.tooManyEdits(MOST_FIELDS);
        }
        file.replace(from, to, bytes, 0, bytes.length);
        long grown = bytes.length - (to - from);
        headerEnd += grown;
        bodyStart += grown;
        return null;
    }

    private CrLfStream beginBody() throws IOException {
        if (bodyStart == headerEnd) { // there was not even an empty line
            file.replace(headerEnd, file.contentLength(), CRLF, 0, 2);
            bodyStart += 2;
        } else {
            file.replace(bodyStart, file.contentLength(), CRLF, 0, 0);
        }
        newBodyLength = 0;
        var body = new CrLfStream(new BodyEnd());
        newBody = body;
        return body;
    }

    private @Nullable Refused bodyPart(byte[] bytes) throws IOException {
        CrLfStream body = newBody == null ? beginBody() : newBody;
        long limit = settings.messageSizeLimit();
        newBodyLength += bytes.length;
        if (limit > 0 && newBodyLength > limit) {
            return Refusals.tooBig(limit);
        }
        body.write(bytes, 0, bytes.length);
        return null;
    }

    /// The offset in the message of the field at a position, counted from 0; the end of the fields if there are fewer.
    private long fieldStart(int position) throws IOException {
        if (position == 0 || position == Integer.MAX_VALUE) {
            return position == 0 ? 0 : headerEnd;
        }
        Span there = find(null, position + 1);
        return there == null ? headerEnd : there.from();
    }

    /// The `nth` field, from 1, of those with that name, in any case; null if there are fewer.
    ///
    /// @param name null for fields of any name
    private @Nullable Span find(@Nullable String name, int nth) throws IOException {
        String wanted = name == null ? null : name.toLowerCase(Locale.ROOT);
        var lines = new LineScanner(file.message(), 0);
        int left = nth;
        long start = -1;
        while (lines.advance() && lines.start() < headerEnd) {
            if (HeaderField.isFolded(lines.bytes(), lines.from(), lines.to())) {
                continue;
            }
            if (start >= 0) {
                return new Span(start, lines.start());
            }
            if (matches(lines, wanted)) {
                left--;
                start = left == 0 ? lines.start() : -1;
            }
        }
        return start < 0 ? null : new Span(start, headerEnd);
    }

    private static boolean matches(LineScanner line, @Nullable String wanted) {
        if (wanted == null) {
            return true;
        }
        int colon = HeaderField.colon(line.bytes(), line.from(), line.to());
        return colon >= 0 && HeaderField.name(line.bytes(), line.from(), colon).equals(wanted);
    }

    /// Writes to the end of the message.
    private final class BodyEnd extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            long end = file.contentLength();
            scan.content(bytes, offset, length);
            file.replace(end, end, bytes, offset, length);
        }
    }
}
