// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.postino.util.Printable;

/// Writes a notification about the fate of a message: `multipart/report` with a text for people, one for programs, and the original or
/// its header (RFC 3462, RFC 3464; RFC 6533 if anything said is not ASCII).
///
/// The caller writes its own fields and [#head], then [#mime], then the parts in this order: [#notice], [#status], [#original], and
/// [#end]. Lines end in CRLF. Text is made harmless ([Printable]), so that nothing said by others begins a field or a part. Owned by one
/// thread.
public final class ReportWriter {
    private static final int WIDTH = 76;

    /// The length at which a word without a blank is cut, so that no line has more than the 998 octets of RFC 5322, 2.1.1.
    private static final int LONGEST = 240;

    private static final String INDENT = "    ";
    private static final String EIGHT_BIT = "Content-Transfer-Encoding: 8bit";

    private final OutputStream out;
    private final String boundary;
    private final boolean ascii;
    private final StringBuilder text = new StringBuilder(2048);

    /// @param ascii whether all that will be said is ASCII
    public ReportWriter(OutputStream out, String boundary, boolean ascii) {
        this.out = out;
        this.boundary = boundary;
        this.ascii = ascii;
    }

    /// Writes the fields of the header: sender, recipient, subject, and that no program shall answer (RFC 3834).
    ///
    /// @param domain of the mail system
    /// @param to     the address as it stands in a field
    public void head(String domain, String subject, String to) {
        line("From: Mail Delivery System <MAILER-DAEMON@" + domain + ">");
        line("Subject: " + subject);
        line("To: " + to);
        line("Auto-Submitted: auto-replied");
    }

    /// The fields of MIME.
    ///
    /// @param eightBit whether any part is 8 bit
    public void mime(boolean eightBit) {
        line("MIME-Version: 1.0");
        line("Content-Type: multipart/report; report-type=delivery-status;");
        line("\tboundary=\"" + boundary + "\"");
        if (eightBit) {
            line(EIGHT_BIT);
        }
    }

    /// Begins the part for people; lines and paragraphs follow.
    public void notice() {
        part(
                "Notification",
                "text/plain; charset=" + (ascii ? "us-ascii" : "utf-8"),
                /* eightBit= */ !ascii);
    }

    /// Begins the part for programs; fields follow, an empty line before those of each recipient.
    public void status() {
        part(
                "Delivery report",
                ascii ? "message/delivery-status" : "message/global-delivery-status",
                /* eightBit= */ !ascii);
    }

    /// Begins the part with the original, and returns where that is written.
    ///
    /// @param type `message/rfc822`, `text/rfc822-headers` or their like of RFC 6533
    public OutputStream original(String description, String type, boolean eightBit)
            throws IOException {
        part(description, type, eightBit);
        flush();
        return out;
    }

    private void part(String description, String type, boolean eightBit) {
        line("--" + boundary);
        line("Content-Description: " + description);
        line("Content-Type: " + type);
        if (eightBit) {
            line(EIGHT_BIT);
        }
        line();
    }

    /// Ends the report.
    public void end() throws IOException {
        line();
        line("--" + boundary + "--");
        flush();
    }

    private void flush() throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }

    /// An empty line.
    public void line() {
        text.append("\r\n");
    }

    /// A line as it is; a tab at its beginning continues the field before.
    public void line(String line) {
        boolean continues = line.startsWith("\t");
        text.append(continues ? "\t" : "")
                .append(Printable.text(continues ? line.substring(1) : line))
                .append("\r\n");
    }

    /// A field on one line.
    public void field(String name, @Nullable String value) {
        line(name + ": " + (value == null ? "" : value));
    }

    /// A paragraph or a field, continued on further lines with an indent.
    public void folded(String unclean) {
        String clean = Printable.text(unclean);
        int room = WIDTH;
        int from = 0;
        while (clean.length() - from > room) {
            int blank = clean.lastIndexOf(' ', from + room);
            if (blank <= from) {
                blank = clean.indexOf(' ', from + room);
            }
            int longest = Math.min(clean.length(), from + LONGEST);
            boolean cut = blank < 0 ? longest < clean.length() : blank > longest;
            if (blank < 0 && !cut) {
                break;
            }
            int end = cut ? longest - (isSplit(clean, longest) ? 1 : 0) : blank;
            text.append(clean, from, end).append("\r\n").append(INDENT);
            from = cut ? end : blank + 1;
            room = WIDTH - INDENT.length();
        }
        text.append(clean, from, clean.length()).append("\r\n");
    }

    /// True if a cut there would go through one character.
    private static boolean isSplit(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
    }

    /// True if a text, if there is one, is ASCII.
    public static boolean isAscii(@Nullable String text) {
        if (text != null) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) >= 0x80) {
                    return false;
                }
            }
        }
        return true;
    }

    /// An address with its type, as fields for programs have it (RFC 3464, 2.1.2; RFC 6533, 3).
    ///
    /// @param internal in internal form; empty for the null sender
    public static String typed(String internal) {
        String quoted = internal.isEmpty() ? "" : Address.parse(Printable.text(internal)).quoted();
        return (isAscii(internal) ? "rfc822; " : "utf-8; ") + quoted;
    }
}
