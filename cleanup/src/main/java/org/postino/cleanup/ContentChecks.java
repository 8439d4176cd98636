// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MimeReader;
import org.postino.table.Maps;

/// Looks each header field and line of a message up in the tables of header_checks(5), and does what they say: the code of the rows of
/// [CheckActionName]. Owned by one thread.
///
/// It stands between [HeaderReader] and [HeaderFields]: a field is asked about as it came, before anything of ours changes it. Behind the
/// header [MimeReader] tells fields from lines. A field or line is asked about once, and none is remembered. What concerns
/// the whole message waits in [CheckOrders] for its end.
final class ContentChecks implements HeaderReader.Sink {
    private static final byte[] CRLF = {'\r', '\n'};

    private final CheckTables tables;
    private final CheckActions actions;
    private final CheckOrders orders;
    private final HeaderFields fields;
    private final StoredContent out;
    private final @Nullable MimeReader mime;

    ContentChecks(
            CheckTables tables,
            CheckLog log,
            CheckOrders orders,
            HeaderFields fields,
            StoredContent out) {
        this.tables = tables;
        actions = new CheckActions(log, orders);
        this.orders = orders;
        this.fields = fields;
        this.out = out;
        mime =
                tables.skipBody()
                        ? null
                        : new MimeReader(tables.fieldLimit(), tables.lineLimit(), new Body());
    }

    /// Checks a field of the message's own header.
    ///
    /// @throws EndedException the message ends here
    /// @throws HeaderFields.LookupException a table cannot be asked
    @Override
    public void field(HeaderField field) throws IOException {
        if (mime != null) {
            mime.note(field);
        }
        boolean ofMime = isOfMime(field);
        Maps maps = ofMime ? tables.mime() : tables.header();
        if (maps.isEmpty() || orders.isPassed()) {
            fields.field(field);
            return;
        }
        var subject = CheckSubject.of(field);
        CheckActions.Change change =
                actions.ask(maps, ofMime ? "mime_header_checks" : "header_checks", subject);
        if (change.front() != null) {
            byte[] front = subject.field(change.front());
            out.field(front, 0, front.length);
        }
        if (change.replacement() == null) {
            fields.field(field);
        } else if (!change.replacement().isEmpty()) {
            byte[] bytes = subject.field(change.replacement());
            fields.field(HeaderField.of(bytes, 0, bytes.length));
        }
    }

    @Override
    public void endOfHeader() throws IOException {
        fields.endOfHeader();
    }

    /// Checks the next bytes behind the header.
    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        if (mime == null) {
            out.body(bytes, offset, length);
        } else {
            mime.feed(bytes, offset, length);
        }
    }

    /// The content has ended.
    void end() throws IOException {
        if (mime != null) {
            mime.finish();
        }
    }

    /// Fields and lines behind the message's own header.
    private final class Body implements MimeReader.Sink {
        private boolean lineLeft;

        @Override
        public void field(HeaderField field, MimeReader.Place place) throws IOException {
            boolean ofMime = place == MimeReader.Place.PART || isOfMime(field);
            Maps maps = ofMime ? tables.mime() : tables.nested();
            if (maps.isEmpty() || orders.isPassed()) {
                out.body(field.bytes(), field.from(), field.length());
                return;
            }
            var subject = CheckSubject.of(field);
            CheckActions.Change change =
                    actions.ask(
                            maps, ofMime ? "mime_header_checks" : "nested_header_checks", subject);
            if (change.front() != null) {
                write(subject.field(change.front()));
            }
            if (change.replacement() == null) {
                out.body(field.bytes(), field.from(), field.length());
            } else if (!change.replacement().isEmpty()) {
                write(subject.field(change.replacement()));
            }
        }

        /// An empty line never matches.
        @Override
        public void line(MimeReader.Line line) throws IOException {
            boolean asked =
                    !tables.body().isEmpty()
                            && !orders.isPassed()
                            && line.offset() < tables.sizeLimit()
                            && !line.isEmpty();
            if (asked) {
                checked(line);
            } else {
                out.body(line.bytes(), line.from(), line.to() - line.from());
                lineLeft = !line.last();
            }
        }

        private void checked(MimeReader.Line line) throws IOException {
            var subject = CheckSubject.of(line);
            CheckActions.Change change = actions.ask(tables.body(), "body_checks", subject);
            if (change.front() != null) {
                if (lineLeft) {
                    write(CRLF); // it stands on a line of its own
                }
                write(subject.line(change.front()));
                write(CRLF);
            }
            if (change.replacement() == null) {
                out.body(line.bytes(), line.from(), line.to() - line.from());
                lineLeft = !line.last();
                return;
            }
            write(subject.line(change.replacement()));
            lineLeft |= !change.replacement().isEmpty();
            if (line.last() && lineLeft) {
                write(CRLF);
                lineLeft = false;
            }
        }

        private void write(byte[] bytes) throws IOException {
            out.body(bytes, 0, bytes.length);
        }
    }

    /// True for the fields that MIME defines (RFC 2045, 9), wherever they stand.
    private static boolean isOfMime(HeaderField field) {
        String name = field.name();
        return name.startsWith("content-") || name.equals("mime-version");
    }
}
