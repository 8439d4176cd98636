// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
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

    /// Message-Id is not among the fields that opendkim signs: naming it to OversignHeaders would sign its absence.
    private int opendkim(String mode) throws IOException {
        int port = FreePort.find();
        Path conf = dir.resolve("opendkim-" + mode);
        Files.writeString(
                conf,
                String.join(
                        "\n",
                        "Mode " + mode,
                        "Domain mx.test",
                        "Selector k",
                        "KeyFile " + dir.resolve("key"),
                        "TestPublicKeys " + dir.resolve("public"),
                        "OversignHeaders From,Date,To",
                        "RequireSafeKeys no",
                        "AuthservID mx.test",
                        "AlwaysAddARHeader yes",
                        "InternalHosts " + (mode.equals("s") ? "127.0.0.1" : "10.9.0.1"),
                        "Background no",
                        "Syslog no",
                        "Socket inet:" + port + "@127.0.0.1",
                        ""));
        start(port, "opendkim", "-f", "-x", conf.toString());
        return port;
    }

    private void key() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var lines = Base64.getMimeEncoder(64, new byte[] {10});
        Files.writeString(
                dir.resolve("key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + lines.encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(
                dir.resolve("public"),
                "k._domainkey.mx.test v=DKIM1; k=rsa; p="
                        + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
                        + "\n");
    }

    /// The message of sendmail(1) lacks a date and the domain of its addresses: only who sees them as they go out can sign them.
    @Test
    void opendkimSignsWhatOpendkimFindsValid() throws Exception {
        assumeTrue(Command.exists("opendkim"), "opendkim is not installed");
        opened();
        key();
        int signer = opendkim("s");
        int verifier = opendkim("v");
        try (var mx = Instance.create(dir.resolve("mx"))) {
            mx.user("bob@mx.test", "secret")
                    .set(
                            "smtpd_milters = inet:127.0.0.1:" + verifier,
                            "non_smtpd_milters = inet:localhost:" + signer)
                    .start();
            mx.command("sendmail", "-t", "-f", "ann@mx.test")
                    .input("From: ann\nTo: bob\nSubject: signed\n\nbody\n")
                    .run()
                    .ok();
            mx.awaitLog("status=sent");
            String signed = Files.readString(mx.inbox("bob@mx.test").getFirst());
            assertTrue(signed.contains("DKIM-Signature: v=1; a=rsa-sha256;"), signed);
            String letter = signed.substring(signed.indexOf("DKIM-Signature:"));
            mx.send("ann@elsewhere.test", "bob@mx.test", letter.replace("\r", ""));
            Await.until("two letters", () -> mx.inbox("bob@mx.test").size() == 2);
            var texts = new ArrayList<String>();
            for (Path path : mx.inbox("bob@mx.test")) {
                texts.add(Files.readString(path));
            }
            assertEquals(
                    1,
                    texts.stream().filter(t -> t.contains("dkim=pass")).count(),
                    texts::toString);
        }
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
