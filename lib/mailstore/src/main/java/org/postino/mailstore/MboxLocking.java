// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.config.Config;
import org.postino.server.FatalException;

/// The locks by which an mbox is closed to other programs.
///
/// @param kinds in this order; each is given back when the next is not to be had, so that programs with another order do not
///     wait for each other for ever
/// @param timeout how long to try
/// @param stale the age at which a lock file that nobody touches is taken away
/// @param dotMayFail whether a directory in which no lock file can be made is no reason to give up
public record MboxLocking(List<Kind> kinds, Duration timeout, Duration stale, boolean dotMayFail) {
    /// A kind of lock.
    public enum Kind {
        /// The kernel's lock of POSIX, on the file itself.
        FCNTL,
        /// The kernel's lock of BSD, on the file itself.
        FLOCK,
        /// The file `NAME.lock`.
        DOTLOCK
    }

    /// The kernel's lock, then a lock file: Debian's policy asks for both, and Postfix and Dovecot take them.
    public static final MboxLocking DEFAULT =
            new MboxLocking(
                    List.of(Kind.FCNTL, Kind.DOTLOCK),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(500),
                    true);

    public MboxLocking {
        kinds = List.copyOf(kinds);
    }

    /// The locks of sessions that show mail.
    public static MboxLocking of(Config config) {
        return new MboxLocking(
                kinds("mbox_write_locks", config.get(MailParams.MBOX_WRITE_LOCKS)),
                config.get(MailParams.MBOX_LOCK_TIMEOUT),
                config.get(MailParams.MBOX_DOTLOCK_CHANGE_TIMEOUT),
                true);
    }

    /// Reads a list of kinds.
    ///
    /// @param parameter where it stands, for the message of a [FatalException]
    public static List<Kind> kinds(String parameter, List<String> words) {
        var kinds = new ArrayList<Kind>();
        for (String word : words) {
            kinds.add(
                    switch (word) {
                        case "fcntl" -> Kind.FCNTL;
                        case "flock" -> Kind.FLOCK;
                        case "dotlock", "dotlock_try" -> Kind.DOTLOCK;
                        default ->
                                throw new FatalException(
                                        "parameter "
                                                + parameter
                                                + ": no kind of lock \""
                                                + word
                                                + "\"; known are: fcntl, flock, dotlock");
                    });
        }
        if (kinds.isEmpty()) {
            throw new FatalException("parameter " + parameter + ": no lock is not enough");
        }
        return kinds;
    }
}
