// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// `postino start-fg`: one process for a service manager, process 1 of a container, an ordinary user without a home.
class ForegroundTest {
    /// May start a process that outlives its parent, and becomes postino, with nothing in the environment.
    private static final String SCRIPT =
            "[ -p \"$2\" ] && ( cat \"$2\" >/dev/null & ); exec env -i \"$0\" -c \"$1\" start-fg";

    /// A container's file system has no log daemon.
    private static final List<String> CONTAINER =
            List.of(
                    "unshare",
                    "--user",
                    "--map-current-user",
                    "--pid",
                    "--fork",
                    "--mount",
                    "--mount-proc",
                    "--kill-child");

    @TempDir Path dir;
    private Instance mx;
    private Path out;
    private Path pipe;

    @BeforeEach
    void create() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user("bob@mx.test", "secret");
        out = dir.resolve("out");
        pipe = dir.resolve("pipe");
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    private String said() throws IOException {
        return Files.exists(out) ? Files.readString(out) : "";
    }

    private Process inForeground(List<String> prefix) throws IOException {
        var words = new ArrayList<>(prefix);
        String command = Instance.imageDirectory().resolve("bin/postino").toString();
        words.addAll(
                List.of("sh", "-c", SCRIPT, command, mx.directory().toString(), pipe.toString()));
        Process process =
                new ProcessBuilder(words)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        Await.until(
                "master listens: " + out,
                () -> !process.isAlive() || said().contains("daemon started"));
        assertTrue(process.isAlive(), said());
        return process;
    }

    private void greets() throws IOException {
        try (Wire smtp = mx.wire(25)) {
            smtp.linesTo("220 ");
        }
    }

    @Test
    void masterIsTheProcessAndStopsOnSigtermAndSigint() throws Exception {
        mx.set("maillog_file = /dev/stdout", "maillog_file_prefixes = /dev/stdout");
        for (String signal : List.of("TERM", "INT")) {
            Process process = inForeground(List.of());
            assertEquals(process.pid(), mx.masterProcess(), "exec all the way");
            greets();
            new Command("kill", "-" + signal, "" + process.pid()).run().ok();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), said());
            assertTrue(said().endsWith("]: stopped\n"), said());
        }
    }

    @Test
    void asProcessOneItCollectsOrphans() throws Exception {
        Assumptions.assumeTrue(
                new Command(with(CONTAINER, "true")).run().status() == 0,
                "needs user and process namespaces");
        mx.set("maillog_file = /dev/stdout", "maillog_file_prefixes = /dev/stdout");
        new Command("mkfifo", pipe.toString()).run().ok();
        Process process = inForeground(CONTAINER);
        long master = process.children().findFirst().orElseThrow().pid();
        assertTrue(said().contains(" postino/master[1]: daemon started"), said());
        greets();
        Await.until("the orphan is ours", () -> children(master).contains("cat"));
        Files.writeString(pipe, "the end");
        Await.until("it was collected", () -> !children(master).contains("cat"));
        new Command("kill", "-TERM", "" + master).run().ok();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said());
    }

    private static String[] with(List<String> prefix, String... words) {
        return Stream.concat(prefix.stream(), Stream.of(words)).toArray(String[]::new);
    }

    /// The names of a process's children, ended ones too.
    private static Set<String> children(long parent) throws IOException {
        var names = new HashSet<String>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process :
                    all.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
                try {
                    String stat = Files.readString(process.resolve("stat"));
                    int name = stat.lastIndexOf(')');
                    if (stat.substring(name + 2).split(" ", 3)[1].equals("" + parent)) {
                        names.add(stat.substring(stat.indexOf('(') + 1, name));
                    }
                } catch (IOException e) {
                    // it has ended meanwhile
                }
            }
        }
        return names;
    }

    @Test
    void withoutALogDaemonLinesGoToStandardErrorAndMailGoesItsWay() throws Exception {
        Assumptions.assumeTrue(!Files.exists(Path.of("/dev/log")), "this machine has a log daemon");
        mx.set("maillog_file =");
        Process process = inForeground(List.of());
        assertTrue(said().contains("postino: warning: cannot write the log: /dev/log"), said());
        mx.send("alice@far.test", "bob@mx.test", "Subject: here\n\ntext\n");
        Await.until("it is delivered", () -> mx.inbox("bob@mx.test").size() == 1);
        Await.until("the log says so", () -> said().contains("status=sent"));
        assertEquals(1, said().split("cannot write the log", -1).length - 1, "said once");
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said());
    }
}
