// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

/// Makes what another party wrote harmless wherever it is written again: in log lines, replies, header fields, reports, on terminals.
///
/// The one place that decides which characters may stand there: none that ends a line, moves a terminal's cursor, turns the order of
/// text around, or is no character at all.
public final class Printable {
    private Printable() {}

    /// The text with `?` for every control character, line separator and unpaired surrogate.
    public static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!harmless(text, i)) {
                return replace(text, i);
            }
        }
        return text;
    }

    /// As [#text(String)], cut after `max` characters.
    public static String text(String text, int max) {
        return text(text.length() <= max ? text : text.substring(0, max));
    }

    /// As [#text(String, int)], for protocols whose lines are ASCII.
    public static String ascii(String text, int max) {
        String safe = text(text, max);
        var out = new StringBuilder(safe.length());
        for (int i = 0; i < safe.length(); i++) {
            out.append(safe.charAt(i) < 0x7f ? safe.charAt(i) : '?');
        }
        return out.toString();
    }

    /// As [#text(String, int)], where a name stands in the midst of our own words: without what could end it there.
    ///
    /// @param marks characters that become `?` as well
    public static String without(String marks, String text, int max) {
        String safe = text(text, max);
        var out = new StringBuilder(safe.length());
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            out.append(marks.indexOf(c) >= 0 ? '?' : c);
        }
        return out.toString();
    }

    /// True if a character may stand as it is; half of a surrogate pair may, as the other half makes it one.
    public static boolean isText(char c) {
        return Character.isSurrogate(c) || harmless(String.valueOf(c), 0);
    }

    private static String replace(String text, int from) {
        var out = new StringBuilder(text.length()).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            out.append(harmless(text, i) ? text.charAt(i) : '?');
        }
        return out.toString();
    }

    private static boolean harmless(String text, int i) {
        char c = text.charAt(i);
        if (c >= ' ' && c < 0x7f) {
            return true;
        }
        if (c < 0xa0 || c == '\u2028' || c == '\u2029' || bidirectional(c)) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return true;
    }

    /// Characters that turn the order of text around would make a log line lie.
    private static boolean bidirectional(char c) {
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
