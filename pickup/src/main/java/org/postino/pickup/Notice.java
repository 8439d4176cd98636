// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.postino.message.Address;
import org.postino.message.CrLfStream;
import org.postino.message.HeaderReader;
import org.postino.message.ReportWriter;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.QueueFile;
import org.postino.queue.Recipient;
import org.postino.util.Printable;

/// The notification that tells a local user that a message never came into the queue (RFC 3464).
final class Notice {
    private static final int HEADER_SHOWN = 8 * 1024;

    private Notice() {}

    static byte[] text(
            String sender, String mailName, String myhostname, QueueFile message, Refused no)
            throws IOException {
        String boundary = "----=_" + Long.toString(System.nanoTime(), 36) + "/" + myhostname;
        var bytes = new ByteArrayOutputStream(2000);
        boolean ascii = isAscii(sender, message, no);
        var report = new ReportWriter(bytes, boundary, ascii);
        report.head(
                myhostname,
                "Undelivered Mail Returned to Sender",
                Address.parse(Printable.text(sender)).quoted());
        report.mime(!ascii);
        report.line();
        report.notice();
        report.line("This is the mail system at host " + myhostname + ".");
        report.line();
        report.line("Your message was not accepted for delivery to anybody:");
        report.line();
        String reason = no.reason().isEmpty() ? "" : " (" + no.reason() + ")";
        report.line("    " + no.reply().text() + reason);
        report.line();
        report.status();
        report.field("Reporting-MTA", "dns; " + myhostname);
        for (Recipient r : message.recipients()) {
            report.line();
            report.field("Final-Recipient", ReportWriter.typed(r.address()));
            report.field("Action", "failed");
            report.field(
                    "Status",
                    no.reply().status() == null ? "5.0.0" : String.valueOf(no.reply().status()));
            report.field("Diagnostic-Code", "x-" + mailName + "; " + no.reply().text());
        }
        report.line();
        copyHeader(
                message,
                report.original(
                        "Undelivered Message Headers",
                        "text/rfc822-headers",
                        /* eightBit= */ false));
        report.end();
        return bytes.toByteArray();
    }

    private static boolean isAscii(String sender, QueueFile message, Refused no) {
        for (Recipient r : message.recipients()) {
            if (!ReportWriter.isAscii(r.address())) {
                return false;
            }
        }
        return ReportWriter.isAscii(sender)
                && ReportWriter.isAscii(no.reply().text())
                && ReportWriter.isAscii(no.reason());
    }

    /// Copies the header without the fields that name hidden recipients.
    private static void copyHeader(QueueFile message, OutputStream out) throws IOException {
        try (var in = message.content()) {
            var lines = new ByteArrayOutputStream();
            var clean = new CrLfStream(lines);
            clean.write(in.readNBytes(HEADER_SHOWN));
            clean.finish();
            HeaderReader.read(
                    new ByteArrayInputStream(lines.toByteArray()),
                    HEADER_SHOWN,
                    field -> {
                        if (!field.is("bcc")) {
                            out.write(field.bytes(), field.from(), field.length());
                        }
                    });
        }
    }
}
