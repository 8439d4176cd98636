// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// A user's hashed password and its dates, as the system's name service has them; see shadow(5).
///
/// @param hash for crypt(3); empty: no password is needed; with `!` or `*` before it: locked
/// @param changed the day of the last change, counted from 1970; 0: to be changed at once; negative: not known
/// @param maximum days until it must be changed; negative: never
/// @param grace days beyond the maximum during which it may still be changed; negative: for ever
/// @param expires the day from which the account is no more; negative: never
public record ShadowEntry(String hash, long changed, long maximum, long grace, long expires) {
    private static final int SPWD = 72;
    private static final int INITIAL = 2048;
    private static final int LIMIT = 1 << 20;

    /// The entry of an account; empty if it has none. Only root may ask.
    ///
    /// @throws IOException the name service could not be asked
    public static Optional<ShadowEntry> byName(String name) throws IOException {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        for (int size = INITIAL; size <= LIMIT; size *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment entry = arena.allocate(SPWD, 8);
                MemorySegment buffer = arena.allocate(size);
                MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
                long error =
                        Libc.call(
                                Libc.Fn.GETSPNAM_R,
                                Libc.string(arena, name).address(),
                                entry.address(),
                                buffer.address(),
                                size,
                                result.address());
                if (error == 0 || error == Libc.ENOENT) {
                    boolean found = result.get(ValueLayout.ADDRESS, 0).address() != 0;
                    Optional<ShadowEntry> made = found ? Optional.of(of(entry)) : Optional.empty();
                    buffer.fill((byte) 0);
                    return made;
                }
                if (error != Libc.ERANGE) {
                    throw new IOException("shadow: " + Libc.text((int) Math.abs(error)));
                }
            }
        }
        throw new IOException("shadow: entry too large");
    }

    // struct spwd: name, hash, last change, minimum, maximum, warning, inactive, expires, reserved
    private static ShadowEntry of(MemorySegment entry) {
        return new ShadowEntry(
                Libc.string(entry.get(ValueLayout.ADDRESS, 8)),
                entry.get(ValueLayout.JAVA_LONG, 16),
                entry.get(ValueLayout.JAVA_LONG, 32),
                entry.get(ValueLayout.JAVA_LONG, 48),
                entry.get(ValueLayout.JAVA_LONG, 56));
    }

    @Override
    public String toString() {
        return "ShadowEntry[changed " + changed + ", expires " + expires + "]";
    }
}
