// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// Broken files, full disks, wrong configuration: a clear answer, and nothing lost.
class FaultTest {
    @TempDir Path dir;
    private Instance mx;

    @BeforeEach
    void create() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user("bob@mx.test", "secret")
                .set(
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 2s",
                        "queue_run_delay = 1s");
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    @Test
    void aWrongConfigurationStartsNothingAndNamesEveryError() throws IOException {
        Path main = mx.directory().resolve("main.cf");
        Files.writeString(
                main,
                "queue_run_dely = 5s\nmessage_size_limit = many\nsmtpd_helo_required = perhaps\n",
                StandardOpenOption.APPEND);
        Files.writeString(
                mx.directory().resolve("master.cf"), "broken unix n\n", StandardOpenOption.APPEND);
        Command.Result result = mx.command("postino", "start").run();
        assertNotEquals(0, result.status());
        String said = result.err() + result.out();
        for (String part :
                List.of(
                        "queue_run_dely",
                        "queue_run_delay",
                        "message_size_limit",
                        "smtpd_helo_required",
                        "master.cf")) {
            assertTrue(said.contains(part), part + " in: " + said);
        }
        assertFalse(
                Files.exists(mx.spool().resolve("pid/master.pid")) && !mx.processes().isEmpty());
    }

    @Test
    void aWrongConfigurationTakesNothingDownOnReload() throws IOException {
        mx.start();
        Path main = mx.directory().resolve("main.cf");
        Files.writeString(main, "message_size_limit = many\n", StandardOpenOption.APPEND);
        Command.Result result = mx.command("postino", "reload").run();
        assertNotEquals(0, result.status(), result.out());
        assertTrue((result.err() + result.out()).contains("message_size_limit"), result.err());
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: still here\n\ntext");
        mx.awaitLog(id + ": removed");
        assertEquals(1, mx.inbox("bob@mx.test").size());
    }

    @Test
    void aPasswordIsNotAskedForWhereThereIsNoTerminal() throws IOException {
        Command.Result result =
                mx.command("postuser", "add", "new@mx.test").input("secret\n").run();
        assertEquals(1, result.status());
        assertEquals(
                "postuser: fatal: no terminal to ask for the password: use --password-stdin\n",
                result.err());
    }

    @Test
    void sendmailTakesAStreamThatIsClosedForAnEmptyOne() throws IOException {
        for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&- 2>&-")) {
            new Command(
                            "sh",
                            "-c",
                            "exec \"$@\" " + closed,
                            "sh",
                            sendmail(),
                            "-C",
                            mx.directory().toString(),
                            "bob@mx.test")
                    .input("Subject: closed\n\ntext\n")
                    .run()
                    .ok();
        }
        assertEquals(4, dropped().size());
        for (Path letter : dropped()) {
            assertTrue(Files.size(letter) < 1000, letter + " has " + Files.size(letter));
        }
    }

    @Test
    void sendmailEndedByASignalLeavesNothingBehind() throws Exception {
        Process process =
                new ProcessBuilder(sendmail(), "-C", mx.directory().toString(), "bob@mx.test")
                        .start();
        try (var letter = process.outputWriter()) {
            letter.write("Subject: never sent\n\n");
            letter.flush();
            Await.until("a file", () -> dropped().size() == 1);
            process.descendants().forEach(ProcessHandle::destroy);
            assertNotEquals(0, process.waitFor());
        }
        assertEquals(List.of(), dropped());
    }

    private static String sendmail() {
        return Instance.imageDirectory().resolve("bin/sendmail").toString();
    }

    private List<Path> dropped() throws IOException {
        try (var files = Files.list(mx.spool().resolve("maildrop"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aSecondInstanceOnOneSpoolRefusesToStart() throws IOException {
        mx.start();
        try (var other = Instance.create(dir.resolve("other"))) {
            other.set("queue_directory = " + mx.spool());
            Command.Result result = other.command("postino", "start").run();
            assertNotEquals(0, result.status());
            assertTrue(
                    (result.err() + result.out()).contains("running"), result.err() + result.out());
            Path unused = dir.resolve("other-spool");
            other.set("queue_directory = " + unused);
        }
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: unharmed\n\ntext");
        mx.awaitLog(id + ": removed");
    }

    @Test
    void aQueueFileCutInHalfGoesToCorrupt() throws IOException {
        String id = holdOne();
        Path file = find(id);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        mx.command("postsuper", "-H", "ALL").run().ok();
        mx.start();
        Await.until(
                "the file is set aside", () -> Files.exists(mx.spool().resolve("corrupt/" + id)));
        String line = mx.awaitLog("corrupt");
        assertTrue(line.contains(id), line);
        String next = mx.send("a@b.test", "bob@mx.test", "Subject: life goes on\n\ntext");
        mx.awaitLog(next + ": removed");
    }

    @Test
    void anUnwritableMailboxDefersAndDeliversLater() throws IOException {
        mx.start();
        Path home = mx.maildir("bob@mx.test").getParent();
        Files.createDirectories(home.getParent());
        Files.deleteIfExists(mx.maildir("bob@mx.test"));
        if (Files.isDirectory(home)) {
            Files.delete(home);
        }
        Files.writeString(home, "a file where the home directory should be");
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: patience\n\ntext");
        String line = mx.awaitLog(id + ": to=<bob@mx.test>");
        assertTrue(line.contains("status=deferred"), line);
        assertTrue(line.contains(home.toString()), line);
        Files.delete(home);
        mx.command("postqueue", "-f").run().ok();
        mx.awaitLog(id + ": removed");
        assertEquals(1, mx.inbox("bob@mx.test").size());
    }

    @Test
    void aFullDiskRefusesForNowAndLosesNothing() throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        assumeTrue(root && Command.exists("mount"), "needs root to mount a small file system");
        Files.createDirectories(mx.spool());
        Command.Result mounted =
                new Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mx.spool().toString())
                        .run();
        assumeTrue(mounted.status() == 0, "cannot mount here: " + mounted.err());
        try {
            mx.set("message_size_limit = 1900000").start();
            Path filler = mx.spool().resolve("filler");
            try (Wire smtp = mx.wire(25)) {
                greet(smtp);
                smtp.ask("MAIL FROM:<a@b.test>");
                smtp.ask("RCPT TO:<bob@mx.test>");
                fill(filler);
                smtp.ask("DATA");
                smtp.send("Subject: too much\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(20_000));
                String reply = String.valueOf(smtp.ask("."));
                assertTrue(reply.startsWith("452 4.3.1 ") || reply.startsWith("451 4.3.0 "), reply);
                assertEquals(
                        "452 4.3.1 Insufficient system storage", smtp.ask("MAIL FROM:<a@b.test>"));
                Files.delete(filler);
                reply = letter(smtp, "Subject: fits\n\ntext\n");
                assertTrue(reply.startsWith("250 2.0.0 "), reply);
            }
            mx.awaitEmptyQueue();
            assertEquals(1, mx.inbox("bob@mx.test").size());
            mx.stop();
        } finally {
            mx.command("postino", "stop").run();
            new Command("umount", "-l", mx.spool().toString()).run();
        }
    }

    @Test
    void aHugeSizeIsRefusedBeforeTheLetter() throws IOException {
        mx.start();
        try (Wire smtp = mx.wire(25)) {
            greet(smtp);
            String reply = String.valueOf(smtp.ask("MAIL FROM:<a@b.test> SIZE=2147483648"));
            assertEquals("552 5.3.4 Message size exceeds fixed limit", reply);
        }
    }

    @Test
    void rubbishAndVanishingClientsLeaveTheServerWhole() throws IOException {
        mx.start();
        for (int port : List.of(25, 110, 143, 465, 993)) {
            try (Wire wire = mx.wire(port)) {
                wire.send("\0\u00ff\u00fe\r\n".repeat(50) + "x".repeat(100_000));
            }
            try (Wire wire = mx.wire(port)) {
                wire.send("E");
            }
        }
        try (Wire smtp = mx.wire(25)) {
            greet(smtp);
            smtp.ask("MAIL FROM:<a@b.test>");
            smtp.ask("RCPT TO:<bob@mx.test>");
            smtp.ask("DATA");
            smtp.send("Subject: half a letter\r\n\r\nand then");
        }
        mx.awaitLog("lost connection after DATA");
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: whole\n\ntext");
        mx.awaitLog(id + ": removed");
        assertEquals(1, mx.inbox("bob@mx.test").size());
        mx.awaitEmptyQueue();
        assertTrue(mx.logLines().stream().noneMatch(l -> l.contains("panic")), "no panic");
    }

    @Test
    void aWrongPasswordIsRefusedEverywhere() throws IOException {
        mx.set("auth_failure_delay = 0s").start();
        try (Wire pop = mx.wire(110)) {
            pop.linesTo("+OK");
            pop.ask("USER bob@mx.test");
            assertTrue(String.valueOf(pop.ask("PASS wrong")).startsWith("-ERR"));
        }
        try (Wire imap = mx.wire(143)) {
            imap.linesTo("* OK");
            assertTrue(
                    String.valueOf(imap.ask("a LOGIN bob@mx.test wrong"))
                            .startsWith("a NO [AUTHENTICATIONFAILED]"));
        }
        try (Wire smtp = mx.wire(587)) {
            greet(smtp);
            assertTrue(
                    String.valueOf(smtp.ask("AUTH PLAIN AGJvYkBteC50ZXN0AHdyb25n"))
                            .startsWith("535 5.7.8 "));
        }
        mx.awaitLog("SASL PLAIN authentication failed");
    }

    /// Writes until nothing more fits.
    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] block = new byte[4096];
            while (file.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException full) {
            assertEquals(0, file.toFile().getUsableSpace(), full.toString());
        }
    }

    private String holdOne() throws IOException {
        mx.set("smtpd_recipient_restrictions = check_sender_access static:HOLD").start();
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: held\n\n" + "text\n".repeat(200));
        mx.stop();
        mx.set("smtpd_recipient_restrictions =");
        return id;
    }

    private Path find(String id) throws IOException {
        try (Stream<Path> all = Files.walk(mx.spool())) {
            return all.filter(p -> p.endsWith(id) && Files.isRegularFile(p))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void greet(Wire smtp) throws IOException {
        smtp.linesTo("220 ");
        smtp.send("EHLO client.test\r\n");
        smtp.linesTo("250 ");
    }

    private static String letter(Wire smtp, String text) throws IOException {
        smtp.ask("MAIL FROM:<a@b.test>");
        smtp.ask("RCPT TO:<bob@mx.test>");
        smtp.ask("DATA");
        return String.valueOf(smtp.ask(text.replace("\n", "\r\n") + "\r\n."));
    }
}
