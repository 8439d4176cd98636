// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.global.delivery.RecipientLog;
import org.postino.global.queue.Envelope;
import org.postino.global.queue.QueueFile;
import org.postino.global.queue.QueueId;
import org.postino.message.Address;
import org.postino.message.MailDate;
import org.postino.message.Xtext;
import org.postino.util.Printable;

/// A notification as a message: `multipart/report` with a text for people, one for programs, and the original (RFC 3462, RFC 3464).
///
/// @param notified who gets it
/// @param headerOnly return the header of the original at most
record Report(
        Kind kind,
        BounceSettings settings,
        QueueId original,
        QueueFile file,
        List<RecipientLog.Entry> entries,
        String notified,
        boolean headerOnly,
        ZonedDateTime now) {
    private static final int WIDTH = 76;

    /// Where a word without a blank is cut, so that no line has more than the 998 octets of RFC 5322, 2.1.1.
    private static final int LONGEST = 240;

    private static final int HEADER_LIMIT = 100 * 1024;
    private static final String INDENT = "    ";

    Report {
        entries = List.copyOf(entries);
    }

    /// Writes the message, lines ended by CRLF; `id` is the queue id it goes under.
    void write(OutputStream out, QueueId id) throws IOException {
        String boundary = id.text() + "." + now.toEpochSecond() + "/" + settings.hostname();
        var text = new StringBuilder(2048);
        header(text, id, boundary);
        notice(text, boundary);
        status(text, boundary);
        originalHead(text, boundary);
        send(out, text);
        if (returnsAll()) {
            file.content().transferTo(out);
        } else {
            copyHeader(out);
        }
        send(out, "\r\n--" + boundary + "--\r\n");
    }

    private String date(Instant time) {
        return MailDate.print(time, now.getZone());
    }

    private static void send(OutputStream out, CharSequence text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void header(StringBuilder out, QueueId id, String boundary) {
        String date = date(now.toInstant());
        line(out, "Received: by " + settings.hostname() + " (" + settings.mailName() + ")");
        line(out, "\tid " + id + "; " + date);
        line(out, "Date: " + date);
        line(out, "From: Mail Delivery System <MAILER-DAEMON@" + settings.origin() + ">");
        line(out, "Subject: " + kind.subject);
        line(out, "To: <" + Address.parse(clean(notified)).quoted() + ">");
        line(out, "Auto-Submitted: auto-replied");
        line(out, "MIME-Version: 1.0");
        line(out, "Content-Type: multipart/report; report-type=delivery-status;");
        line(out, "\tboundary=\"" + boundary + "\"");
        if (isEightBit()) {
            line(out, "Content-Transfer-Encoding: 8bit");
        }
        line(
                out,
                "Message-ID: <" + now.toEpochSecond() + "." + id + "@" + settings.hostname() + ">");
        line(out, "");
        line(out, "This is a report about the delivery of a message, in MIME format.");
        line(out, "");
    }

    private void notice(StringBuilder out, String boundary) {
        line(out, "--" + boundary);
        line(out, "Content-Description: Notification");
        line(out, "Content-Type: text/plain; charset=" + (isAscii() ? "us-ascii" : "utf-8"));
        if (!isAscii()) {
            line(out, "Content-Transfer-Encoding: 8bit");
        }
        line(out, "");
        line(out, "This is the mail system at host " + settings.hostname() + ".");
        line(out, "");
        for (String l : explanation()) {
            line(out, l);
        }
        line(out, "");
        for (RecipientLog.Entry e : entries) {
            String alias =
                    e.recipient().original().equalsIgnoreCase(e.recipient().address())
                            ? ""
                            : " (expanded from <" + e.recipient().original() + ">)";
            folded(out, "<" + e.recipient().address() + ">" + alias + ": " + reason(e));
            line(out, "");
        }
    }

    private List<String> explanation() {
        return switch (kind) {
            case FAILURE ->
                    List.of(
                            "Your message did not reach one or more of its recipients, and nothing",
                            "more will be tried for them. It comes back to you with this report.",
                            "",
                            "What went wrong is said below for each recipient. If you need help, write",
                            "to postmaster there and include this report; the message itself need not",
                            "be part of it.",
                            "",
                            INDENT + INDENT + INDENT + "The mail system");
            case DELAY ->
                    List.of(
                            "This is only a warning: you need not send your message again.",
                            "",
                            "It did not reach the recipients below yet. It is tried again until it is",
                            days() + " old, and you are told if that is of no avail.",
                            "",
                            INDENT + INDENT + INDENT + "The mail system");
            case SUCCESS ->
                    List.of(
                            "You asked to be told: your message reached the recipients below, or, where",
                            "it says relayed, a system that tells no more of it, or, where it says",
                            "expanded, it is on its way to those whom the address stands for, and you",
                            "hear of these only what goes wrong. Whether and when anybody reads it is",
                            "another matter.",
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

    private void status(StringBuilder out, String boundary) {
        Envelope envelope = file.envelope();
        String arrival = date(envelope.arrival());
        line(out, "--" + boundary);
        line(out, "Content-Description: Delivery report");
        line(
                out,
                "Content-Type: message/"
                        + (isAscii() ? "delivery-status" : "global-delivery-status"));
        if (!isAscii()) {
            line(out, "Content-Transfer-Encoding: 8bit");
        }
        line(out, "");
        line(out, "Reporting-MTA: dns; " + settings.hostname());
        String envid = envelope.attribute(Envelope.ENVID);
        if (!envid.isEmpty()) {
            line(out, "Original-Envelope-Id: " + xtext(envid));
        }
        String name = "X-" + settings.mailName();
        line(out, name + "-Queue-ID: " + original);
        line(out, name + "-Sender: " + typed(envelope.sender()));
        line(out, "Arrival-Date: " + arrival);
        for (RecipientLog.Entry e : entries) {
            recipient(out, e);
        }
        line(out, "");
    }

    private void recipient(StringBuilder out, RecipientLog.Entry e) {
        line(out, "");
        line(out, "Final-Recipient: " + typed(e.recipient().address()));
        if (!e.recipient().orcpt().isEmpty()) {
            String orcpt = e.recipient().orcpt();
            int semicolon = orcpt.indexOf(';');
            String type = clean(orcpt.substring(0, semicolon + 1));
            String address = orcpt.substring(semicolon + 1);
            boolean utf8 = type.equalsIgnoreCase("utf-8;"); // not xtext (RFC 6533, 3)
            line(
                    out,
                    "Original-Recipient: " + type + " " + (utf8 ? clean(address) : xtext(address)));
        } else if (!e.recipient().original().isEmpty()) {
            line(out, "Original-Recipient: " + typed(e.recipient().original()));
        }
        line(out, "Action: " + e.action());
        line(out, "Status: " + e.dsn().status());
        if (e.dsn().remote() != null) {
            line(out, "Remote-MTA: dns; " + clean(e.dsn().remote()));
        }
        String remoteWords = e.dsn().diagnostic();
        folded(
                out,
                "Diagnostic-Code: "
                        + (remoteWords != null
                                ? "smtp; " + remoteWords
                                : "X-" + settings.mailName() + "; " + e.dsn().reason()));
        if (kind == Kind.DELAY) {
            Instant until = file.envelope().arrival().plus(settings.lifetime());
            line(out, "Will-Retry-Until: " + date(until));
        }
    }

    private void originalHead(StringBuilder out, String boundary) {
        boolean all = returnsAll();
        line(out, "--" + boundary);
        line(out, "Content-Description: " + (all ? kind.original : kind.original + " Headers"));
        line(out, "Content-Type: " + originalType(all));
        if (isEightBit()) {
            line(out, "Content-Transfer-Encoding: 8bit");
        }
        line(out, "");
    }

    /// A header in UTF-8 is no header of RFC 822 (RFC 6533, 4 and 5).
    private String originalType(boolean all) {
        boolean global =
                file.envelope().attribute(Envelope.UTF8_HEADER).equals(Envelope.YES)
                        || !ascii(file.envelope().sender());
        return all
                ? global ? "message/global" : "message/rfc822"
                : global ? "message/global-headers" : "text/rfc822-headers";
    }

    /// The whole message comes back with a failure, unless it is large or the sender wants its header only (RFC 3461, 4.3).
    private boolean returnsAll() {
        return kind == Kind.FAILURE
                && !headerOnly
                && !file.envelope().attribute(Envelope.RET).equalsIgnoreCase("HDRS")
                && file.contentLength() <= settings.sizeLimit();
    }

    /// Copies the header of the original, without the empty line that ends it.
    private void copyHeader(OutputStream out) throws IOException {
        byte[] start = file.content().readNBytes(HEADER_LIMIT);
        int end = 0;
        int lineStart = 0;
        for (int i = 0; i < start.length; i++) {
            if (start[i] == '\n') {
                if (i <= lineStart + 1) {
                    break;
                }
                lineStart = i + 1;
                end = lineStart;
            }
        }
        out.write(start, 0, end);
    }

    private boolean isEightBit() {
        return file.envelope().attribute(Envelope.ENCODING).equalsIgnoreCase("8bit") || !isAscii();
    }

    private boolean isAscii() {
        if (!ascii(file.envelope().sender()) || !ascii(notified)) {
            return false;
        }
        for (RecipientLog.Entry e : entries) {
            if (!ascii(e.recipient().address())
                    || !ascii(e.recipient().original())
                    || !ascii(e.recipient().orcpt())
                    || !ascii(e.dsn().reason())
                    || (e.dsn().diagnostic() != null && !ascii(e.dsn().diagnostic()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean ascii(@Nullable String text) {
        return text == null || text.chars().allMatch(c -> c < 0x80);
    }

    private static String typed(String address) {
        String quoted = address.isEmpty() ? "" : Address.parse(clean(address)).quoted();
        return (ascii(address) ? "rfc822; " : "utf-8; ") + quoted;
    }

    private static String xtext(String text) {
        return clean(Xtext.decodeLoosely(text));
    }

    private static String clean(@Nullable String text) {
        return text == null ? "" : Printable.text(text);
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append("\r\n");
    }

    /// A paragraph or a header field, continued on further lines with an indent.
    private static void folded(StringBuilder out, String unclean) {
        String text = clean(unclean);
        int room = WIDTH;
        int from = 0;
        while (text.length() - from > room) {
            int blank = text.lastIndexOf(' ', from + room);
            if (blank <= from) {
                blank = text.indexOf(' ', from + room);
            }
            int longest = Math.min(text.length(), from + LONGEST);
            boolean cut = blank < 0 ? longest < text.length() : blank > longest;
            if (blank < 0 && !cut) {
                break;
            }
            int end = cut ? longest - (isSplit(text, longest) ? 1 : 0) : blank;
            out.append(text, from, end).append("\r\n").append(INDENT);
            from = cut ? end : blank + 1;
            room = WIDTH - INDENT.length();
        }
        out.append(text, from, text.length()).append("\r\n");
    }

    /// Whether a cut there would go through one character.
    private static boolean isSplit(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
    }
}
