// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The actions that a table of header_checks(5) may name, a row each: its argument, the words of the manual page, other names.
///
/// A row is everything about an action but its code, which cleanup has in one switch over all rows. [CheckAction] reads a line by
/// the rows, `postino check` finds the lines that cannot be carried out, and the list in header_checks(5) is made from them.
public enum CheckActionName implements ActionRow {
    DUNNO(ActionArgument.NONE, "As if nothing had matched.", "OK"),
    REJECT(
            ActionArgument.TEXT,
            "Refuses the message; its client hears 550 5.7.1 and the text, or \"message content rejected\"."
                    + " A status such as 5.7.9 in front of the text takes the place of 5.7.1; one that begins with"
                    + " 4 makes the reply 451. Mail of this machine's users is returned to them."),
    DISCARD(
            ActionArgument.TEXT,
            "Takes the message, and throws it away. The rest of it is not checked."),
    IGNORE(ActionArgument.NONE, "Removes the field or line."),
    STRIP(ActionArgument.TEXT, "Removes the field or line, and logs that."),
    REPLACE(
            ActionArgument.LINE,
            "Puts this in the place of the field or line. In a header it is a field, which is"
                    + " treated like those that came with the message."),
    PREPEND(
            ActionArgument.LINE,
            "Puts this in front of the field or line; in a header it is a field. It is not checked."),
    HOLD(ActionArgument.TEXT, "Puts the message into the hold queue."),
    FILTER(
            ActionArgument.DESTINATION,
            "Sends the whole message to this transport first, as in access(5). The last one counts, also"
                    + " against content_filter."),
    REDIRECT(
            ActionArgument.ADDRESS,
            "Sends the message to this address, and to none of its recipients. The rest of it is not checked."),
    BCC(ActionArgument.ADDRESS, "Sends the message to this address as well."),
    WARN(ActionArgument.TEXT, "Logs a line that begins with warning."),
    INFO(ActionArgument.TEXT, "Logs a line that begins with info."),
    PASS(ActionArgument.TEXT, "Logs this. The rest of the message is not checked.");

    private static final Map<String, CheckActionName> BY_WORD = ActionRow.byWord(values());

    private final ActionArgument argument;
    private final String doc;
    private final String other;

    CheckActionName(ActionArgument argument, String doc) {
        this(argument, doc, "");
    }

    /// @param other another word for the same action; empty if there is none
    CheckActionName(ActionArgument argument, String doc, String other) {
        this.argument = argument;
        this.doc = doc;
        this.other = other;
    }

    /// The row of a word in capitals; null if it is no action's name.
    static @Nullable CheckActionName find(String word) {
        return BY_WORD.get(word);
    }

    @Override
    public ActionArgument argument() {
        return argument;
    }

    @Override
    public String doc() {
        return doc;
    }

    @Override
    public String other() {
        return other;
    }
}
