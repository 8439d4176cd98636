// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Locale;

/// The right-hand side of a line in a table of header_checks(5).
public sealed interface CheckAction {
    /// An action by its name.
    ///
    /// @param argument what stands behind the name; as its row wants it
    record Named(CheckActionName name, String argument) implements CheckAction {}

    /// An action that cannot be carried out as it is written.
    record Broken(String why) implements CheckAction {}

    /// Reads a right-hand side. Names are read in either case.
    ///
    /// @param header true if a header field was looked up, in whose place only another field may stand
    static CheckAction parse(String value, boolean header) {
        String line = value.strip();
        int blank = 0;
        while (blank < line.length() && line.charAt(blank) != ' ' && line.charAt(blank) != '\t') {
            blank++;
        }
        String word = line.substring(0, blank).toUpperCase(Locale.ROOT);
        String rest = line.substring(blank).strip();
        CheckActionName name = CheckActionName.find(word);
        if (name == null) {
            return new Broken(word.isEmpty() ? "an empty action" : "no action is called " + word);
        }
        String problem = problem(name.argument(), rest, header);
        return problem.isEmpty() ? new Named(name, rest) : new Broken(word + " " + problem);
    }

    /// A field may have several lines here, as what a pattern found in one may be put into another.
    private static String problem(ActionArgument argument, String text, boolean header) {
        if (header && argument == ActionArgument.LINE) {
            return ActionArgument.isNamed(text) ? "" : ActionArgument.FIELD.complaint();
        }
        return argument.problem(text);
    }
}
