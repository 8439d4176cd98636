// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.nio.charset.StandardCharsets;

/// The octets that no message may have (`message_reject_characters`), and those that are left out of it (`message_strip_characters`).
/// The line feed at the end of a line is neither, nor is the carriage return before it. Safe for use by several threads.
final class CharacterRules {
    private static final String LETTERS = "abfnrtv";
    private static final int[] OCTETS = {7, 8, 12, 10, 13, 9, 11};

    private final boolean[] rejected;
    private final boolean[] stripped;
    private final boolean any;

    /// @param reject octets, `\a \b \f \n \r \t \v \\` and `\NNN` in octal digits standing for theirs; empty for none
    /// @param strip the same
    CharacterRules(String reject, String strip) {
        rejected = octets(reject);
        stripped = octets(strip);
        any = !reject.isEmpty() || !strip.isEmpty();
    }

    /// True if all octets are taken as they come.
    boolean isEmpty() {
        return !any;
    }

    boolean rejects(byte octet) {
        return rejected[octet & 0xff];
    }

    boolean strips(byte octet) {
        return stripped[octet & 0xff];
    }

    private static boolean[] octets(String text) {
        var set = new boolean[256];
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int i = 0;
        while (i < bytes.length) {
            int octet = bytes[i++] & 0xff;
            if (octet == '\\' && i < bytes.length) {
                if (isOctal(bytes[i])) {
                    octet = 0;
                    for (int digits = 0;
                            digits < 3 && i < bytes.length && isOctal(bytes[i]);
                            digits++) {
                        octet = octet * 8 + bytes[i++] - '0';
                    }
                } else {
                    int letter = LETTERS.indexOf(bytes[i]);
                    octet = letter < 0 ? bytes[i] & 0xff : OCTETS[letter];
                    i++;
                }
            }
            set[octet & 0xff] = true;
        }
        set['\n'] = false;
        return set;
    }

    private static boolean isOctal(byte b) {
        return b >= '0' && b <= '7';
    }
}
