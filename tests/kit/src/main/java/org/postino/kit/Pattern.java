// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.util.HashMap;
import java.util.Map;

/// A line of a conversation file held against a line that was seen.
///
/// `~` stands for any text, `$name` for the text captured under that name, or, at its first use, for any text
/// without blanks, brackets, `*` and `!`, which it captures; `$$` is a dollar sign. All else is literal.
final class Pattern {
    private final Map<String, String> captured;

    Pattern(Map<String, String> captured) {
        this.captured = captured;
    }

    /// Copies the pattern, with captures of its own.
    Pattern copy() {
        return new Pattern(new HashMap<>(captured));
    }

    /// Takes over what a copy has captured.
    void adopt(Pattern copy) {
        captured.putAll(copy.captured);
    }

    /// True if the whole line has the pattern's form; captures are kept only if it has.
    boolean matches(String pattern, String line) {
        var found = new HashMap<>(captured);
        if (!match(pattern, 0, line, 0, found)) {
            return false;
        }
        captured.putAll(found);
        return true;
    }

    /// The text with every `$name` replaced by what was captured.
    String fill(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) == '$') {
                int end = nameEnd(text, i);
                String name = text.substring(i + 1, end);
                out.append(name.isEmpty() ? "$" : captured.getOrDefault(name, "$" + name));
                i = text.startsWith("$$", i) ? i + 2 : end;
            } else {
                out.append(text.charAt(i++));
            }
        }
        return out.toString();
    }

    private static boolean match(
            String pattern, int p, String line, int l, Map<String, String> found) {
        while (p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == '~') {
                return matchAny(pattern, p + 1, line, l, found);
            }
            if (c == '$' && nameEnd(pattern, p) > p + 1) {
                return matchName(pattern, p, line, l, found);
            }
            p += pattern.startsWith("$$", p) ? 2 : 1;
            if (l >= line.length() || line.charAt(l) != c) {
                return false;
            }
            l++;
        }
        return l == line.length();
    }

    private static boolean matchAny(
            String pattern, int p, String line, int l, Map<String, String> found) {
        for (int end = line.length(); end >= l; end--) {
            var attempt = new HashMap<>(found);
            if (match(pattern, p, line, end, attempt)) {
                found.putAll(attempt);
                return true;
            }
        }
        return false;
    }

    private static boolean matchName(
            String pattern, int p, String line, int l, Map<String, String> found) {
        int end = nameEnd(pattern, p);
        String name = pattern.substring(p + 1, end);
        String known = found.get(name);
        if (known != null) {
            return line.startsWith(known, l)
                    && match(pattern, end, line, l + known.length(), found);
        }
        int stop = l;
        while (stop < line.length() && " []<>()*!".indexOf(line.charAt(stop)) < 0) {
            stop++;
        }
        for (int take = stop; take > l; take--) {
            var attempt = new HashMap<>(found);
            attempt.put(name, line.substring(l, take));
            if (match(pattern, end, line, take, attempt)) {
                found.putAll(attempt);
                return true;
            }
        }
        return false;
    }

    private static int nameEnd(String text, int dollar) {
        int end = dollar + 1;
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }
}
