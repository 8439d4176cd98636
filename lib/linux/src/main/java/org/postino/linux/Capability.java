// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

/// A part of root's power that a program of the suite may keep when it stops being root; see capabilities(7).
public enum Capability {
    /// Take on other groups.
    SETGID(6),
    /// Take on other users' numbers.
    SETUID(7);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /// Its place in the kernel's sets.
    long bit() {
        return 1L << number;
    }
}
