// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// Tables of header_checks(5) in a running suite: what clients and local users hear, and who gets the mail.
class ContentChecksTest {
    @TempDir Path dir;

    private static String talk(Instance mx, int port, String... content) throws IOException {
        try (Wire smtp = mx.wire(port)) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            smtp.linesTo("250 ");
            for (String line : new String[] {"MAIL FROM:<a@x.test>", "RCPT TO:<bob@mx.test>"}) {
                smtp.send(line + "\r\n");
                smtp.linesTo("250 ");
            }
            smtp.send("DATA\r\n");
            smtp.linesTo("354 ");
            smtp.send(String.join("\r\n", content) + "\r\n.\r\n");
            return String.valueOf(smtp.line());
        }
    }

    @Test
    void aMessageIsRefusedMarkedOrSentElsewhere() throws Exception {
        try (Instance mx = Instance.create(dir.resolve("mx"))) {
            mx.user("bob@mx.test", "secret").user("carol@mx.test", "secret");
            Path table = dir.resolve("header_checks");
            Files.writeString(
                    table,
                    """
                    /^Subject: spam/ REJECT 5.7.9 no spam
                    /^Subject: carol/ REDIRECT carol@mx.test
                    /^Subject: mark/ PREPEND X-Marked: yes
                    """);
            mx.set("header_checks = regexp:" + table).start();
            assertEquals("550 5.7.9 no spam", talk(mx, 25, "Subject: spam", "", "x"));
            String line = mx.awaitLog("reject: header Subject: spam");
            assertTrue(
                    line.endsWith(
                            "; from=<a@x.test> to=<bob@mx.test> proto=ESMTP helo=<client.test>: 5.7.9 no spam"),
                    line);
            assertTrue(talk(mx, 25, "Subject: carol", "", "x").startsWith("250 "));
            Await.until("carol's letter", () -> mx.inbox("carol@mx.test").size() == 1);
            assertTrue(talk(mx, 25, "Subject: mark", "", "x").startsWith("250 "));
            Await.until("bob's letter", () -> mx.inbox("bob@mx.test").size() == 1);
            String letter = Files.readString(mx.inbox("bob@mx.test").getFirst());
            assertTrue(letter.contains("\nX-Marked: yes\nSubject: mark\n"), letter);
            mx.command("sendmail", "-f", "carol@mx.test", "bob@mx.test")
                    .input("Subject: spam\n\nx\n")
                    .run()
                    .ok();
            Await.until("the notification", () -> mx.inbox("carol@mx.test").size() == 2);
            mx.awaitLog(
                    "reject: header Subject: spam from local; from=<carol@mx.test> to=<bob@mx.test>: 5.7.9");
            mx.awaitEmptyQueue();
        }
    }
}
