// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/// The character sets of mail by name.
public final class Charsets {
    private Charsets() {}

    /// True if text can be read and written in the character set of that name.
    public static boolean isKnown(String name) {
        try {
            return Charset.isSupported(name) && Charset.forName(name).canEncode();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// The charset of that name; UTF-8 for ASCII, for none, and for one that nobody knows.
    public static Charset of(@Nullable String name) {
        if (name == null || name.isEmpty() || name.equalsIgnoreCase("us-ascii")) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return StandardCharsets.UTF_8;
        }
    }
}
