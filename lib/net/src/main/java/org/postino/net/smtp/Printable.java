// SPDX-License-Identifier: Apache-2.0

package org.postino.net.smtp;

/// Makes what a peer sent harmless in log lines, replies and header fields.
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
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
