// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.PrivateAccounts;
import org.postino.linux.Sandbox;
import org.postino.linux.Seccomp;
import org.postino.linux.Users;
import org.postino.suite.Program;
import org.postino.suite.Programs;
import org.postino.suite.Role;
import org.postino.suite.SandboxPolicy.Means;

/// Hostile code in each program's daemon, as the suite really confines it, against the table of ARCHITECTURE.md.
///
/// The table is taken from the rows of [Programs], to which `ProgramTablesTest` compares it. The rights that one program alone
/// has are named here.
@Timeout(300)
class HostileCodeTest {
    private static final List<String> EVERYBODY = Programs.words();
    private static final List<String> NOBODY = List.of();
    private static final List<String> ACT_AS_USERS = words(p -> p.role().actsAsUsers());
    private static final List<String> SPOOL_USER = words(HostileCodeTest::ownsSpool);
    private static final List<String> RUN_COMMANDS = words(p -> p.policy().has(Means.COMMANDS));
    private static final List<String> CLIENTS = words(p -> p.policy().has(Means.NETWORK));
    private static final List<String> RESOLVERS = words(p -> p.policy().has(Means.NAME_SERVERS));

    @TempDir Path dir;
    private final List<String> differences = new ArrayList<>();

    private static List<String> words(Predicate<Program> which) {
        return Programs.all().stream().filter(which).map(Program::word).toList();
    }

    /// True if files of the queue with mode 0600 are its own user's.
    private static boolean ownsSpool(Program program) {
        return program.role() == Role.SPOOL;
    }

    private static boolean makes(Program program, String queue) {
        return program.policy().owned().contains(queue);
    }

    private static boolean changes(Program program, String queue) {
        return makes(program, queue) || program.policy().changed().contains(queue);
    }

    private static boolean reads(Program program, String queue) {
        return changes(program, queue) || program.policy().read().contains(queue);
    }

    @BeforeEach
    void check() throws IOException {
        PrivateAccounts.assumePossible();
        for (Path above = dir;
                above != null && above.getNameCount() > 1;
                above = above.getParent()) {
            if (above.startsWith("/tmp")) {
                Files.setAttribute(above, "unix:mode", 0755);
            }
        }
    }

    @Test
    void hostileCodeDoesWhatTheTableAllowsAndNoMore() throws IOException {
        Assumptions.assumeTrue(
                Sandbox.abi() >= 6, "this kernel's Landlock is older than version 6");
        Assumptions.assumeTrue(Seccomp.isAvailable(), "this kernel has no seccomp");
        try (var suite = new HostileSuite(dir, List.of())) {
            suite.start();
            users(suite);
            calls(suite);
            processes(suite);
            files(suite);
            ports(suite, CLIENTS, NOBODY);
            sockets(suite);
        }
        assertEquals("", String.join("\n", differences));
    }

    /// Users and system calls hold still; ports hold for programs that may make no TCP socket at all.
    @Test
    void withoutLandlockItStillIsAnotherUserAndUnderTheFilter() throws IOException {
        Assumptions.assumeTrue(Seccomp.isAvailable(), "this kernel has no seccomp");
        try (var suite = new HostileSuite(dir, List.of("-Dpostino.landlock=0"))) {
            suite.start();
            users(suite);
            calls(suite);
            int victim = suite.pid("bounce");
            for (String attack : List.of("trace", "peek", "steal")) {
                allowed(suite, NOBODY, attack + " " + suite.masterPid());
                allowed(suite, NOBODY, attack + " " + victim);
            }
            allowed(suite, SPOOL_USER, "process " + victim);
            allowed(suite, NOBODY, "process " + suite.masterPid());
            allowed(suite, SPOOL_USER, "read /srv/spool/deferred/FILE");
            allowed(suite, SPOOL_USER, "read /srv/data/secret");
            for (String place : List.of("/etc", "/usr", "/srv/etc", "/srv/spool", "/var/lib")) {
                allowed(suite, List.of("auth-worker"), "create " + place + "/of-hostile-code");
            }
            ports(suite, RESOLVERS, RESOLVERS);
            assertTrue(suite.log().contains("this kernel has no Landlock"));
        }
        assertEquals("", String.join("\n", differences));
    }

    /// Files, ports and other processes hold still, as far as nobody takes on the ids of root.
    @Test
    void withoutSeccompItStillIsConfinedToItsFilesAndPorts() throws IOException {
        Assumptions.assumeTrue(
                Sandbox.abi() >= 6, "this kernel's Landlock is older than version 6");
        try (var suite = new HostileSuite(dir, List.of("-Dpostino.without.seccomp=true"))) {
            suite.start();
            files(suite);
            processes(suite);
            ports(suite, CLIENTS, NOBODY);
            allowed(
                    suite,
                    words(p -> p.role().isRoot() || p.policy().has(Means.COMMANDS)),
                    "games /etc/shadow 42");
            allowed(suite, NOBODY, "mount");
            allowed(suite, NOBODY, "chroot");
            assertTrue(suite.log().contains("this kernel has no seccomp"));
        }
        assertEquals("", String.join("\n", differences));
    }

    private void users(HostileSuite suite) throws IOException {
        int shadow = Users.gidOf("shadow").orElse(42);
        allowed(suite, List.of("auth-worker"), "read /etc/shadow");
        allowed(suite, List.of("auth-worker"), "games /etc/shadow " + shadow);
        allowed(suite, List.of("auth-worker"), "read /srv/etc/tls/key.pem");
        allowed(suite, NOBODY, "read /srv/mail/alice/letter");
        allowed(suite, NOBODY, "as 0 /srv/mail/alice/letter");
        allowed(suite, NOBODY, "as " + HostileSuite.OWNER + " /srv/data/secret");
        allowed(suite, ACT_AS_USERS, "as " + HostileSuite.ALICE + " /srv/mail/alice/letter");
        allowed(suite, RUN_COMMANDS, "become " + HostileSuite.ALICE);
        allowed(suite, NOBODY, "become 0");
    }

    private void calls(HostileSuite suite) throws IOException {
        for (String attack :
                List.of(
                        "packet",
                        "raw",
                        "mptcp",
                        "namespace",
                        "child-namespace",
                        "mount",
                        "chroot",
                        "keyring",
                        "io_uring",
                        "userfault",
                        "perf",
                        "other-set",
                        "newer")) {
            allowed(suite, NOBODY, attack);
        }
        allowed(suite, RUN_COMMANDS, "memory-file");
        allowed(
                suite,
                words(p -> ownsSpool(p) && p.policy().ownsFiles()),
                "mode /srv/spool/deferred");
        allowed(suite, NOBODY, "mode /srv/etc/main.cf");
        allowed(suite, words(p -> !p.role().isRoot()), "unix");
        allowed(suite, NOBODY, "listen");
        allowed(suite, RESOLVERS, "udp");
    }

    /// Out of each, against master and against a daemon of the same user.
    private void processes(HostileSuite suite) throws IOException {
        int victim = suite.pid("bounce");
        for (int pid : new int[] {suite.masterPid(), victim}) {
            for (String program : EVERYBODY) {
                if (!program.equals("bounce")) {
                    for (String attack : List.of("trace", "peek", "steal", "signal", "process")) {
                        expect(suite, program, attack + " " + pid, false);
                    }
                }
            }
        }
    }

    private void files(HostileSuite suite) throws IOException {
        for (String queue :
                List.of("incoming", "deferred", "defer", "bounce", "hold", "corrupt", "maildrop")) {
            String file = "/srv/spool/" + queue + "/FILE"; // mode 0600
            allowed(suite, words(p -> ownsSpool(p) && reads(p, queue)), "read " + file);
            allowed(suite, words(p -> ownsSpool(p) && changes(p, queue)), "change " + file);
            allowed(suite, words(p -> makes(p, queue)), "create /srv/spool/" + queue + "/NEW");
        }
        allowed(suite, words(p -> makes(p, "active")), "create /srv/spool/active/NEW");
        allowed(suite, words(p -> changes(p, "active")), "change /srv/spool/active/FILE");
        allowed(suite, NOBODY, "read /srv/data/secret");
        allowed(suite, NOBODY, "create /srv/data/new");
        allowed(suite, words(p -> p.policy().has(Means.SYSTEM_FILES)), "read /etc/passwd");
        for (String place :
                List.of(
                        "/etc",
                        "/usr",
                        "/usr/local",
                        "/srv/etc",
                        "/srv/lib",
                        "/srv/spool",
                        "/var/lib",
                        "/run",
                        "/dev")) {
            allowed(suite, NOBODY, "create " + place + "/of-hostile-code");
        }
        for (String place : List.of("/tmp", "/var/tmp")) {
            allowed(suite, RUN_COMMANDS, "create " + place + "/of-hostile-code");
        }
        allowed(suite, NOBODY, "change /srv/etc/main.cf");
        allowed(suite, RUN_COMMANDS, "execute /bin/sh -c exit");
        allowed(suite, RUN_COMMANDS, "execute " + linker() + " /bin/sh -c exit");
    }

    private static String linker() {
        return System.getProperty("os.arch").equals("aarch64")
                ? "/lib/ld-linux-aarch64.so.1"
                : "/lib64/ld-linux-x86-64.so.2";
    }

    private void ports(HostileSuite suite, List<String> connect, List<String> bind)
            throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            allowed(suite, connect, "connect " + server.getLocalPort());
        }
        allowed(suite, bind, "bind");
    }

    private void sockets(HostileSuite suite) throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            allowed(suite, NOBODY, "fastopen " + server.getLocalPort());
        }
        String name = "postino-test-" + ProcessHandle.current().pid();
        try (var socket = new AbstractSocket(name)) {
            assertTrue(socket.isOpen());
            allowed(suite, NOBODY, "abstract " + name);
        }
    }

    private void allowed(HostileSuite suite, List<String> programs, String attack)
            throws IOException {
        for (String program : EVERYBODY) {
            expect(suite, program, attack, programs.contains(program));
        }
    }

    private void expect(HostileSuite suite, String program, String attack, boolean success)
            throws IOException {
        String answer = suite.ask(program, attack);
        if (answer.equals("done") != success || !answer.matches("done|refused .*")) {
            differences.add(program + ": " + attack + ": " + answer);
        }
    }
}
