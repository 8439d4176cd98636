// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

/// The kinds of machine we run on, and what Linux numbers differently on them beside system calls; for those see [SystemCall].
///
/// All else we say to the kernel and the C library (flags, errors, the places of members in structures) is the same on both.
enum Machine {
    X86_64(0xC000_003E, 0x4000_0000, 0400000),
    AARCH64(0xC000_00B7, Integer.MAX_VALUE, 0100000);

    /// The one this program runs on.
    static final Machine OURS = of(System.getProperty("os.arch"));

    /// `O_NOFOLLOW` here (`asm/fcntl.h`).
    static final int NOFOLLOW = OURS.noFollow;

    private final int audit;
    private final int foreignNumbers;
    private final int noFollow;

    Machine(int audit, int foreignNumbers, int noFollow) {
        this.audit = audit;
        this.foreignNumbers = foreignNumbers;
        this.noFollow = noFollow;
    }

    /// The machine of this name.
    ///
    /// @param name as the Java machine calls it (`os.arch`)
    /// @throws IllegalArgumentException we do not know its numbers
    static Machine of(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new IllegalArgumentException("a machine we do not know: " + name);
        };
    }

    /// `AUDIT_ARCH_*`, by which a seccomp filter tells one machine's numbers from another's (`linux/audit.h`).
    int audit() {
        return audit;
    }

    /// Numbers from here on belong to another set of the same machine (x32); there is none on ARM.
    int foreignNumbers() {
        return foreignNumbers;
    }

    /// `O_NOFOLLOW` on it.
    int noFollow() {
        return noFollow;
    }
}
