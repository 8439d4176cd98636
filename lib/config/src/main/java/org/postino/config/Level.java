// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

/// Compatibility levels, `major[.minor[.patch]]`.
public final class Level {
    private Level() {}

    /// Orders two levels; a part left out counts as 0.
    ///
    /// @throws ValueException if a text is not a level
    public static int compare(String left, String right) throws ValueException {
        int[] a = parse(left);
        int[] b = parse(right);
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                return Integer.compare(a[i], b[i]);
            }
        }
        return 0;
    }

    private static int[] parse(String text) throws ValueException {
        int[] parts = new int[3];
        int part = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && digits < 6) {
                parts[part] = parts[part] * 10 + (c - '0');
                digits++;
            } else if (c == '.' && digits > 0 && part < 2) {
                part++;
                digits = 0;
            } else {
                throw bad(text);
            }
        }
        if (digits == 0) {
            throw bad(text);
        }
        return parts;
    }

    private static ValueException bad(String text) {
        return new ValueException("has a bad compatibility level \"" + text + "\"");
    }
}
