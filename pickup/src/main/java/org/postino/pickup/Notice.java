// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.postino.global.queue.CleanupResult.Refused;
import org.postino.global.queue.QueueFile;
import org.postino.global.queue.Recipient;
import org.postino.message.Address;
import org.postino.message.CrLfStream;
import org.postino.util.Printable;

/// The letter that tells a local user that a message never came into the queue (RFC 3464).
final class Notice {
    private static final int HEADER_SHOWN = 8 * 1024;

    private Notice() {}

    static byte[] text(
            String sender, String mailName, String myhostname, QueueFile message, Refused no)
            throws IOException {
        String boundary = "----=_" + Long.toString(System.nanoTime(), 36) + "/" + myhostname;
        var s = new StringBuilder(2000);
        line(s, "From: Mail Delivery System <MAILER-DAEMON@" + myhostname + ">");
        line(s, "To: " + Address.parse(sender).quoted());
        line(s, "Subject: Undelivered Mail Returned to Sender");
        line(s, "Auto-Submitted: auto-replied");
        line(s, "MIME-Version: 1.0");
        line(s, "Content-Type: multipart/report; report-type=delivery-status;");
        line(s, "\tboundary=\"" + boundary + "\"");
        line(s, "");
        line(s, "--" + boundary);
        line(s, "Content-Type: text/plain; charset=us-ascii");
        line(s, "");
        line(s, "This is the mail system at host " + myhostname + ".");
        line(s, "");
        line(s, "Your message was not accepted for delivery to anybody:");
        line(s, "");
        line(s, "    " + no.reply().text() + " (" + no.reason() + ")");
        line(s, "");
        line(s, "--" + boundary);
        line(s, "Content-Type: message/delivery-status");
        line(s, "");
        line(s, "Reporting-MTA: dns; " + myhostname);
        for (Recipient r : message.recipients()) {
            line(s, "");
            line(
                    s,
                    "Final-Recipient: rfc822; "
                            + Address.parse(Printable.text(r.address())).quoted());
            line(s, "Action: failed");
            line(s, "Status: " + (no.reply().status() == null ? "5.0.0" : no.reply().status()));
            line(s, "Diagnostic-Code: x-" + mailName + "; " + no.reply().text());
        }
        line(s, "");
        line(s, "--" + boundary);
        line(s, "Content-Type: text/rfc822-headers");
        line(s, "");
        s.append(header(message));
        line(s, "");
        line(s, "--" + boundary + "--");
        return s.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String header(QueueFile message) throws IOException {
        try (var in = message.content()) {
            var lines = new ByteArrayOutputStream();
            var clean = new CrLfStream(lines);
            clean.write(in.readNBytes(HEADER_SHOWN));
            clean.finish();
            String text = lines.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            String header = end < 0 ? text : text.substring(0, end);
            return header.replaceAll("(?m)^[bB][cC][cC]:.*(\r?\n[ \t].*)*\r?\n?", "") + "\r\n";
        }
    }

    private static void line(StringBuilder s, String text) {
        s.append(text).append("\r\n");
    }
}
