// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

/// Numbers of the system calls we make by number, which differ between machines (`asm/unistd.h`).
final class Machine {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    static final long SETGROUPS = ARM ? 159 : 116;
    static final long SETRESUID = ARM ? 147 : 117;
    static final long SETRESGID = ARM ? 149 : 119;
    static final long SETFSUID = ARM ? 151 : 122;
    static final long SETFSGID = ARM ? 152 : 123;
    static final long CAPGET = ARM ? 90 : 125;
    static final long CAPSET = ARM ? 91 : 126;
    static final long PRLIMIT64 = ARM ? 261 : 302;
    static final long SECCOMP = ARM ? 277 : 317;
    static final long MEMFD_CREATE = ARM ? 279 : 319;
    static final long FCHMOD = ARM ? 52 : 91;
    static final long INOTIFY_INIT1 = ARM ? 26 : 294;
    static final long INOTIFY_ADD_WATCH = ARM ? 27 : 254;
    static final long PIDFD_OPEN = 434;
    static final long LANDLOCK_CREATE_RULESET = 444;
    static final long LANDLOCK_ADD_RULE = 445;
    static final long LANDLOCK_RESTRICT_SELF = 446;

    /// A flag of `open`, which the machines number differently, too.
    static final int NOFOLLOW = ARM ? 0100000 : 0400000;

    /// `AUDIT_ARCH_*`, by which a seccomp filter tells one machine's numbers from another's.
    static final int AUDIT_ARCH = ARM ? 0xC000_00B7 : 0xC000_003E;

    /// Numbers from here on belong to another set of the same machine (x32); there is none on ARM.
    static final int FOREIGN_NUMBERS = ARM ? Integer.MAX_VALUE : 0x4000_0000;

    private Machine() {}

    /// The number here of a call that has these on x86-64 and aarch64; -1 where it does not exist.
    static int number(int x86, int arm) {
        return ARM ? arm : x86;
    }
}
