// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.log.Event;
import org.postino.log.LogName;
import org.postino.log.Severity;
import org.postino.log.StampedEvent;

class LogTest {
    private static final String STAMP = "Nov  2 04:05:06";

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
        log.write(
                LogName.of("postino", "smtpd"),
                12,
                new Event(Severity.INFO, "-", "connect from x[192.0.2.1]"));
        log.write(LogName.of("postino", "smtpd"), 12, new Event(Severity.WARNING, "-", "odd"));
        log.open(config); // as at a reload
        log.write(LogName.of("postino", "smtpd"), 12, new Event(Severity.PANIC, "-", "bug"));
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
    void linesThatExistingToolsKnowHaveTheFormsOfPostfixAndDovecot() {
        var smtpd = LogName.compatible("postfix/submission", "smtpd");
        assertEquals(
                "postfix/submission/smtpd[12]: warning: odd",
                smtpd.line(12, new Event(Severity.WARNING, "-", "odd")));
        assertEquals(
                new LogName("postfix/submission/smtpd", ""),
                LogName.compatible("postino/submission", "smtpd"));
        assertEquals(new LogName("postinos/smtpd", ""), LogName.compatible("postinos", "smtpd"));
        var imapd = LogName.compatible("postfix", "imapd");
        assertEquals(
                "dovecot: imap-login: Login: user=<a: b>",
                imapd.line(12, new Event(Severity.INFO, "-", "imap-login: Login: user=<a: b>")));
        assertEquals(
                "dovecot: imap(a b)<7><ab>: Error: cannot open",
                imapd.line(7, new Event(Severity.ERROR, "-", "imap(a b)<7><ab>: cannot open")));
        assertEquals(
                "dovecot: imap: Warning: imaps: odd",
                imapd.line(12, new Event(Severity.WARNING, "-", "imaps: odd")));
        assertEquals(
                "dovecot: auth: nobody",
                LogName.compatible("postfix", "auth")
                        .line(12, new Event(Severity.INFO, "-", "nobody")));
    }

    @Test
    void whatDaemonsLogInOneTurnStandsInTheOrderInWhichItHappened() throws IOException {
        Path file = dir.resolve("mail.log");
        var log = new LogWriter(Clock.systemUTC(), false);
        log.open(Config.of(Map.of("maillog_file", file.toString(), "myhostname", "mx")));
        var watch = new DaemonWatch(log);
        watch.hear(
                LogName.of("postino", "qmgr"),
                2,
                List.of("10\tinfo\t-\tactive", "30\tinfo\t-\tremoved"));
        watch.hear(
                LogName.of("postino", "local"),
                3,
                List.of("20\tinfo\t-\tsent", "20\tinfo\t-\tand more"));
        watch.write();
        watch.hear(LogName.of("postino", "qmgr"), 2, List.of("15\tinfo\t-\ta later turn"));
        watch.write();
        log.close();
        assertEquals(
                List.of("active", "sent", "and more", "removed", "a later turn"),
                Files.readAllLines(file).stream().map(l -> l.replaceFirst(".*]: ", "")).toList());
    }

    @Test
    void theSystemLogGetsDatagramsAndSurvivesARestartOfItsDaemon() throws IOException {
        Path path = dir.resolve("log");
        var now = new AtomicLong();
        try (var target = new Syslog(path.toString(), 2, null, now::get)) {
            for (String text : List.of("first", "after a restart")) {
                try (var daemon = new FakeDatagrams(path)) {
                    target.write(Severity.ERROR, STAMP, "postino/qmgr[3]: error: " + text);
                    assertEquals(
                            "<19>" + STAMP + " postino/qmgr[3]: error: " + text, daemon.next());
                }
            }
        }
    }

    @Test
    void aLogDaemonThatIsAwayIsMissedOnceASecondAndToldOfIt() throws IOException {
        Path path = dir.resolve("log");
        var now = new AtomicLong();
        var kept = new ArrayList<String>();
        try (var target = new Syslog(path.toString(), 16, keeping(kept), now::get)) {
            IOException e = assertThrows(IOException.class, () -> write(target, "one"));
            assertTrue(String.valueOf(e.getMessage()).contains("No such file"), e.toString());
            try (var daemon = new FakeDatagrams(path)) {
                write(target, "two");
                now.addAndGet(1_000_000_001);
                write(target, "three");
                assertEquals(
                        "<132>"
                                + STAMP
                                + " postino/qmgr[3]: warning: the log daemon was away: it missed 2"
                                + " lines",
                        daemon.next());
                assertEquals("<134>" + STAMP + " postino/qmgr[3]: three", daemon.next());
            }
        }
        assertEquals(List.of("postino/qmgr[3]: one", "postino/qmgr[3]: two"), kept);
    }

    @Test
    void aLogDaemonThatDoesNotReadHoldsNobodyUpForLong() throws IOException {
        Path path = dir.resolve("log");
        try (var daemon = new FakeDatagrams(path);
                var target = new Syslog(path.toString(), 2, null, System::nanoTime)) {
            String text = "postino/qmgr[3]: " + "x".repeat(4000);
            IOException stuck =
                    assertThrows(
                            IOException.class,
                            () -> {
                                for (int i = 0; i < 100_000; i++) {
                                    target.write(Severity.INFO, STAMP, text);
                                }
                            });
            assertTrue(
                    String.valueOf(stuck.getMessage()).contains("takes no more"), stuck.toString());
            assertEquals("<22>" + STAMP + " " + text, daemon.next());
        }
    }

    private static void write(LogTarget target, String text) throws IOException {
        target.write(Severity.INFO, STAMP, "postino/qmgr[3]: " + text);
    }

    private static LogTarget keeping(List<String> lines) {
        var stream =
                new PrintStream(OutputStream.nullOutputStream()) {
                    @Override
                    public void println(@Nullable String line) {
                        lines.add(String.valueOf(line).substring(STAMP.length() + 4));
                    }
                };
        return new LogTarget.ToStream(stream, "mx");
    }

    @Test
    void linesArePutTogetherFromPiecesAndBounded() {
        var lines = new LineBuffer();
        assertEquals(List.of("ab", ""), add(lines, "ab\n\nc"));
        assertEquals(List.of("cd"), add(lines, "d\n"));
        assertEquals(List.of(), lines.rest());
        assertEquals(List.of(), add(lines, "x".repeat(3 * StampedEvent.LIMIT)));
        String rest = lines.rest().getFirst();
        assertTrue(rest.length() == StampedEvent.LIMIT, "" + rest.length());
    }

    private static List<String> add(LineBuffer lines, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return lines.add(bytes, bytes.length);
    }
}
