// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReportWriterTest {
    private static String report(String reason, boolean ascii) throws IOException {
        var out = new ByteArrayOutputStream();
        var report = new ReportWriter(out, "b/1", ascii);
        report.head("mx.test", "Undelivered", "<a@x.test>");
        report.mime(!ascii);
        report.line();
        report.notice();
        report.folded("<b@y.test>: " + reason);
        report.status();
        report.field("Reporting-MTA", "dns; mx.test");
        report.line();
        report.field("Final-Recipient", ReportWriter.typed("b c@y.test"));
        report.field("Diagnostic-Code", reason);
        report.original("Headers", "text/rfc822-headers", /* eightBit= */ false)
                .write("Subject: x\r\n".getBytes(StandardCharsets.US_ASCII));
        report.end();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static MimePart parse(String report) throws IOException {
        return MimeParser.parse(new ByteArrayInputStream(report.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aReportHasThreeParts() throws IOException {
        String text = report("no such user", /* ascii= */ true);
        var parts = parse(text).children();
        assertEquals(3, parts.size());
        assertTrue(parts.get(1).type().is("message", "delivery-status"));
        assertTrue(text.contains("Final-Recipient: rfc822; \"b c\"@y.test\r\n"), text);
        assertEquals("Subject: x\r\n".length(), parts.get(2).bodySize());
    }

    /// Neither lines nor parts can be made by what another party said.
    @Test
    void whatOthersSayStaysInItsLine() throws IOException {
        String text =
                report(
                        "a\r\n--b/1\r\nContent-Type: text/html\r\n\r\nb\u2028c\u202ed",
                        /* ascii= */ false);
        assertEquals(3, parse(text).children().size());
        assertFalse(text.contains("\r\nContent-Type: text/html"), text);
        assertFalse(text.contains("\u2028") || text.contains("\u202e"), text);
        assertTrue(text.contains("message/global-delivery-status"), text);
    }

    @Test
    void longTextIsFoldedAndNoCharacterSplit() throws IOException {
        String text = report("\ud83d\ude00".repeat(500) + " " + "w ".repeat(300), false);
        for (String line : text.split("\r\n", -1)) {
            assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= 998 || line.startsWith("D"));
        }
        assertFalse(text.contains("?"), text);
    }
}
