// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.ArrayList;
import java.util.List;

/// A pattern of LIST (RFC 3501, 6.3.8): `*` is anything, `%` anything within a level. INBOX is matched in any case, also as the
/// level above others.
///
/// Costs no more than length times length, whatever the pattern.
final class ListPattern {
    private static final String INBOX = "INBOX";

    private final String pattern;
    private final char separator;

    ListPattern(String pattern, char separator) {
        this.pattern = collapse(pattern);
        this.separator = separator;
    }

    private static String collapse(String pattern) {
        var text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int last = text.length() - 1;
            char before = last >= 0 ? text.charAt(last) : 0;
            if (c == '*' && before == '%') {
                text.setLength(last);
            }
            if ((c == '%' && (before == '%' || before == '*')) || (c == '*' && before == '*')) {
                continue;
            }
            text.append(c);
        }
        return text.toString();
    }

    boolean matches(String name) {
        boolean inbox =
                name.startsWith(INBOX)
                        && (name.length() == INBOX.length()
                                || name.charAt(INBOX.length()) == separator);
        boolean[] at = new boolean[pattern.length() + 1];
        at[0] = true;
        close(pattern, at);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean anyCase = inbox && i < INBOX.length();
            boolean[] next = new boolean[at.length];
            for (int j = 0; j < pattern.length(); j++) {
                if (!at[j]) {
                    continue;
                }
                char g = pattern.charAt(j);
                if (g == '*' || (g == '%' && c != separator)) {
                    next[j] = true;
                } else if (g != '%' && (g == c || (anyCase && g == (c | 0x20)))) {
                    next[j + 1] = true;
                }
            }
            close(pattern, next);
            at = next;
        }
        return at[pattern.length()];
    }

    private static void close(String glob, boolean[] at) {
        for (int j = 0; j < glob.length(); j++) {
            if (at[j] && (glob.charAt(j) == '*' || glob.charAt(j) == '%')) {
                at[j + 1] = true;
            }
        }
    }

    /// The names above `name`, nearest first.
    static List<String> parents(String name, char separator) {
        var parents = new ArrayList<String>();
        for (int i = name.lastIndexOf(separator); i > 0; i = name.lastIndexOf(separator, i - 1)) {
            parents.add(name.substring(0, i));
        }
        return parents;
    }
}
