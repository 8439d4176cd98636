// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;

/// A whole instance, confined as it is, asks mail filters of Debian's.
class MiltersTest {
    @TempDir Path dir;
    private final List<Process> filters = new ArrayList<>();

    @AfterEach
    void endFilters() throws InterruptedException {
        for (Process filter : filters) {
            filter.destroy();
            if (!filter.waitFor(10, TimeUnit.SECONDS)) {
                filter.destroyForcibly();
            }
        }
    }

    /// Starts a filter that nobody trusts with anything, and waits until it listens.
    private void start(int port, String... words) throws IOException {
        boolean root = new Command("id", "-u").run().ok().out().strip().equals("0");
        var command = new ArrayList<String>();
        if (root) {
            command.addAll(
                    List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.addAll(List.of(words));
        filters.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("filter" + filters.size()).toFile())
                        .start());
        Await.until(words[0] + " listens", () -> accepts(port));
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void opened() throws IOException {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void aFilterOfPythonMakesEveryEdit() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/lib/python3/dist-packages/Milter")),
                "python3-milter is not installed");
        opened();
        int port = FreePort.find();
        Path log = dir.resolve("edits.log");
        Path script = Path.of("src/test/resources/edits_milter.py").toAbsolutePath();
        Path copy = dir.resolve("edits.py");
        Files.copy(script, copy);
        start(
                port,
                "/usr/bin/python3",
                copy.toString(),
                "inet:" + port + "@127.0.0.1",
                log.toString());
        try (var mx = Instance.create(dir.resolve("mx"))) {
            mx.user("bob@mx.test", "secret")
                    .user("ann@mx.test", "secret")
                    .set("smtpd_milters = inet:127.0.0.1:" + port)
                    .start();
            String id =
                    mx.send(
                            "a@b.test",
                            "bob@mx.test",
                            "Subject: old\nX-Remove: x\nTo: b@mx.test\nFrom: a@b.test\n\nold body");
            mx.awaitLog("to=<ann@mx.test>");
            mx.awaitLog("from=<new@mx.test>");
            String text = Files.readString(mx.inbox("ann@mx.test").getFirst()).replace("\r", "");
            assertTrue(text.startsWith("Return-Path: <new@mx.test>\n"), text);
            assertTrue(text.contains("X-First: front\nReceived: from client.test"), text);
            assertTrue(text.contains("\nSubject: changed\nTo: b@mx.test\n"), text);
            assertTrue(text.contains("\nX-Last: back\n\nanother body\n"), text);
            assertTrue(mx.inbox("bob@mx.test").isEmpty());
            String heard = Files.readString(log);
            assertTrue(heard.contains("mail <a@b.test>\nrcpt <bob@mx.test>\n"), heard);
            assertTrue(heard.contains("eoh " + id + "\n"), heard);
        }
    }
}
