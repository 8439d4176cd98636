// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.auth.PasswordAnswer.Verdict;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.PrivateAccounts;

/// auth-worker(8) with the system's real PAM and shadow files, as root without capabilities.
@Timeout(120)
class SystemPasswordsTest {
    private static final String YESCRYPT =
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$iLMagHjBvrahXhlULvb9yW5faxBRfc3sREKM24WCe2C";
    private static final String SHA512 =
            "$6$rounds=5000$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/";
    private static final String NEVER = ":19000:0:99999:7:::";

    @TempDir Path dir;
    private PrivateAccounts accounts;
    private Process worker;
    private AuthWorkerClient client;

    @BeforeEach
    void start() throws IOException {
        var obstacle = PrivateAccounts.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        accounts =
                PrivateAccounts.create(dir)
                        .add("ysc", 61001, dir, YESCRYPT + NEVER)
                        .add("sha", 61002, dir, SHA512 + NEVER)
                        .add("locked", 61003, dir, "!" + YESCRYPT + NEVER)
                        .add("starred", 61004, dir, "*" + NEVER)
                        .add("open", 61005, dir, NEVER)
                        .add("gone", 61006, dir, YESCRYPT + ":19000:0:99999:7::10000:")
                        .add("stale", 61007, dir, YESCRYPT + ":0:0:99999:7:::")
                        .add("old", 61008, dir, YESCRYPT + ":10000:0:30:7:::")
                        .service(
                                "unix",
                                "auth required pam_unix.so nullok\naccount required pam_unix.so\n")
                        .service(
                                "permit",
                                "auth required pam_permit.so\naccount required pam_permit.so\n")
                        .service(
                                "deny", "auth required pam_deny.so\naccount required pam_deny.so\n")
                        .service(
                                "barred",
                                "auth required pam_permit.so\naccount required pam_deny.so\n")
                        .service(
                                "missing",
                                "auth required pam_no_such_module.so\naccount required pam_permit.so\n")
                        .service("sleep", script("sleep", "exec sleep 1000"))
                        .service("kill", script("kill", "kill -9 $PPID"));
        worker("4", "2s");
    }

    /// A service with a module that runs a script.
    private String script(String name, String text) throws IOException {
        Path file = Files.writeString(dir.resolve(name + ".sh"), "#!/bin/sh\n" + text + "\n");
        Files.setAttribute(file, "unix:mode", 0755);
        return "auth required pam_exec.so quiet " + file + "\naccount required pam_permit.so\n";
    }

    private void worker(String limit, String timeout) throws IOException {
        var words = new ArrayList<String>();
        if (Command.exists("setpriv")) {
            words.addAll(
                    List.of(
                            "setpriv",
                            "--bounding-set=-all",
                            "--inh-caps=-all",
                            "--ambient-caps=-all",
                            "--no-new-privs"));
        }
        words.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        "org.postino.auth.WorkerProcess",
                        dir.resolve("worker").toString(),
                        limit,
                        timeout));
        worker =
                new ProcessBuilder(accounts.command(words))
                        .redirectError(dir.resolve("worker.err").toFile())
                        .start();
        String said = worker.inputReader().readLine();
        assertEquals("ready", said, () -> read("worker.err"));
        client = new AuthWorkerClient(dir.resolve("worker"), Duration.ofSeconds(20), 20);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (worker != null) {
            worker.descendants().forEach(ProcessHandle::destroyForcibly);
            worker.destroyForcibly().waitFor();
        }
    }

    private String read(String file) {
        try {
            return Files.readString(dir.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Verdict pam(String service, String user, String password) throws IOException {
        return ask("pam", service, user, password);
    }

    private Verdict shadow(String user, String password) throws IOException {
        return ask("shadow", "", user, password);
    }

    private Verdict ask(String database, String service, String user, String password)
            throws IOException {
        return client.ask(
                        new PasswordCheck(
                                database, service, user, "192.0.2.1", password.getBytes(UTF_8)))
                .verdict();
    }

    @Test
    void shadowHashesAreChecked() throws IOException {
        assertEquals(Verdict.RIGHT, shadow("ysc", "geheim"));
        assertEquals(Verdict.WRONG, shadow("ysc", "Geheim"));
        assertEquals(Verdict.RIGHT, shadow("sha", "geheim"));
        assertEquals(Verdict.WRONG, shadow("sha", ""));
        assertEquals(Verdict.LOCKED, shadow("locked", "geheim"));
        assertEquals(Verdict.LOCKED, shadow("starred", "*"));
        assertEquals(Verdict.LOCKED, shadow("open", ""));
        assertEquals(Verdict.LOCKED, shadow("open", "x"));
        assertEquals(Verdict.ACCOUNT_EXPIRED, shadow("gone", "geheim"));
        assertEquals(Verdict.PASSWORD_EXPIRED, shadow("stale", "geheim"));
        assertEquals(Verdict.PASSWORD_EXPIRED, shadow("old", "geheim"));
        assertEquals(Verdict.WRONG, shadow("old", "wrong"));
        assertEquals(Verdict.UNKNOWN_USER, shadow("no-such-user", "geheim"));
    }

    @Test
    void pamDecides() throws IOException {
        assertEquals(Verdict.RIGHT, pam("unix", "ysc", "geheim"));
        assertEquals(Verdict.WRONG, pam("unix", "ysc", "Geheim"));
        assertEquals(Verdict.RIGHT, pam("unix", "sha", "geheim"));
        assertEquals(Verdict.LOCKED, pam("unix", "locked", "geheim"));
        assertEquals(Verdict.LOCKED, pam("unix", "starred", "*"));
        assertEquals(Verdict.LOCKED, pam("unix", "open", ""));
        assertEquals(Verdict.ACCOUNT_EXPIRED, pam("unix", "gone", "geheim"));
        assertEquals(Verdict.PASSWORD_EXPIRED, pam("unix", "stale", "geheim"));
        assertEquals(Verdict.PASSWORD_EXPIRED, pam("unix", "old", "geheim"));
        assertEquals(Verdict.UNKNOWN_USER, pam("unix", "no-such-user", "geheim"));
        assertEquals(Verdict.RIGHT, pam("permit", "ysc", "anything"));
        assertEquals(Verdict.WRONG, pam("deny", "ysc", "geheim"));
        assertEquals(Verdict.ACCOUNT_EXPIRED, pam("barred", "ysc", "geheim"));
        assertEquals(Verdict.UNDECIDED, pam("missing", "ysc", "geheim"));
    }

    @Test
    void theShippedServiceFileServesUsers() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/etc/pam.d/common-auth")), "not a Debian system");
        Path conf = Path.of(System.getProperty("postino.root", "..")).resolve("conf/pam.d/postino");
        accounts.service("postino", Files.readString(conf));
        assertEquals(Verdict.RIGHT, pam("postino", "ysc", "geheim"));
        assertEquals(Verdict.WRONG, pam("postino", "ysc", "falsch"));
        assertEquals(Verdict.LOCKED, pam("postino", "open", "x"));
        assertEquals(Verdict.ACCOUNT_EXPIRED, pam("postino", "gone", "geheim"));
    }

    @Test
    void aModuleThatHangsKeepsNobodyElse() throws Exception {
        var hanging = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            hanging.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    pam("sleep", "ysc", "geheim");
                                } catch (IOException e) {
                                    // the worker was ended
                                }
                            }));
        }
        assertEquals(Verdict.RIGHT, pam("unix", "ysc", "geheim"));
        for (Thread thread : hanging) {
            thread.join();
        }
        assertEquals(Verdict.RIGHT, pam("unix", "ysc", "geheim"));
        // The fourth takes the last place: the worker ends itself, and what was asked is undecided.
        assertThrows(IOException.class, () -> pam("sleep", "ysc", "geheim"));
        Await.until("the worker is gone", () -> !worker.isAlive());
        assertEquals(1, worker.exitValue());
    }

    @Test
    void aModuleThatEndsTheWorkerIsATemporaryFailure() throws IOException {
        assertThrows(IOException.class, () -> pam("kill", "ysc", "geheim"));
        Await.until("the worker is gone", () -> !worker.isAlive());
        worker("4", "2s");
        assertEquals(Verdict.RIGHT, pam("unix", "ysc", "geheim"));
    }

    @Test
    void manyAtATimeAllGetTheirAnswer() throws InterruptedException, IOException {
        stop();
        worker("4", "60s");
        var wrong = new ArrayList<String>();
        var threads = new ArrayList<Thread>();
        client = new AuthWorkerClient(dir.resolve("worker"), Duration.ofSeconds(60), 4);
        for (int i = 0; i < 40; i++) {
            boolean good = i % 2 == 0;
            boolean unix = i % 3 == 0;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    String password = good ? "geheim" : "wrong";
                                    Verdict v =
                                            unix
                                                    ? pam("unix", "sha", password)
                                                    : shadow("sha", password);
                                    if ((v == Verdict.RIGHT) != good) {
                                        note(wrong, v.toString());
                                    }
                                } catch (IOException e) {
                                    note(wrong, e.toString());
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong);
        assertTrue(worker.isAlive());
    }

    private static void note(List<String> list, String text) {
        synchronized (list) {
            list.add(text);
        }
    }
}
