// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Duration;
import java.util.List;

/// How an mbox is locked against other programs.
///
/// @param kinds in this order; each is given back when the next is not to be had, so that programs with another order do not
///     wait for each other for ever
/// @param timeout how long to try
/// @param stale the age at which a lock file that nobody touches is taken away
/// @param dotMayFail whether a directory in which no lock file can be made is no reason to give up
public record MboxLocking(
        List<Kind> kinds, Duration timeout, Duration stale, boolean dotMayFail) {
    /// A kind of lock.
    public enum Kind {
        /// The kernel's lock of POSIX, on the file itself.
        FCNTL,
        /// The file `NAME.lock`.
        DOTLOCK
    }

    /// What Debian's policy asks for and Postfix and Dovecot do: both, the kernel's first.
    public static final MboxLocking DEFAULT =
            new MboxLocking(
                    List.of(Kind.FCNTL, Kind.DOTLOCK),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(500),
                    true);

    public MboxLocking {
        kinds = List.copyOf(kinds);
    }
}
