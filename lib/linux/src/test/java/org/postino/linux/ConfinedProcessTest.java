// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.linux.Sandbox.Ports;
import org.postino.linux.Seccomp.Ids;
import org.postino.linux.Seccomp.Range;
import org.postino.linux.Seccomp.Sockets;
import org.postino.util.ByteNames;

/// What a process with other ids, capabilities, system calls and ports can do.
class ConfinedProcessTest {
    private static final Set<Capability> BOTH = Set.of(Capability.SETUID, Capability.SETGID);
    private static final Ids ANY_USER = ids(0, true);

    @TempDir Path dir;

    private static Ids ids(int least, boolean whole) {
        return new Ids(
                new Range(Set.of(Probe.OWN), least, Set.of(Probe.REFUSED)),
                new Range(Set.of(Probe.OWN), 0, Set.of(Probe.REFUSED)),
                whole);
    }

    @BeforeEach
    void open() throws IOException {
        for (Path above = dir;
                above != null && above.getNameCount() > 1;
                above = above.getParent()) {
            if (Processes.isRoot() && above.startsWith("/tmp")) {
                Files.setAttribute(above, "unix:mode", 0755);
            }
        }
    }

    @Test
    void whoLeavesRootKeepsWhatHeIsGivenAndNoMore() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        assertEquals(
                List.of("capabilities: 0 0 0 0 0"), probe(user(Set.of()), null, "capabilities"));
        assertEquals(
                List.of("capabilities: c0 c0 c0 c0 c0"), probe(user(BOTH), null, "capabilities"));
    }

    @Test
    void rootWithoutCapabilitiesIsAUserLikeOthers() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        Path others = Files.createDirectory(dir.resolve("others"));
        Files.setAttribute(others, "unix:mode", 0700);
        Files.setAttribute(others, "unix:uid", Probe.USER);
        var said =
                probe(
                        new Credentials(0, 0, List.of()),
                        null,
                        "capabilities",
                        "asUser=" + others,
                        "command");
        assertEquals("capabilities: 0 0 0 0 0", said.get(0));
        assertEquals("asUser: " + others + "/of" + Probe.USER, said.get(1));
        assertTrue(said.get(2).contains("not permitted"), said.get(2));
    }

    @Test
    void aProcessWithTheTwoCapabilitiesActsAsUsers() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        Files.setAttribute(dir, "unix:mode", 0777);
        var said =
                probe(user(BOTH), filter(ANY_USER), "asUser=" + dir, "carriers", "kill", "query");
        assertEquals("asUser: made by " + Probe.USER + " " + Probe.USER, said.get(0));
        assertEquals("carriers: 0 threads are not their own", said.get(1));
        assertEquals("kill: true signal 9", said.get(2));
        assertEquals("query: " + Probe.OWN + " " + Probe.OWN, said.get(3));
    }

    @Test
    void itsCommandsHaveNoCapability() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        String ids = (" " + Probe.USER).repeat(4);
        String expected = "command: Uid:" + ids + " Gid:" + ids + " Groups: 0 0 0 0 ";
        for (Seccomp filter : new Seccomp[] {null, filter(ANY_USER)}) {
            List<String> said = probe(user(BOTH), filter, "command");
            assertEquals(List.of(expected + "c0"), said);
        }
    }

    @Test
    void itsCommandsMayBecomeAnotherUserThemselves() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "needs setpriv");
        String ids = (" " + Probe.USER).repeat(4);
        List<String> said = probe(user(BOTH), filter(ANY_USER), "setpriv", "setprivToRoot");
        assertEquals("setpriv: Uid:" + ids + " Gid:" + ids + " Groups: 0 0 0 0 c0", said.get(0));
        assertEquals(
                "setprivToRoot: setpriv: setresuid failed: Operation not permitted", said.get(1));
    }

    @Test
    void theFilterRefusesTheIdsThatAreNotForIt() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        Assumptions.assumeTrue(Seccomp.isAvailable(), "this kernel has no seccomp");
        var said =
                probe(
                        user(BOTH),
                        filter(ANY_USER),
                        "asRefused=" + dir,
                        "asRoot=" + dir,
                        "commandAsRoot",
                        "highHalf",
                        "wholeRoot",
                        "wholeId",
                        "groups");
        assertEquals("asRefused: cannot act as uid 54323, gid 54323", said.get(0));
        assertEquals("asRoot: cannot act as uid 0, gid 0", said.get(1));
        assertTrue(said.get(2).endsWith("Operation not permitted"), said.get(2));
        assertEquals(List.of("highHalf: -1", "wholeRoot: -1", "wholeId: 0"), said.subList(3, 6));
        assertTrue(said.get(6).endsWith("Operation not permitted"), said.get(6));
        var filesOnly =
                probe(user(BOTH), filter(ids(60_000, false)), "wholeId", "asUser=" + dir, "query");
        assertEquals("wholeId: -1", filesOnly.get(0));
        assertEquals("asUser: cannot act as uid 54322, gid 54322", filesOnly.get(1));
        assertEquals("query: " + Probe.OWN + " " + Probe.OWN, filesOnly.get(2));
    }

    @Test
    void callsThatNobodyNeedsAreRefused() throws IOException {
        Assumptions.assumeTrue(Seccomp.isAvailable(), "this kernel has no seccomp");
        assertEquals(
                List.of(
                        "calls: {PTRACE=-1, CHROOT=-1, UNSHARE=-1, KEYCTL=-1, CLONE=-1, CLONE3=-38,"
                                + " PERSONALITY=-1, IOCTL=-1, SOCKET=-97}"),
                probe(null, filter(Ids.NONE), "calls"));
    }

    @Test
    void socketsAreOfTheKindsThatAreAllowed() throws IOException {
        Assumptions.assumeTrue(Seccomp.isAvailable(), "this kernel has no seccomp");
        var unix = new Seccomp(Sockets.UNIX, false, false, true, Ids.NONE);
        assertEquals(List.of("udp: refused", "tcp: refused"), probe(null, unix, "udp", "tcp"));
        var tcp = new Seccomp(Sockets.TCP, false, false, true, Ids.NONE);
        assertEquals(
                List.of("udp: refused", "tcp: done", "listen: refused"),
                probe(null, tcp, "udp", "tcp", "listen"));
        var all = new Seccomp(Sockets.TCP_AND_UDP, true, false, true, Ids.NONE);
        assertEquals(
                List.of("udp: done", "tcp: done", "listen: done"),
                probe(null, all, "udp", "tcp", "listen"));
    }

    @Test
    void portsAreThoseThatAreAllowed() throws IOException {
        Assumptions.assumeTrue(Sandbox.abi() >= 4, "this kernel's Landlock knows no ports");
        try (var one = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int allowed = one.getLocalPort();
            var everything = List.of(new Sandbox.Rule(Path.of("/"), Sandbox.Access.ALL));
            String[] questions = {
                "connect=" + allowed, "connect=" + other.getLocalPort(), "listen"
            };
            assertEquals(
                    List.of("connect: done", "connect: refused", "listen: refused"),
                    run(
                            null,
                            new Sandbox(everything, Ports.NONE, Ports.of(Set.of(allowed)), true),
                            null,
                            questions));
            assertEquals(
                    List.of("connect: refused", "connect: refused", "listen: done"),
                    run(
                            null,
                            new Sandbox(everything, Ports.of(Set.of(0)), Ports.NONE, true),
                            null,
                            questions));
        }
    }

    @Test
    void limitsAreLoweredAndNeverRaised() throws IOException {
        var said = probe(null, null, "limits").getFirst();
        assertTrue(said.startsWith("limits: core file size 0 0; "), said);
        assertTrue(said.contains("open files 300 300"), said);
    }

    private static Credentials user(Set<Capability> kept) {
        return new Credentials(Probe.OWN, Probe.OWN, List.of(), kept);
    }

    private static Seccomp filter(Ids ids) {
        return new Seccomp(Sockets.UNIX, false, true, true, ids);
    }

    private List<String> probe(
            @Nullable Credentials user, @Nullable Seccomp filter, String... questions)
            throws IOException {
        return run(user, null, filter, questions);
    }

    private List<String> run(
            @Nullable Credentials user,
            @Nullable Sandbox sandbox,
            @Nullable Seccomp filter,
            String... questions)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
        command.addAll(
                List.of(
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath()));
        command.add(Probe.class.getName());
        command.addAll(List.of(questions));
        var limits =
                new ResourceLimits(
                        Map.of(
                                ResourceLimits.Resource.CORE, 0L,
                                ResourceLimits.Resource.FILES, 300L));
        try (NativeFd nothing = NativeFd.devNull()) {
            String said =
                    Output.of(out ->
                            new ProcessSpawner.Program(
                                    command,
                                    List.of("LANG=C"),
                                    List.of(nothing, out, out),
                                    null,
                                    user,
                                    sandbox,
                                    filter,
                                    limits));
            return List.of(said.split("\n"));
        }
    }

    /// Copied to where other users can read it: the build's own may stand in somebody's home. A room below is a jar or a directory,
    /// as far as Maven has come.
    private String classPath() throws IOException {
        Path classes = dir.resolve("classes");
        Path jar = dir.resolve("util.jar");
        if (!Files.exists(classes)) {
            for (Class<?> type : List.of(ByteNames.class, Users.class, Probe.class)) {
                Path from =
                        Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
                if (Files.isRegularFile(from)) {
                    Files.copy(from, jar, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    copy(from, type.getPackageName().replace('.', '/'), classes);
                }
            }
        }
        return classes + ":" + jar;
    }

    private static void copy(Path from, String inside, Path to) throws IOException {
        Files.createDirectories(to.resolve(inside));
        try (var files = Files.list(from.resolve(inside))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
