// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.HostileText;
import org.postino.kit.Wire;
import org.postino.util.Printable;

/// Nothing that a client says continues or forges what smtpd writes: replies, log lines, the Received: field.
final class HostileTextTest {
    private static final String RECEIVED =
            "Received: from [^\\s<>()\\\\\";@]+ \\(localhost \\[127\\.0\\.0\\.1\\]\\)"
                    + "(?: \\(Authenticated sender: [^<>()\\\\\";]+\\))?"
                    + " by mx\\.test \\(Postino\\) with E?SMTPA? id \\w+ for <bob@local\\.test>;"
                    + " \\w{3}, \\d{1,2} \\w{3} \\d{4} [0-9:]{8} \\+0000 \\(UTC\\)";

    @TempDir Path directory;

    @Test
    void nothingSaidForgesWhatIsWritten() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_hard_error_limit", "1000");
            stage.param("smtpd_sasl_auth_enable", "yes");
            stage.param("smtpd_sasl_authenticated_header", "yes");
            stage.param("smtpd_client_connection_rate_limit", "0");
            for (String text : HostileText.texts(12, 150)) {
                play(stage, text);
            }
            for (String line : stage.log()) {
                assertEquals(Printable.text(line), line);
            }
            for (var message : stage.queue.messages) {
                String[] fields = message.content().replace("\r\n\t", " ").split("\r\n", 2);
                assertTrue(fields[0].matches(RECEIVED), fields[0]);
            }
        }
    }

    private static void play(SmtpdStage stage, String text) throws IOException {
        stage.auth.users.put(text, "pw");
        try (var wire = new Wire(stage.connect())) {
            reply(wire);
            say(wire, "EHLO " + text);
            say(wire, "HELO " + text);
            say(wire, "AUTH " + text);
            say(wire, "AUTH PLAIN " + base64("\0" + text + "\0wrong"));
            say(wire, "FOO " + text);
            say(wire, "VRFY " + text);
            say(wire, "MAIL FROM:<" + text + "@b.test>");
            say(wire, "RSET");
            say(wire, "MAIL FROM:<\"" + text.replaceAll("[\"\\\\]", "\\\\$0") + "\"@b.test>");
            say(wire, "RCPT TO:<\"" + text.replaceAll("[\"\\\\]", "\\\\$0") + "\"@local.test>");
            say(wire, "RCPT TO:<" + text + ">");
            say(wire, "RSET");
            say(wire, "MAIL FROM:<a@b.test> " + text);
            say(wire, "RSET");
            say(wire, "AUTH PLAIN " + base64("\0" + text + "\0pw"));
            say(wire, "MAIL FROM:<a@b.test> AUTH=" + text.replaceAll("\\s", "+20"));
            say(wire, "RSET");
            say(wire, "MAIL FROM:<a@b.test>");
            say(wire, "RCPT TO:<bob@local.test>");
            say(wire, "DATA");
            say(wire, " " + text + "\r\n.");
            say(wire, "QUIT");
        }
        try (var wire = new Wire(stage.connect())) {
            reply(wire);
            say(wire, text); // may end the session
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void say(Wire wire, String command) throws IOException {
        byte[] bytes = (command + "\r\n").getBytes(StandardCharsets.UTF_8);
        wire.send(new String(bytes, StandardCharsets.ISO_8859_1));
        reply(wire);
    }

    private static void reply(Wire wire) throws IOException {
        String line;
        do {
            byte[] bytes = String.valueOf(wire.line()).getBytes(StandardCharsets.ISO_8859_1);
            line = new String(bytes, StandardCharsets.UTF_8);
            assertEquals(Printable.text(line), line);
            assertTrue(line.matches("[2345]\\d\\d[- ].*"), line);
        } while (line.charAt(3) == '-');
    }
}
