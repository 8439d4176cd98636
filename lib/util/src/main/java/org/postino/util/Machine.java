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
    static final long CAPSET = ARM ? 91 : 126;
    static final long PIDFD_OPEN = 434;
    static final long LANDLOCK_CREATE_RULESET = 444;
    static final long LANDLOCK_ADD_RULE = 445;
    static final long LANDLOCK_RESTRICT_SELF = 446;

    private Machine() {}
}
