// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

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
        var text = ActionText.of(value);
        AccessActionName name = AccessActionName.find(text.word());
        if (name == null) {
            return other(text.word(), text.rest(), value.strip());
        }
        String problem = name.argument().problem(text.rest());
        return problem.isEmpty()
                ? new Named(name, text.rest())
                : new Broken(text.word() + " " + problem);
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
        return digits && rest.isEmpty()
                ? new Named(AccessActionName.OK, "")
                : new Restrictions(line);
    }
}
