// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

/// A name with wildcards: `*` is anything, `?` one character, `%` anything within a level of names of mailboxes.
///
/// Costs no more than length times length, whatever the pattern.
///
/// @param separator between levels; 0 where there are none and `%` is a character as others
record Wildcards(String pattern, char separator) {
    /// For names of users.
    static Wildcards of(String pattern) {
        return new Wildcards(pattern, (char) 0);
    }

    /// True if the text has a wildcard of [#of].
    static boolean are(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    boolean matches(String name) {
        boolean[] at = new boolean[pattern.length() + 1];
        at[0] = true;
        skip(at);
        for (int i = 0; i < name.length(); i++) {
            boolean[] next = new boolean[at.length];
            for (int j = 0; j < pattern.length(); j++) {
                if (at[j]) {
                    step(next, j, name.charAt(i));
                }
            }
            skip(next);
            at = next;
        }
        return at[pattern.length()];
    }

    private void step(boolean[] next, int j, char c) {
        char p = pattern.charAt(j);
        if (isAnything(p)) {
            next[j] |= p == '*' || c != separator;
        } else {
            next[j + 1] |= p == c || p == '?';
        }
    }

    private void skip(boolean[] at) {
        for (int j = 0; j < pattern.length(); j++) {
            at[j + 1] |= at[j] && isAnything(pattern.charAt(j));
        }
    }

    private boolean isAnything(char p) {
        return p == '*' || (p == '%' && separator != 0);
    }
}
