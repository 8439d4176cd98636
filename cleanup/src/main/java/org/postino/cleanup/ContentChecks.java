// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MimeReader;
import org.postino.queue.CleanupResult.Refused;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.smtp.StatusText;
import org.postino.suite.CheckAction;
import org.postino.suite.CheckActionName;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// Looks each header field and line of a message up in the tables of header_checks(5), and does what they say: the code of the rows of
/// [CheckActionName]. Owned by one thread.
///
/// It stands between [HeaderReader] and [HeaderFields]: a field is asked about as it came, before anything of ours changes it. Behind the
/// header [MimeReader] tells fields from lines. A field or line is asked about once, and none is remembered. What concerns
/// the whole message waits in [CheckOrders] for its end.
final class ContentChecks implements HeaderReader.Sink {
    /// The end of a message because of an action: refused, or thrown away.
    static final class EndedException extends IOException {
        private final transient @Nullable Refused refused;

        EndedException(@Nullable Refused refused) {
            super(refused == null ? "discarded" : "rejected", null);
            this.refused = refused;
        }

        /// The refusal; null if the message is to be thrown away unsaid.
        @Nullable Refused refused() {
            return refused;
        }
    }

    private static final EnhancedStatus DENIED = new EnhancedStatus(5, 7, 1);
    private static final int LONGEST_REPLY = 400;
    private static final byte[] CRLF = {'\r', '\n'};

    private final CheckTables tables;
    private final CheckLog log;
    private final CheckOrders orders;
    private final HeaderFields fields;
    private final StoredContent out;
    private final @Nullable MimeReader mime;

    /// The fate of a field or line: it stays, it goes, or it changes.
    ///
    /// @param front a line or field to stand before it
    /// @param replacement empty if it goes, null if it stays
    private record Change(@Nullable String front, @Nullable String replacement) {
        static final Change NONE = new Change(null, null);
        static final Change REMOVED = new Change(null, "");
    }

    ContentChecks(
            CheckTables tables,
            CheckLog log,
            CheckOrders orders,
            HeaderFields fields,
            StoredContent out) {
        this.tables = tables;
        this.log = log;
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
        Change change = ask(maps, ofMime ? "mime_header_checks" : "header_checks", subject);
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
            Change change =
                    ask(maps, ofMime ? "mime_header_checks" : "nested_header_checks", subject);
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
            Change change = ask(tables.body(), "body_checks", subject);
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

    private Change ask(Maps maps, String parameter, CheckSubject subject) throws IOException {
        String found;
        try {
            found = maps.find(subject.text()).orElse(null);
        } catch (TableException e) {
            throw new HeaderFields.LookupException(e);
        }
        if (found == null) {
            return Change.NONE;
        }
        return switch (CheckAction.parse(found, subject.header())) {
            case CheckAction.Named(var name, var argument) -> act(name, argument, subject);
            case CheckAction.Broken(var why) -> {
                log.broken(parameter, why);
                yield Change.NONE;
            }
        };
    }

    /// The code of each row of [CheckActionName].
    private Change act(CheckActionName name, String argument, CheckSubject subject)
            throws EndedException {
        return switch (name) {
            case DUNNO -> Change.NONE;
            case IGNORE -> Change.REMOVED;
            case REJECT -> throw rejected(argument, subject);
            case DISCARD -> {
                log("discard", argument, subject);
                throw new EndedException(null);
            }
            case STRIP -> {
                log("strip", argument, subject);
                yield Change.REMOVED;
            }
            case REPLACE -> {
                log("replace", argument, subject);
                yield new Change(null, argument);
            }
            case PREPEND -> {
                log("prepend", argument, subject);
                yield new Change(argument, null);
            }
            case HOLD -> orders.hold() ? log("hold", argument, subject) : Change.NONE;
            case FILTER -> {
                orders.filter(argument);
                yield log("filter", argument, subject);
            }
            case REDIRECT -> {
                orders.redirect(argument);
                yield log("redirect", argument, subject);
            }
            case BCC -> copy(argument, subject);
            case WARN -> log("warning", argument, subject);
            case INFO -> log("info", argument, subject);
            case PASS -> {
                orders.pass();
                yield log("pass", argument, subject);
            }
        };
    }

    private Change copy(String address, CheckSubject subject) {
        if (!orders.copy(address)) {
            log.broken("BCC", "more than " + CheckOrders.MOST_COPIES + " addresses");
            return Change.NONE;
        }
        return log("bcc", address, subject);
    }

    private Change log(String action, String text, CheckSubject subject) {
        log.action(action, subject.where(), subject.text(), text);
        return Change.NONE;
    }

    private EndedException rejected(String argument, CheckSubject subject) {
        var stated = StatusText.of(argument);
        boolean refuses = stated.statusOr(DENIED).severity() != 2;
        EnhancedStatus status = refuses ? stated.statusOr(DENIED) : DENIED;
        String words = refuses ? stated.text() : argument;
        String text = words.isEmpty() ? "message content rejected" : words;
        log("reject", status + " " + text, subject);
        int code = status.severity() == 4 ? 451 : 550;
        var reply = new Reply(code, status, List.of(Printable.ascii(text, LONGEST_REPLY)));
        return new EndedException(new Refused(reply, ""));
    }

    /// True for the fields that MIME defines (RFC 2045, 9), wherever they stand.
    private static boolean isOfMime(HeaderField field) {
        String name = field.name();
        return name.startsWith("content-") || name.equals("mime-version");
    }
}
