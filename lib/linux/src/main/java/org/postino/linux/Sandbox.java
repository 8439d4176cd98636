// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// The part of the file system and of the network a process may use, enforced by Landlock; everything else is denied.
///
/// What an older kernel cannot deny stays allowed: TCP before Landlock's version 4, signals to processes outside before 6.
///
/// @param rules a rule holds for a file or for everything below a directory; paths that do not exist are left out
/// @param bind the TCP ports it may bind; 0 stands for those that the kernel chooses
/// @param connect the TCP ports it may connect to
/// @param alone whether it may neither signal processes outside the sandbox nor reach their sockets without a path
public record Sandbox(List<Rule> rules, Ports bind, Ports connect, boolean alone) {
    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_DIR = 1 << 3;
    private static final long REFER = 1 << 13;
    private static final long TRUNCATE = 1 << 14;
    private static final long IOCTL_DEVICE = 1 << 15;
    private static final long FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
    private static final long BIND_TCP = 1;
    private static final long CONNECT_TCP = 1 << 1;
    private static final long ABSTRACT_SOCKETS_AND_SIGNALS = 0b11;
    private static final int O_PATH = 010000000;
    private static final int RULE_PATH_BENEATH = 1;
    private static final int RULE_PORT = 2;
    private static final int NETWORK_ABI = 4;
    private static final int DEVICE_ABI = 5;
    private static final int SCOPE_ABI = 6;
    private static final int PR_SET_NO_NEW_PRIVS = 38;

    /// Renaming between directories came with the second version; without it no queue can work.
    private static final int OLDEST_ABI = 2;

    public Sandbox {
        rules = List.copyOf(rules);
    }

    /// Only a part of the file system; all of the network.
    public Sandbox(List<Rule> rules) {
        this(rules, Ports.ANY, Ports.ANY, false);
    }

    /// TCP ports.
    public record Ports(boolean any, Set<Integer> only) {
        public static final Ports ANY = new Ports(true, Set.of());
        public static final Ports NONE = of(Set.of());

        public Ports {
            only = Set.copyOf(only);
        }

        public static Ports of(Set<Integer> only) {
            return new Ports(false, only);
        }
    }

    /// The rights below a path.
    public enum Access {
        READ(READ_FILE | READ_DIR),
        EXECUTE(READ_FILE | READ_DIR | Sandbox.EXECUTE),
        /// Read, and change files that are there; no new ones, and none removed.
        CHANGE(READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE),
        /// Read, write, create, rename and remove files, directories and sockets; no device nodes.
        WRITE(READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | REFER | 0b1_0111_1011_0000),
        /// Everything, programs too: for users' homes, where commands of their own may stand.
        ALL(WRITE.rights | Sandbox.EXECUTE);

        private final long rights;

        Access(long rights) {
            this.rights = rights;
        }
    }

    /// One allowed path.
    public record Rule(Path path, Access access) {}

    /// Rules that grant the same for several paths.
    public static List<Rule> rules(Access access, Collection<Path> paths) {
        var rules = new ArrayList<Rule>();
        for (Path path : paths) {
            rules.add(new Rule(path, access));
        }
        return rules;
    }

    /// True if this kernel can confine a process as we need it.
    public static boolean isAvailable() {
        return abi() >= OLDEST_ABI;
    }

    /// True if it can confine to ports too.
    public static boolean confinesNetwork() {
        return abi() >= NETWORK_ABI;
    }

    /// Landlock's version here; 0 if the kernel has none.
    public static int abi() {
        long version = Libc.syscall(SystemCall.LANDLOCK_CREATE_RULESET, 0, 0, 1);
        // For tests of what holds on older kernels.
        return Math.min(
                version < 0 ? 0 : (int) version, Integer.getInteger("postino.landlock", 99));
    }

    /// The rule set as a descriptor: made while the thread may still open every path.
    NativeFd prepare() throws IOException {
        int abi = abi();
        long handled = handled(abi);
        try (Arena arena = Arena.ofConfined()) {
            NativeFd ruleset = create(arena, abi, handled);
            for (Rule rule : rules) {
                if (Files.exists(rule.path())) {
                    add(arena, ruleset, rule, handled);
                }
            }
            if (abi >= NETWORK_ABI) {
                addPorts(arena, ruleset);
            }
            return ruleset;
        }
    }

    private NativeFd create(Arena arena, int abi, long handled) throws IOException {
        MemorySegment attributes = arena.allocate(24, 8);
        attributes.set(ValueLayout.JAVA_LONG, 0, handled);
        long ports = (bind.any() ? 0 : BIND_TCP) | (connect.any() ? 0 : CONNECT_TCP);
        attributes.set(ValueLayout.JAVA_LONG, 8, ports);
        attributes.set(ValueLayout.JAVA_LONG, 16, alone ? ABSTRACT_SOCKETS_AND_SIGNALS : 0);
        int known = abi >= SCOPE_ABI ? 24 : abi >= NETWORK_ABI ? 16 : 8;
        long address = attributes.address();
        return new NativeFd(
                check(Libc.syscall(SystemCall.LANDLOCK_CREATE_RULESET, address, known, 0), ""));
    }

    private void addPorts(Arena arena, NativeFd ruleset) throws IOException {
        for (int port : bind.only()) {
            add(arena, ruleset, port, BIND_TCP);
        }
        for (int port : connect.only()) {
            add(arena, ruleset, port, CONNECT_TCP);
        }
    }

    private static void add(Arena arena, NativeFd ruleset, int port, long right)
            throws IOException {
        MemorySegment rule = arena.allocate(16, 8);
        rule.set(ValueLayout.JAVA_LONG, 0, right);
        rule.set(ValueLayout.JAVA_LONG, 8, port);
        long fd = ruleset.number();
        check(
                Libc.syscall(SystemCall.LANDLOCK_ADD_RULE, fd, RULE_PORT, rule.address(), 0),
                "port " + port + ": ");
    }

    private static int check(long result, String what) throws IOException {
        if (result < 0) {
            throw new IOException("landlock: " + what + Libc.text((int) -result));
        }
        return (int) result;
    }

    /// Confines the calling thread and what it spawns from now on, for good.
    static void enter(NativeFd ruleset) throws IOException {
        noNewPrivileges();
        check(Libc.syscall(SystemCall.LANDLOCK_RESTRICT_SELF, ruleset.number(), 0), "");
    }

    /// Set-uid programs give no privileges to this thread's children any more.
    static void noNewPrivileges() throws IOException {
        Libc.check("no_new_privs", Libc.Fn.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }

    private static long handled(int abi) {
        long all = (1L << 13) - 1;
        if (abi >= 2) {
            all |= REFER;
        }
        if (abi >= 3) {
            all |= TRUNCATE;
        }
        if (abi >= DEVICE_ABI) {
            all |= IOCTL_DEVICE;
        }
        return all;
    }

    private static void add(Arena arena, NativeFd ruleset, Rule rule, long handled)
            throws IOException {
        long rights = rule.access().rights & handled;
        if (!Files.isDirectory(rule.path())) {
            rights &= FILE_RIGHTS;
        }
        try (NativeFd path = NativeFd.open(rule.path(), O_PATH, 0)) {
            MemorySegment beneath = arena.allocate(12, 8);
            beneath.set(ValueLayout.JAVA_LONG, 0, rights);
            beneath.set(ValueLayout.JAVA_INT, 8, path.number());
            long fd = ruleset.number();
            long address = beneath.address();
            check(
                    Libc.syscall(SystemCall.LANDLOCK_ADD_RULE, fd, RULE_PATH_BENEATH, address, 0),
                    rule.path() + ": ");
        }
    }
}
