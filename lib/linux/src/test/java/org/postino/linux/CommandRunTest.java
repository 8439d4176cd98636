// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands that will not end, of a user other than ours; needs the right to act as others.
@Timeout(120)
final class CommandRunTest {
    private static final int ANN = 61_001;
    private static final int BEN = 61_002;

    @TempDir Path dir;
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final AbandonedProcesses left = new AbandonedProcesses(warnings::add);

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(AsUser.isPossible(), "acts as other users: needs root");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private CommandRun.End run(Credentials user, Duration patience, String... script)
            throws Exception {
        Path file = Files.write(dir.resolve("script"), List.of(script));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return new CommandRun(
                        List.of("/usr/bin/python3", file.toString()),
                        List.of(),
                        user,
                        new CommandRun.Directory(dir, false),
                        Duration.ofSeconds(1),
                        patience,
                        left)
                .run(InputStream.nullInputStream());
    }

    private int number(String file) throws Exception {
        return Integer.parseInt(Files.readString(dir.resolve(file)));
    }

    @Test
    void aCommandIsKilledInWhateverGroupItIs() throws Exception {
        CommandRun.End end =
                run(
                        new Credentials(ANN, ANN, List.of()),
                        Duration.ofSeconds(60),
                        "import os, time",
                        "child = os.fork()",
                        "if child == 0:",
                        "    os.setpgid(0, 0)",
                        "    time.sleep(1000)",
                        "while os.getpgid(child) != child:",
                        "    time.sleep(0.01)",
                        "os.setpgid(0, child)",
                        "open('child', 'w').write(str(child))",
                        "time.sleep(1000)");
        Processes.signal(number("child"), Processes.SIGKILL);
        assertEquals(new Processes.Exit.Signal(9), end.exit());
        assertTrue(end.late());
        assertTrue(left.isEmpty());
    }

    @Test
    void noThreadOfOursHasTheIdsOfACommandsUser() throws Exception {
        var user = new Credentials(ANN, ANN, List.of());
        Assumptions.assumeTrue(OtherUser.isPossible(user), "needs setpriv");
        String threads = "/proc/" + ProcessHandle.current().pid() + "/task";
        var program =
                OtherUser.program(
                        List.of("/bin/sh"),
                        List.of("A=b"),
                        List.of(),
                        new CommandRun.Directory(dir, true),
                        user);
        assertNull(program.user());
        assertEquals(List.of("A=b"), program.environment());
        CommandRun.End end =
                run(
                        user,
                        Duration.ofSeconds(60),
                        "import os",
                        "status = open('/proc/self/status').read().split('\\n')",
                        "print(*[l.split() for l in status if l[:3] in ('Uid', 'Gid', 'Cap', 'Gro')])",
                        "print(os.getcwd(), [t for t in os.listdir('" + threads + "')",
                        "    if '"
                                + ANN
                                + "' in open('"
                                + threads
                                + "/' + t + '/status').read()])");
        String said = end.output().replaceAll("[\\[\\]',]", "").strip();
        String ids = (" " + ANN).repeat(4);
        assertTrue(said.startsWith("Uid:" + ids + " Gid:" + ids + " Groups: CapInh: 0"), said);
        assertFalse(said.matches(".*Cap(Prm|Eff|Amb): 0*[1-9a-f].*"), said);
        assertTrue(said.endsWith(" " + dir), said);
    }

    @Test
    void whatKeepsACommandFromStartingIsNotItsAnswer() {
        var user = new Credentials(ANN, ANN, List.of());
        Assumptions.assumeTrue(OtherUser.isPossible(user), "needs setpriv");
        var e =
                assertThrows(
                        IOException.class,
                        () ->
                                run(
                                        user,
                                        Duration.ofSeconds(60),
                                        "print('setpriv: failed to execute /bin/sh')",
                                        "exit(127)"));
        assertEquals("setpriv: failed to execute /bin/sh", e.getMessage());
        for (int uid : new int[] {0, -1}) {
            var nobody = new Credentials(uid, ANN, List.of());
            assertThrows(IOException.class, () -> run(nobody, Duration.ofSeconds(60), "exit(0)"));
        }
    }

    @Test
    void aCommandThatCannotBeKilledIsLeftBehind() throws Exception {
        CommandRun.End end =
                run(
                        new Credentials(ANN, ANN, List.of(), Set.of(Capability.SETUID)),
                        Duration.ofSeconds(2),
                        "import os, time",
                        "open('pid', 'w').write(str(os.getpid()))",
                        "os.setresuid(" + BEN + ", " + BEN + ", " + BEN + ")",
                        "time.sleep(1000)");
        assertTrue(end.late());
        assertTrue(warnings.getLast().endsWith(" does not end: left behind"), warnings::toString);
        left.collect();
        assertFalse(left.isEmpty());
        Processes.signal(number("pid"), Processes.SIGKILL);
        while (!left.isEmpty()) { // until the test's time is over
            Thread.onSpinWait();
            left.collect();
        }
    }

    private CommandRun shell(CommandRun.Directory where, String... arguments) {
        return new CommandRun(
                List.of(arguments),
                CommandRun.environment(List.of("A=b"), Map.of()),
                new Credentials(ANN, ANN, List.of()),
                where,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                left);
    }

    @Test
    void aDirectoryThatIsRequiredIsEnteredOrTheCommandDoesNotStart() throws Exception {
        var there = new CommandRun.Directory(dir, true);
        var end = shell(there, "sh", "-c", "pwd").run(InputStream.nullInputStream());
        assertEquals(dir.toString(), end.output());
        var missing = new CommandRun.Directory(dir.resolve("no"), true);
        var e =
                assertThrows(
                        IOException.class,
                        () -> shell(missing, "sh").run(InputStream.nullInputStream()));
        assertEquals("setpriv: cannot enter " + dir + "/no", e.getMessage());
        e =
                assertThrows(
                        IOException.class,
                        () -> shell(there, "/etc/passwd").run(InputStream.nullInputStream()));
        assertTrue(
                String.valueOf(e.getMessage()).startsWith("setpriv: failed to execute /etc/passwd"),
                e::toString);
    }

    @Test
    void outputWithoutEndIsCutAndInputThatNobodyReadsIsLeft() throws Exception {
        var where = new CommandRun.Directory(Path.of("/"), false);
        var end =
                shell(where, "sh", "-c", "head -c 100000000 /dev/zero | tr '\\0' x; exit 3")
                        .run(new ByteArrayInputStream(new byte[10_000_000]));
        assertEquals(new Processes.Exit.Status(3), end.exit());
        assertTrue(end.output().length() < 10_000, "" + end.output().length());
    }
}
