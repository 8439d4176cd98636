// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The part of the file system a process may use, enforced by Landlock; everything else is denied.
///
/// @param rules a rule holds for a file or for everything below a directory; paths that do not exist are left out
public record Sandbox(List<Rule> rules) {
    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_DIR = 1 << 3;
    private static final long REFER = 1 << 13;
    private static final long TRUNCATE = 1 << 14;
    private static final long FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
    private static final int O_PATH = 010000000;
    private static final int RULE_PATH_BENEATH = 1;
    private static final int PR_SET_NO_NEW_PRIVS = 38;

    /// Renaming between directories came with the second version; without it no queue can work.
    private static final int OLDEST_ABI = 2;

    public Sandbox {
        rules = List.copyOf(rules);
    }

    /// What may be done below a path.
    public enum Access {
        READ(READ_FILE | READ_DIR),
        EXECUTE(READ_FILE | READ_DIR | Sandbox.EXECUTE),
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

    /// Whether this kernel can confine a process as we need it.
    public static boolean isAvailable() {
        return abi() >= OLDEST_ABI;
    }

    /// Landlock's version here; 0 if the kernel has none.
    public static int abi() {
        long version = Libc.syscall(Machine.LANDLOCK_CREATE_RULESET, 0, 0, 1);
        return version < 0 ? 0 : (int) version;
    }

    /// The rule set as a descriptor: made while the thread may still open every path.
    NativeFd prepare() throws IOException {
        long handled = handled(abi());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(8, 8);
            attributes.set(ValueLayout.JAVA_LONG, 0, handled);
            long fd = Libc.syscall(Machine.LANDLOCK_CREATE_RULESET, attributes.address(), 8, 0);
            if (fd < 0) {
                throw new IOException("landlock: " + Libc.text((int) -fd));
            }
            var ruleset = new NativeFd((int) fd);
            for (Rule rule : rules) {
                if (Files.exists(rule.path())) {
                    add(arena, ruleset, rule, handled);
                }
            }
            return ruleset;
        }
    }

    /// Confines the calling thread and what it spawns from now on, for good.
    static void enter(NativeFd ruleset) throws IOException {
        noNewPrivileges();
        long result = Libc.syscall(Machine.LANDLOCK_RESTRICT_SELF, ruleset.number(), 0);
        if (result < 0) {
            throw new IOException("landlock: " + Libc.text((int) -result));
        }
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
        return all;
    }

    private static void add(Arena arena, NativeFd ruleset, Rule rule, long handled)
            throws IOException {
        long rights = rule.access().rights & handled;
        if (!Files.isDirectory(rule.path())) {
            rights &= FILE_RIGHTS;
        }
        try (NativeFd path = NativeFd.open(rule.path().toString(), O_PATH)) {
            MemorySegment beneath = arena.allocate(12, 8);
            beneath.set(ValueLayout.JAVA_LONG, 0, rights);
            beneath.set(ValueLayout.JAVA_INT, 8, path.number());
            long result =
                    Libc.syscall(
                            Machine.LANDLOCK_ADD_RULE,
                            ruleset.number(),
                            RULE_PATH_BENEATH,
                            beneath.address(),
                            0);
            if (result < 0) {
                throw new IOException("landlock: " + rule.path() + ": " + Libc.text((int) -result));
            }
        }
    }
}
