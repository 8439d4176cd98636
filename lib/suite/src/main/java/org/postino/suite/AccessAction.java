// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Locale;

/// The right-hand side of a line in an access table, as access(5) describes it.
public sealed interface AccessAction {
    /// An action by its name.
    ///
    /// @param argument what stands behind the name; as its row wants it
    record Named(AccessActionName name, String argument) implements AccessAction {}

    /// A refusal with a code of its own: `554 5.7.1 no mail from you`.
    ///
    /// @param code 400 to 599
    /// @param text not empty
    record Reply(int code, String text) implements AccessAction {}

    /// Restrictions that are asked in place of the table.
    ///
    /// @param list as in main.cf; not empty
    record Restrictions(String list) implements AccessAction {}

    /// An action that cannot be carried out as it is written.
    record Broken(String why) implements AccessAction {}

    /// Reads a right-hand side. Names are read in either case.
    static AccessAction parse(String value) {
        String line = value.strip();
        int blank = firstBlank(line);
        String word = line.substring(0, blank).toUpperCase(Locale.ROOT);
        String rest = line.substring(blank).strip();
        AccessActionName name = AccessActionName.find(word);
        if (name == null) {
            return other(word, rest, line);
        }
        String problem = name.argument().problem(rest);
        return problem.isEmpty() ? new Named(name, rest) : new Broken(word + " " + problem);
    }

    private static AccessAction other(String word, String rest, String line) {
        if (word.isEmpty()) {
            return new Broken("an empty action");
        }
        boolean digits = word.chars().allMatch(c -> c >= '0' && c <= '9');
        char first = word.charAt(0);
        if (digits && word.length() == 3 && (first == '4' || first == '5') && !rest.isEmpty()) {
            return new Reply(Integer.parseInt(word), rest);
        }
        return digits ? new Named(AccessActionName.OK, "") : new Restrictions(line);
    }

    private static int firstBlank(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) != ' ' && text.charAt(i) != '\t') {
            i++;
        }
        return i;
    }
}
