// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSpawnerTest {
    @TempDir Path dir;

    @Test
    void aProgramGetsItsDescriptorsEnvironmentAndDirectoryAndNothingElse() throws IOException {
        String said =
                shell("cat <&3; echo $A $PWD; ls /proc/self/fd | tr '\\n' ' '", dir, null, null);
        assertEquals("from outside\nb " + dir + "\n0 1 2 3 4 ", said);
    }

    @Test
    void theExitIsTold() throws IOException {
        assertEquals(new Processes.Exit.Status(7), run("exit 7"));
        assertEquals(new Processes.Exit.Signal(9), run("kill -9 $$"));
        assertTrue(run("true").isSuccess());
    }

    @Test
    void aProgramThatDoesNotExistIsAnError() {
        var program = ProcessSpawner.Program.of(List.of("/nowhere/program"), List.of(), List.of());
        assertThrows(IOException.class, () -> ProcessSpawner.spawn(program));
    }

    @Test
    void awaitGivesUpInTime() throws IOException {
        int pid =
                ProcessSpawner.spawn(
                        ProcessSpawner.Program.of(
                                List.of("/bin/sleep", "60"), List.of(), List.of()));
        assertTrue(Processes.await(pid, Duration.ofMillis(50)).isEmpty());
        assertTrue(Processes.alive(pid));
        assertTrue(Processes.signal(pid, Processes.SIGTERM));
        assertEquals(new Processes.Exit.Signal(15), Processes.await(pid));
    }

    @Test
    void aConfinedProgramSeesOnlyItsPaths() throws IOException {
        Assumptions.assumeTrue(Sandbox.isAvailable(), "this kernel has no Landlock");
        Path inside = Files.createDirectory(dir.resolve("inside"));
        Files.writeString(dir.resolve("secret"), "x");
        var rules =
                Sandbox.rules(
                        Sandbox.Access.EXECUTE,
                        List.of(
                                Path.of("/bin"),
                                Path.of("/usr"),
                                Path.of("/lib"),
                                Path.of("/lib64")));
        rules.add(new Sandbox.Rule(inside, Sandbox.Access.WRITE));
        rules.add(new Sandbox.Rule(Path.of("/dev/null"), Sandbox.Access.WRITE));
        rules.add(new Sandbox.Rule(dir.resolve("missing"), Sandbox.Access.READ));
        String said =
                shell(
                        "cat secret 2>/dev/null || echo denied; echo x > inside/y && mkdir inside/d && mv inside/y inside/d/z && cat inside/d/z;"
                                + " (echo x > new) 2>/dev/null || echo denied",
                        dir,
                        null,
                        new Sandbox(rules));
        assertEquals("denied\nx\ndenied\n", said);
        assertEquals(
                "x", Files.readString(dir.resolve("secret")), "we ourselves are as free as before");
    }

    @Test
    void aProgramRunsAsTheUserItIsGiven() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        SystemUser nobody = Users.byName("nobody").orElseThrow();
        String said = shell("id -u; id -g; id -G", null, Credentials.of(nobody), null);
        assertTrue(said.startsWith(nobody.uid() + "\n" + nobody.gid() + "\n"), said);
        assertEquals(0, Processes.ownUid());
    }

    @Test
    void signalsOfNoProcessAreRefused() {
        assertFalse(Processes.signal(0, 9));
        assertFalse(Processes.signal(-1, 9));
        assertFalse(Processes.signalGroup(1, 9));
    }

    private static Processes.Exit run(String script) throws IOException {
        int pid =
                ProcessSpawner.spawn(
                        ProcessSpawner.Program.of(
                                List.of("/bin/sh", "-c", script), List.of(), List.of()));
        Processes.Exit exit = Processes.await(pid);
        assertInstanceOf(Processes.Exit.class, exit);
        return exit;
    }

    /// What a script writes on descriptor 1; descriptor 3 is a pipe in which a line waits.
    private static String shell(
            String script,
            @Nullable Path directory,
            @Nullable Credentials user,
            @Nullable Sandbox sandbox)
            throws IOException {
        NativeFd.Pair in = NativeFd.pipe();
        in.second().write("from outside\n".getBytes(StandardCharsets.US_ASCII));
        in.second().close();
        try (NativeFd nothing = NativeFd.devNull();
                NativeFd further = in.first()) {
            return Output.of(out ->
                    new ProcessSpawner.Program(
                            List.of("/bin/sh", "-c", script),
                            List.of("A=b", "PATH=/usr/bin:/bin"),
                            List.of(nothing, out, out, further),
                            directory,
                            user,
                            sandbox));
        }
    }
}
