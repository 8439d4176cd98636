// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Locale;

/// The right-hand side of a line in a table of actions, cut behind its first word.
///
/// @param word in capitals; empty if there is nothing
/// @param rest without blanks at its ends
record ActionText(String word, String rest) {
    static ActionText of(String value) {
        String line = value.strip();
        int blank = 0;
        while (blank < line.length() && line.charAt(blank) != ' ' && line.charAt(blank) != '\t') {
            blank++;
        }
        return new ActionText(
                line.substring(0, blank).toUpperCase(Locale.ROOT), line.substring(blank).strip());
    }
}
