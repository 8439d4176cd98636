// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// An instance with the rows that Debian's master.cf has for postscreen.
class PostscreenSuiteTest {
    @TempDir Path dir;

    @Test
    void aClientPassesAndItsMailArrives() throws Exception {
        int port = FreePort.find();
        try (var mx = Instance.create(dir.resolve("mx"))) {
            Files.write(
                    mx.directory().resolve("master.cf"),
                    List.of(
                            "127.0.0.1:" + port + " inet n - y - 1 postscreen",
                            "smtpd pass - - y - - smtpd -o smtpd_banner=behind.test",
                            "dnsblog unix - - y - 0 dnsblog",
                            "tlsproxy unix - - y - 0 tlsproxy"),
                    StandardOpenOption.APPEND);
            mx.user("bob@mx.test", "secret")
                    .set(
                            "postscreen_greet_wait = 1s",
                            "postscreen_greet_action = enforce",
                            "postscreen_access_list =",
                            "postscreen_pipelining_enable = yes",
                            "log_names = compatible")
                    .start();
            try (var wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port))) {
                assertTrue(String.valueOf(wire.line()).startsWith("220-"));
                wire.linesTo("220 ");
                wire.ask("HELO client.test");
                wire.ask("MAIL FROM:<a@b.test>");
                assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@mx.test>"));
                wire.ask("DATA");
                String queued = String.valueOf(wire.ask("Subject: x\r\n\r\nhello\r\n."));
                assertTrue(queued.startsWith("250 2.0.0 Ok: queued as "), queued);
            }
            mx.awaitLog("status=sent");
            mx.awaitLog("postfix/postscreen[");
            List<String> lines = mx.logLines();
            assertTrue(
                    lines.stream().anyMatch(l -> l.matches(".*/postscreen\\[\\d+\\]: PASS NEW .*")),
                    lines::toString);
            assertTrue(
                    lines.stream()
                            .anyMatch(
                                    l -> l.matches(".*/smtpd\\[\\d+\\]: connect from localhost.*")),
                    lines::toString);
        }
    }
}
