// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.FreePort;
import org.postino.kit.Wire;
import org.postino.queue.MessageEdit;

/// smtpd speaks with Debian's spamd and clamd, which know nothing but a rule and a signature of this test.
final class ScannersTest {
    private static final String PHRASE = "a harmless phrase of a test";
    private static final String SIGNATURE = "a harmless signature of a test";

    @TempDir Path directory;

    private final int port = find();

    private static int find() {
        try {
            return FreePort.find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A scanner that runs until the test is over.
    private final class Scanner implements AutoCloseable {
        private final Process process;

        Scanner(List<String> command) throws IOException {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("scanner.log").toFile())
                            .start();
            Await.until(command.getFirst() + " listens", this::accepts);
        }

        private boolean accepts() {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Scanner spamd() throws IOException {
        assumeTrue(Command.exists("spamd"), "spamd is not installed");
        // it reads its rules as another user than root
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path rules = Files.createDirectories(directory.resolve("rules"));
        Files.writeString(
                rules.resolve("test.pre"), "loadplugin Mail::SpamAssassin::Plugin::Check\n");
        Files.writeString(
                rules.resolve("test.cf"),
                "required_score 5\nbody PHRASE /"
                        + PHRASE
                        + "/\n"
                        + "score PHRASE 7.5\n"
                        + "header RECEIVED_HERE Received =~ /by mx.test/\n"
                        + "score RECEIVED_HERE 0.5\n");
        return new Scanner(
                List.of(
                        "spamd",
                        "-L",
                        "-x",
                        "-i",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-C",
                        rules.toString(),
                        "--siteconfigpath=" + rules,
                        "-m",
                        "1",
                        "-s",
                        "stderr",
                        "-u",
                        System.getProperty("user.name").equals("root")
                                ? "nobody"
                                : System.getProperty("user.name")));
    }

    private Scanner clamd() throws IOException {
        assumeTrue(Command.exists("clamd"), "clamd is not installed");
        Path base = Files.createDirectories(directory.resolve("signatures"));
        String hex = HexFormat.of().formatHex(SIGNATURE.getBytes(StandardCharsets.US_ASCII));
        Files.writeString(base.resolve("test.ndb"), "Harmless.Test:0:*:" + hex + "\n");
        Path conf = directory.resolve("clamd.conf");
        Files.writeString(
                conf,
                "DatabaseDirectory "
                        + base
                        + "\nTCPSocket "
                        + port
                        + "\nTCPAddr 127.0.0.1\nForeground yes\n");
        return new Scanner(List.of("clamd", "-c", conf.toString()));
    }

    private static String send(SmtpdStage stage, String content) throws IOException {
        try (var wire = new Wire(stage.connect())) {
            wire.line();
            wire.ask("HELO client.test");
            wire.ask("MAIL FROM:<a@b.test>");
            wire.ask("RCPT TO:<bob@local.test>");
            wire.ask("DATA");
            return String.valueOf(wire.ask(content + "\r\n."));
        }
    }

    private static List<String> added(SmtpdStage stage) {
        return stage.queue.edits.stream()
                .filter(e -> e instanceof MessageEdit.InsertField)
                .map(e -> ((MessageEdit.InsertField) e).field())
                .map(f -> f.name() + ":" + f.text())
                .toList();
    }

    @Test
    void spamIsMarkedAndForgedMarksGo() throws IOException {
        try (var spamd = spamd();
                var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_spamd_servers", "inet:127.0.0.1:1 inet:127.0.0.1:" + port);
            String reply =
                    send(
                            stage,
                            "X-Spam-Flag: NO\r\nx-spam-level: x\r\nSubject: x\r\n\r\n" + PHRASE);
            assertTrue(reply.startsWith("250 2.0.0 Ok: queued"), reply);
            assertEquals(
                    List.of(
                            "X-Spam-Status: Yes, score=8.0 required=5.0\r\n\ttests=PHRASE,\r\n\t"
                                    + "  RECEIVED_HERE",
                            "X-Spam-Score: 8.0",
                            "X-Spam-Flag: YES"),
                    added(stage));
            assertTrue(
                    stage.queue.edits.contains(new MessageEdit.DeleteField(1, "x-spam-flag"))
                            && stage.queue.edits.contains(
                                    new MessageEdit.DeleteField(1, "x-spam-level")),
                    () -> stage.queue.edits.toString());
            assertTrue(spamd.accepts());
        }
    }

    @Test
    void spamIsRefusedByItsScore() throws IOException {
        try (var spamd = spamd();
                var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_spamd_servers", "inet:127.0.0.1:" + port);
            stage.param("smtpd_spamd_reject_score", "7");
            assertEquals(
                    "550 5.7.1 Message looks like spam (score 8.0)",
                    send(stage, "Subject: x\r\n\r\n" + PHRASE));
            assertTrue(send(stage, "Subject: x\r\n\r\nx").startsWith("250 2.0.0"));
            assertTrue(
                    send(stage, "Subject: x\r\n\r\n" + PHRASE + "\r\n" + "x\r\n".repeat(200_000))
                            .startsWith("250 2.0.0"));
            assertTrue(spamd.accepts());
        }
    }

    @Test
    void mailPassesOrWaitsWhileSpamdIsAway() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_spamd_servers", "inet:127.0.0.1:" + port);
            assertTrue(send(stage, "Subject: x\r\n\r\nx").startsWith("250 2.0.0"));
            stage.awaitLog("warning: spamd: connect to 127.0.0.1:" + port);
        }
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_spamd_servers", "inet:127.0.0.1:" + port);
            stage.param("smtpd_spamd_default_action", "tempfail");
            assertTrue(send(stage, "Subject: x\r\n\r\nx").startsWith("451 4.7.1"));
        }
    }

    @Test
    void whatClamdFindsIsRefused() throws IOException {
        try (var clamd = clamd();
                var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_clamd_servers", "inet:127.0.0.1:" + port);
            assertEquals(
                    "550 5.7.1 Message contains a virus: Harmless.Test.UNOFFICIAL",
                    send(stage, "Subject: x\r\n\r\n" + "x\r\n".repeat(20_000) + SIGNATURE));
            assertTrue(
                    send(stage, "X-Virus-Scanned: mine\r\nSubject: x\r\n\r\nx")
                            .startsWith("250 2.0.0"));
            assertEquals(List.of("X-Virus-Scanned: clamd at mx.test"), added(stage));
            assertTrue(clamd.accepts());
        }
        try (var clamd = clamd();
                var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_clamd_servers", "inet:127.0.0.1:" + port);
            stage.param("smtpd_clamd_action", "quarantine");
            assertTrue(send(stage, "Subject: x\r\n\r\n" + SIGNATURE).startsWith("250 2.0.0"));
            stage.awaitLog("virus found: Harmless.Test.UNOFFICIAL");
            assertTrue(clamd.accepts());
        }
    }

    @Test
    void mailWaitsOrPassesWhileClamdIsAway() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_clamd_servers", "inet:127.0.0.1:" + port);
            assertTrue(send(stage, "Subject: x\r\n\r\nx").startsWith("451 4.7.1"));
            stage.awaitLog("warning: clamd: connect to 127.0.0.1:" + port);
        }
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_clamd_servers", "inet:127.0.0.1:" + port);
            stage.param("smtpd_clamd_default_action", "accept");
            assertTrue(send(stage, "Subject: x\r\n\r\nx").startsWith("250 2.0.0"));
        }
    }
}
