// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.global.config.Config;
import org.postino.global.log.Event;
import org.postino.global.log.Severity;

class LogTest {
    @TempDir Path dir;

    @Test
    void linesBearStampHostTagAndSeverity() throws IOException {
        Path file = dir.resolve("log/mail.log");
        var config =
                Config.of(
                        Map.of(
                                "maillog_file", file.toString(),
                                "maillog_file_permissions", "0640",
                                "myhostname", "mx.example.test"));
        var zone = ZoneId.systemDefault();
        var when = LocalDateTime.of(2026, 11, 2, 4, 5, 6).atZone(zone).toInstant();
        var log = new LogWriter(Clock.fixed(when, zone), false);
        log.open(config);
        log.write("postino/smtpd", 12, new Event(Severity.INFO, "-", "connect from x[192.0.2.1]"));
        log.write("postino/smtpd", 12, new Event(Severity.WARNING, "-", "odd"));
        log.open(config); // as at a reload
        log.write("postino/smtpd", 12, new Event(Severity.PANIC, "-", "bug"));
        log.close();
        assertEquals(
                List.of(
                        "Nov  2 04:05:06 mx postino/smtpd[12]: connect from x[192.0.2.1]",
                        "Nov  2 04:05:06 mx postino/smtpd[12]: warning: odd",
                        "Nov  2 04:05:06 mx postino/smtpd[12]: panic: bug"),
                Files.readAllLines(file));
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void theSystemLogGetsDatagramsAndSurvivesARestartOfItsDaemon() throws IOException {
        Path path = dir.resolve("log");
        try (var target = new LogTarget.ToSyslog(path)) {
            for (String text : List.of("first", "after a restart")) {
                try (var daemon = UnixDatagramChannel.open()) {
                    daemon.bind(new UnixSocketAddress(path.toFile()));
                    target.write(
                            Severity.ERROR, "Nov  2 04:05:06", "postino/qmgr[3]: error: " + text);
                    var got = ByteBuffer.allocate(1000);
                    daemon.receive(got);
                    assertEquals(
                            "<19>Nov  2 04:05:06 postino/qmgr[3]: error: " + text,
                            StandardCharsets.UTF_8.decode(got.flip()).toString());
                }
                Files.deleteIfExists(path);
            }
        }
    }

    @Test
    void linesArePutTogetherFromPiecesAndBounded() {
        var lines = new LineBuffer();
        assertEquals(List.of("ab", ""), add(lines, "ab\n\nc"));
        assertEquals(List.of("cd"), add(lines, "d\n"));
        assertEquals(List.of(), lines.rest());
        assertEquals(List.of(), add(lines, "x".repeat(3 * Event.LIMIT)));
        String rest = lines.rest().getFirst();
        assertTrue(rest.length() == Event.LIMIT, "" + rest.length());
    }

    private static List<String> add(LineBuffer lines, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return lines.add(bytes, bytes.length);
    }
}
