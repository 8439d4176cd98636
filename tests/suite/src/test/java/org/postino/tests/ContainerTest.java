// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// A container that runs as a user whom no passwd file knows, with all that is its own below one directory.
@Timeout(200)
class ContainerTest {
    private static final int UID = 61_799;
    private static final List<String> AS_USER =
            List.of(
                    "setpriv",
                    "--reuid=" + UID,
                    "--regid=" + UID,
                    "--clear-groups",
                    "--no-new-privs");

    @TempDir Path dir;

    private static String[] words(List<String> prefix, String... more) {
        return Stream.concat(prefix.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static void give(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setAttribute(path, "unix:uid", UID);
                Files.setAttribute(path, "unix:gid", UID);
            }
        }
    }

    @Test
    void anUnknownUserRunsAWholeMailServer() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Assumptions.assumeTrue(Command.exists("setpriv"), "setpriv(1) is not installed");
        Files.setAttribute(dir, "unix:mode", 0755);
        Path home = dir.resolve("mail");
        try (var mx = Instance.create(home)) {
            mx.user("bob@mx.test", "secret")
                    .user("eve@mx.test", "secret")
                    .set(
                            "maillog_file = /dev/stdout",
                            "maillog_file_prefixes = /dev/stdout",
                            "auth_failure_delay = 0s");
            give(home);
            Path said = dir.resolve("said");
            Process process =
                    new ProcessBuilder(
                                    words(
                                            AS_USER,
                                            "env",
                                            "-i",
                                            Instance.imageDirectory()
                                                    .resolve("bin/postino")
                                                    .toString(),
                                            "-c",
                                            home.toString(),
                                            "start-fg"))
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            try {
                Await.until(
                        "it runs",
                        () ->
                                !process.isAlive()
                                        || Files.readString(said).contains("daemon started"));
                assertTrue(process.isAlive(), Files.readString(said));
                serve(mx, home);
                assertEquals(
                        UID, Files.getAttribute(Path.of("/proc/" + process.pid()), "unix:uid"));
            } finally {
                process.destroy();
            }
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            String log = Files.readString(said);
            assertEquals(0, process.exitValue(), log);
            assertTrue(log.contains("to=<eve@mx.test>"), log);
            for (String bad : List.of("Exception", "panic", "fatal", "error:")) {
                assertFalse(log.contains(bad), log);
            }
        }
    }

    private static void serve(Instance mx, Path home) throws Exception {
        mx.send("far@far.test", "bob@mx.test", "Subject: in\n\nover SMTP\n");
        Await.until("in", () -> mx.inbox("bob@mx.test").size() == 1);
        var sendmail = new ArrayList<>(AS_USER);
        sendmail.addAll(
                List.of(
                        Instance.imageDirectory().resolve("bin/sendmail").toString(),
                        "-C",
                        home.toString(),
                        "-i",
                        "eve@mx.test"));
        new Command(sendmail.toArray(String[]::new))
                .input("Subject: dropped\n\nby sendmail\n")
                .run()
                .ok();
        Await.until("dropped", () -> mx.inbox("eve@mx.test").size() == 1);
        try (Wire pop = mx.wire(110)) {
            pop.linesTo("+OK");
            pop.ask("USER bob@mx.test");
            assertTrue(String.valueOf(pop.ask("PASS secret")).startsWith("+OK"));
            assertTrue(String.valueOf(pop.ask("STAT")).startsWith("+OK 1 "));
        }
        try (Wire imap = mx.wire(143)) {
            imap.linesTo("* OK");
            imap.send("a LOGIN eve@mx.test secret\r\nb SELECT INBOX\r\n");
            imap.linesTo("a OK");
            assertTrue(imap.linesTo("b OK").toString().contains("* 1 EXISTS"));
        }
        String status =
                new Command(
                                words(
                                        AS_USER,
                                        Instance.imageDirectory().resolve("bin/postino").toString(),
                                        "-c",
                                        home.toString(),
                                        "status"))
                        .run()
                        .ok()
                        .out();
        assertTrue(status.contains("imapd"), status);
    }
}
