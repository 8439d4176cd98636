// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.nio.file.Path;

/// Another program that wants the kernel's lock of a file, in a process of its own (perl, which every Debian has).
public final class OtherProgram {
    /// Says whether the lock was to be had.
    private static final String TRY =
            "use Fcntl qw(:DEFAULT :flock);"
                    + "open(F, '+<', $ARGV[1]) or die \"$!\";"
                    + "my $lock = pack('s s x4 q q i x4', F_WRLCK, 0, 0, 0, 0);"
                    + "my $got = $ARGV[0] eq 'flock' ? flock(F, LOCK_EX | LOCK_NB)"
                    + " : fcntl(F, F_SETLK, $lock);"
                    + "print $got ? 'free' : 'held';";

    private OtherProgram() {}

    /// True if POSIX's lock of a file is held, as a program that wants it by `fcntl` with `F_SETLK` sees it.
    public static boolean findsFcntl(Path file) throws IOException {
        return held("fcntl", file);
    }

    /// True if a file is locked, as a program that wants to do so by `flock` sees it.
    public static boolean findsFlock(Path file) throws IOException {
        return held("flock", file);
    }

    private static boolean held(String how, Path file) throws IOException {
        String said = new Command("perl", "-e", TRY, how, file.toString()).run().ok().out();
        return switch (said) {
            case "held" -> true;
            case "free" -> false;
            default -> throw new IOException("perl said: " + said);
        };
    }
}
