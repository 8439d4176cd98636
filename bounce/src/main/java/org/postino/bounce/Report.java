// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import org.postino.message.Address;
import org.postino.message.HeaderReader;
import org.postino.message.MailDate;
import org.postino.message.ReportWriter;
import org.postino.message.Xtext;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.RecipientLog;
import org.postino.util.Printable;

/// A notification as a message: `multipart/report` with a text for people, one for programs, and the original (RFC 3462, RFC 3464).
///
/// @param notified who gets it
/// @param headerOnly true if no more than the header of the original is returned
record Report(
        Kind kind,
        BounceSettings settings,
        QueueId original,
        QueueFile file,
        List<RecipientLog.Entry> entries,
        String notified,
        boolean headerOnly,
        ZonedDateTime now) {
    private static final int HEADER_LIMIT = 100 * 1024;
    private static final String INDENT = "    ";

    Report {
        entries = List.copyOf(entries);
    }

    /// Writes the message, lines ended by CRLF; `id` is the queue id it goes under.
    void write(OutputStream out, QueueId id) throws IOException {
        String boundary = id.text() + "." + now.toEpochSecond() + "/" + settings.hostname();
        var report = new ReportWriter(out, boundary, isAscii());
        header(report, id);
        notice(report);
        status(report);
        boolean all = returnsAll();
        OutputStream content =
                report.original(
                        all ? kind.original : kind.original + " Headers",
                        originalType(all),
                        isEightBit());
        if (all) {
            file.content().transferTo(content);
        } else {
            copyHeader(content);
        }
        report.end();
    }

    private String date(Instant time) {
        return MailDate.print(time, now.getZone());
    }

    private void header(ReportWriter report, QueueId id) {
        String date = date(now.toInstant());
        report.line("Received: by " + settings.hostname() + " (" + settings.mailName() + ")");
        report.line("\tid " + id + "; " + date);
        report.field("Date", date);
        report.head(
                settings.origin(),
                kind.subject,
                "<" + Address.parse(Printable.text(notified)).quoted() + ">");
        report.mime(isEightBit());
        report.field(
                "Message-ID",
                "<" + now.toEpochSecond() + "." + id + "@" + settings.hostname() + ">");
        report.line();
        report.line("This is a report about the delivery of a message, in MIME format.");
        report.line();
    }

    private void notice(ReportWriter report) {
        report.notice();
        report.line("This is the mail system at host " + settings.hostname() + ".");
        report.line();
        explanation().forEach(report::line);
        report.line();
        for (RecipientLog.Entry e : entries) {
            String alias =
                    e.recipient().original().equalsIgnoreCase(e.recipient().address())
                            ? ""
                            : " (expanded from <" + e.recipient().original() + ">)";
            report.folded("<" + e.recipient().address() + ">" + alias + ": " + reason(e));
            report.line();
        }
    }

    private List<String> explanation() {
        return switch (kind) {
            case FAILURE ->
                    List.of(
                            "Your message could not be delivered to one or more of its recipients, and",
                            "no further attempt will be made. It is returned to you with this report.",
                            "",
                            "The reason is given below for each recipient. For help, write to the",
                            "postmaster there and include this report; you may leave out your message.",
                            "",
                            INDENT + INDENT + INDENT + "The mail system");
            case DELAY ->
                    List.of(
                            "This is only a warning: you need not send your message again.",
                            "",
                            "It has not yet reached the recipients below. We keep trying until it is",
                            days() + " old, and will tell you if it cannot be delivered.",
                            "",
                            INDENT + INDENT + INDENT + "The mail system");
            case SUCCESS ->
                    List.of(
                            "You asked for this report: your message has reached the recipients below.",
                            "\"Relayed\" means that it was handed to a system that sends no such reports.",
                            "\"Expanded\" means that it is on its way to those for whom the address stands;",
                            "you will be told only if that fails. Nobody may have read it yet.",
                            "",
                            INDENT + INDENT + INDENT + "The mail system");
            case REPORT ->
                    List.of(
                            "You asked for this report: it says what became of your message at each of",
                            "its recipients, or would have become of it if only addresses were looked up.",
                            "",
                            INDENT + INDENT + INDENT + "The mail system");
        };
    }

    private String days() {
        long hours = settings.lifetime().toHours();
        return hours >= 48 ? hours / 24 + " days" : hours + " hours";
    }

    private static String reason(RecipientLog.Entry e) {
        boolean elsewhere = e.action().equals("relayed") || e.action().equals("expanded");
        return (elsewhere ? e.action() + ": " : "") + e.dsn().reason();
    }

    private void status(ReportWriter report) {
        Envelope envelope = file.envelope();
        report.status();
        report.field("Reporting-MTA", "dns; " + settings.hostname());
        String envid = envelope.attribute(Envelope.ENVID);
        if (!envid.isEmpty()) {
            report.field("Original-Envelope-Id", Xtext.decodeLoosely(envid));
        }
        String name = "X-" + settings.mailName();
        report.field(name + "-Queue-ID", original.text());
        report.field(name + "-Sender", ReportWriter.typed(envelope.sender()));
        report.field("Arrival-Date", date(envelope.arrival()));
        for (RecipientLog.Entry e : entries) {
            recipient(report, e);
        }
        report.line();
    }

    private void recipient(ReportWriter report, RecipientLog.Entry e) {
        report.line();
        report.field("Final-Recipient", ReportWriter.typed(e.recipient().address()));
        if (!e.recipient().orcpt().isEmpty()) {
            String orcpt = e.recipient().orcpt();
            int semicolon = orcpt.indexOf(';');
            String type = orcpt.substring(0, semicolon + 1);
            String address = orcpt.substring(semicolon + 1);
            boolean utf8 = type.equalsIgnoreCase("utf-8;"); // not xtext (RFC 6533, 3)
            report.field(
                    "Original-Recipient",
                    type + " " + (utf8 ? address : Xtext.decodeLoosely(address)));
        } else if (!e.recipient().original().isEmpty()) {
            report.field("Original-Recipient", ReportWriter.typed(e.recipient().original()));
        }
        report.field("Action", e.action());
        report.field("Status", e.dsn().status().toString());
        if (e.dsn().remote() != null) {
            report.field("Remote-MTA", "dns; " + e.dsn().remote());
        }
        String remoteWords = e.dsn().diagnostic();
        report.folded(
                "Diagnostic-Code: "
                        + (remoteWords != null
                                ? "smtp; " + remoteWords
                                : "X-" + settings.mailName() + "; " + e.dsn().reason()));
        if (kind == Kind.DELAY) {
            Instant until = file.envelope().arrival().plus(settings.lifetime());
            report.field("Will-Retry-Until", date(until));
        }
    }

    /// A header in UTF-8 is no header of RFC 822 (RFC 6533, 4 and 5).
    private String originalType(boolean all) {
        boolean global =
                file.envelope().attribute(Envelope.UTF8_HEADER).equals(Envelope.YES)
                        || !ReportWriter.isAscii(file.envelope().sender());
        return all
                ? global ? "message/global" : "message/rfc822"
                : global ? "message/global-headers" : "text/rfc822-headers";
    }

    /// The whole message comes back with a failure, unless it is large or the sender wants its header only (RFC 3461, 4.3), or must
    /// not travel without TLS, which nobody promises for a notification without REQUIRETLS (RFC 8689, 5).
    private boolean returnsAll() {
        return kind == Kind.FAILURE
                && !headerOnly
                && !file.envelope().attribute(Envelope.RET).equalsIgnoreCase("HDRS")
                && !(settings.redacts()
                        && file.envelope().attribute(Envelope.REQUIRETLS).equals(Envelope.YES))
                && file.contentLength() <= settings.sizeLimit();
    }

    /// Copies the header of the original, without the empty line that ends it.
    private void copyHeader(OutputStream out) throws IOException {
        HeaderReader.read(
                file.content(),
                HEADER_LIMIT,
                field -> out.write(field.bytes(), field.from(), field.length()));
    }

    private boolean isEightBit() {
        return file.envelope().attribute(Envelope.ENCODING).equalsIgnoreCase("8bit") || !isAscii();
    }

    private boolean isAscii() {
        if (!ReportWriter.isAscii(file.envelope().sender()) || !ReportWriter.isAscii(notified)) {
            return false;
        }
        for (RecipientLog.Entry e : entries) {
            if (!ReportWriter.isAscii(e.recipient().address())
                    || !ReportWriter.isAscii(e.recipient().original())
                    || !ReportWriter.isAscii(e.recipient().orcpt())
                    || !ReportWriter.isAscii(e.dsn().reason())
                    || !ReportWriter.isAscii(e.dsn().diagnostic())) {
                return false;
            }
        }
        return true;
    }
}
