// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Hashed passwords of the system, in every form that its crypt(3) knows: yescrypt, bcrypt, SHA-512, and older ones.
public final class Crypt {
    /// The longest password in bytes; longer ones match nothing.
    public static final int MAX_PASSWORD = 511;

    /// Enough for the work space of any crypt library.
    private static final int WORK_SPACE = 256 * 1024;

    private static final int MAX_STORED = 1024;
    private static final NativeLibrary LIBRARY = new NativeLibrary("libcrypt.so.1", "libcrypt1");

    private Crypt() {}

    /// True if a password is the one that `stored` was made of; takes as long as the stored form wants.
    ///
    /// @param password no copy of it is left behind
    /// @throws IOException there is no crypt library
    public static boolean matches(byte[] password, String stored) throws IOException {
        if (!isForm(stored) || !isPassword(password)) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment work = arena.allocate(WORK_SPACE, 16);
            MemorySegment secret = arena.allocate(password.length + 1L);
            try {
                MemorySegment.copy(MemorySegment.ofArray(password), 0, secret, 0, password.length);
                long result =
                        LIBRARY.pointer(
                                "crypt_r",
                                secret.address(),
                                arena.allocateFrom(stored).address(),
                                work.address());
                return result != 0 && isSame(MemorySegment.ofAddress(result), stored);
            } finally {
                secret.fill((byte) 0);
                work.fill((byte) 0);
            }
        }
    }

    /// True if a password can be given to C code at all: not empty, not too long, without NUL.
    public static boolean isPassword(byte[] password) {
        if (password.length == 0 || password.length > MAX_PASSWORD) {
            return false;
        }
        for (byte b : password) {
            if (b == 0) {
                return false;
            }
        }
        return true;
    }

    /// True if a text may be a hash: one that is locked (`!`, `*`) or empty is none.
    public static boolean isForm(String stored) {
        return stored.length() > 4
                && stored.length() <= MAX_STORED
                && stored.charAt(0) != '*'
                && stored.charAt(0) != '!'
                && stored.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
    }

    private static boolean isSame(MemorySegment made, String stored) {
        String text = made.reinterpret(MAX_STORED + 1L).getString(0, StandardCharsets.ISO_8859_1);
        return !text.startsWith("*")
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.ISO_8859_1),
                        stored.getBytes(StandardCharsets.ISO_8859_1));
    }
}
