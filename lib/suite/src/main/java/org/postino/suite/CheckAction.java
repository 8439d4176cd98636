// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

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
        var text = ActionText.of(value);
        CheckActionName name = CheckActionName.find(text.word());
        if (name == null) {
            return new Broken(
                    text.word().isEmpty()
                            ? "an empty action"
                            : "no action is called " + text.word());
        }
        String problem = problem(name.argument(), text.rest(), header);
        return problem.isEmpty()
                ? new Named(name, text.rest())
                : new Broken(text.word() + " " + problem);
    }

    /// A field may have several lines here, as what a pattern found in one may be put into another.
    private static String problem(ActionArgument argument, String text, boolean header) {
        if (header && argument == ActionArgument.LINE) {
            return ActionArgument.isNamed(text) ? "" : ActionArgument.FIELD.complaint();
        }
        return argument.problem(text);
    }
}
