// SPDX-License-Identifier: Apache-2.0

package org.postino.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.EightBit;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MimeReader;
import org.postino.suite.CheckAction;
import org.postino.table.TableException;

/// Looks each header field and line of a message up in the tables of header_checks(5), and does what they say. Owned by one thread.
///
/// It stands behind [HeaderReader]: a field is asked about as it came. Behind the header [MimeReader] tells fields from lines. A field
/// or line is asked about once, and none is remembered. Actions that change what is at hand are done here, all others by the [Host].
public final class ContentChecks implements HeaderReader.Sink {
    /// The way of the message from here on.
    public interface Out {
        /// Takes a field of the message's own header, or what a table has put in its place; good during the call.
        void field(HeaderField field) throws IOException;

        /// Takes a field that a table has put in front of another.
        void front(byte[] field) throws IOException;

        /// Notes that no more fields come.
        void endOfHeader() throws IOException;

        /// Takes the next bytes behind the fields.
        void body(byte[] bytes, int offset, int length) throws IOException;
    }

    /// The program for which content is checked.
    public interface Host {
        /// Logs an action.
        void log(String action, CheckSubject subject, String text);

        /// Warns of an action that cannot be carried out.
        ///
        /// @param parameter the one that names the table
        void broken(String parameter, String why);

        /// Does an action that changes nothing of the field or line.
        ///
        /// @throws IOException the message ends here
        void act(CheckAction.Named action, CheckSubject subject, String parameter)
                throws IOException;

        /// True if nothing more of the message is to be looked up.
        boolean isPassed();

        /// Hears that the message does not keep to MIME, as the [MimeRules] want it.
        ///
        /// @param what the field or line, or a word of it
        /// @throws IOException the message ends here
        default void violates(MimeRules.Violation violation, String what) throws IOException {}
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private final CheckTables tables;
    private final Host host;
    private final Out out;
    private final @Nullable MimeReader mime;

    /// The fate of a field or line: it stays, it goes, or it changes.
    ///
    /// @param front a line or field to stand before it
    /// @param replacement empty if it goes, null if it stays
    private record Change(@Nullable String front, @Nullable String replacement) {
        static final Change NONE = new Change(null, null);
        static final Change REMOVED = new Change(null, "");
    }

    public ContentChecks(CheckTables tables, Host host, Out out) {
        this.tables = tables;
        this.host = host;
        this.out = out;
        mime = tables.skipBody() ? null : new MimeReader(tables.limits(), new Body());
    }

    /// Checks a field of the message's own header.
    ///
    /// @throws IOException the message ends here
    /// @throws LookupException a table cannot be asked
    @Override
    public void field(HeaderField field) throws IOException {
        mustBeSevenBit(field);
        if (mime != null && tables.rules().reads()) {
            mime.note(field);
        }
        CheckTables.Named asked = isOfMime(field) ? tables.mime() : tables.header();
        if (asked.isEmpty() || host.isPassed()) {
            out.field(field);
            return;
        }
        var subject = CheckSubject.of(field);
        Change change = ask(asked, subject, host);
        if (change.front() != null) {
            out.front(subject.field(change.front()));
        }
        if (change.replacement() == null) {
            out.field(field);
        } else if (!change.replacement().isEmpty()) {
            byte[] bytes = subject.field(change.replacement());
            out.field(HeaderField.of(bytes, 0, bytes.length));
        }
    }

    @Override
    public void endOfHeader() throws IOException {
        out.endOfHeader();
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

    /// Checks what is left, as the content has ended.
    public void end() throws IOException {
        if (mime != null) {
            mime.finish();
        }
    }

    private void mustBeSevenBit(HeaderField field) throws IOException {
        if (tables.rules().looksAtHeader()
                && EightBit.isIn(field.bytes(), field.from(), field.to())) {
            host.violates(MimeRules.Violation.HEADER, CheckSubject.of(field).text());
        }
    }

    /// Fields and lines behind the message's own header.
    private final class Body implements MimeReader.Sink {
        private boolean lineLeft;

        @Override
        public void field(HeaderField field, MimeReader.Place place) throws IOException {
            mustBeSevenBit(field);
            boolean ofMime = place == MimeReader.Place.PART || isOfMime(field);
            CheckTables.Named asked = ofMime ? tables.mime() : tables.nested();
            if (asked.isEmpty() || host.isPassed()) {
                out.body(field.bytes(), field.from(), field.length());
                return;
            }
            var subject = CheckSubject.of(field);
            Change change = ask(asked, subject, host);
            if (change.front() != null) {
                write(subject.field(change.front()));
            }
            if (change.replacement() == null) {
                out.body(field.bytes(), field.from(), field.length());
            } else if (!change.replacement().isEmpty()) {
                write(subject.field(change.replacement()));
            }
        }

        @Override
        public void tooDeep(HeaderField contentType) throws IOException {
            host.violates(MimeRules.Violation.NESTING, CheckSubject.of(contentType).text());
        }

        @Override
        public void encodedWhole(String encoding) throws IOException {
            if (tables.rules().wholeEncoding()) {
                host.violates(MimeRules.Violation.ENCODING, encoding);
            }
        }

        /// An empty line never matches.
        @Override
        public void line(MimeReader.Line line) throws IOException {
            boolean wrong =
                    tables.rules().sevenBitBody()
                            && tables.rules().reads()
                            && mime != null
                            && mime.isSevenBit()
                            && EightBit.isIn(line.bytes(), line.from(), line.end());
            if (wrong) {
                host.violates(MimeRules.Violation.BODY, CheckSubject.of(line).text());
            }
            boolean asked =
                    !tables.body().isEmpty()
                            && !host.isPassed()
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
            Change change = ask(tables.body(), subject, host);
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

    /// Asks tables about a field that stands alone, as a milter brings one.
    ///
    /// @return what stands in its place, in order: empty if it goes
    /// @throws IOException the message ends here
    /// @throws LookupException a table cannot be asked
    public static List<byte[]> replaced(CheckTables.Named asked, Host host, HeaderField field)
            throws IOException {
        var subject = CheckSubject.of(field);
        Change change = ask(asked, subject, host);
        List<byte[]> fields = new ArrayList<>();
        if (change.front() != null) {
            fields.add(subject.field(change.front()));
        }
        if (change.replacement() == null) {
            fields.add(field.bytes());
        } else if (!change.replacement().isEmpty()) {
            fields.add(subject.field(change.replacement()));
        }
        return fields;
    }

    private static Change ask(CheckTables.Named asked, CheckSubject subject, Host host)
            throws IOException {
        String found;
        try {
            found = asked.maps().find(subject.text()).orElse(null);
        } catch (TableException e) {
            throw new LookupException(e);
        }
        if (found == null) {
            return Change.NONE;
        }
        return switch (CheckAction.parse(found, subject.header())) {
            case CheckAction.Named action -> act(action, subject, asked.parameter(), host);
            case CheckAction.Broken(var why) -> {
                host.broken(asked.parameter(), why);
                yield Change.NONE;
            }
        };
    }

    private static Change act(
            CheckAction.Named action, CheckSubject subject, String parameter, Host host)
            throws IOException {
        String argument = action.argument();
        return switch (action.name()) {
            case DUNNO -> Change.NONE;
            case IGNORE -> Change.REMOVED;
            case STRIP -> {
                host.log("strip", subject, argument);
                yield Change.REMOVED;
            }
            case REPLACE -> {
                host.log("replace", subject, argument);
                yield new Change(null, argument);
            }
            case PREPEND -> {
                host.log("prepend", subject, argument);
                yield new Change(argument, null);
            }
            case WARN -> {
                host.log("warning", subject, argument);
                yield Change.NONE;
            }
            case INFO -> {
                host.log("info", subject, argument);
                yield Change.NONE;
            }
            case REJECT, DISCARD, HOLD, FILTER, REDIRECT, BCC, PASS -> {
                host.act(action, subject, parameter);
                yield Change.NONE;
            }
        };
    }

    /// True for the fields that MIME defines (RFC 2045, 9), wherever they stand.
    private static boolean isOfMime(HeaderField field) {
        String name = field.name();
        return name.startsWith("content-") || name.equals("mime-version");
    }
}
