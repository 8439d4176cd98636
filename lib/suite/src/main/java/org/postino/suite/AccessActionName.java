// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The actions that the right-hand side of an access table may name, a row each: its argument, the words of the manual page, other names.
///
/// A row is everything about an action but its code, which smtpd has in one switch over all rows. [AccessAction] reads a line by
/// the rows, `postino check` finds the lines that cannot be carried out, and the list in access(5) is made from them.
public enum AccessActionName implements ActionRow {
    OK(
            ActionArgument.NONE,
            "Permits: no more of this list is asked. A number is the same, as in tables that programs write.",
            "PERMIT"),
    DUNNO(ActionArgument.NONE, "As if the key were not there; shorter keys are not tried."),
    REJECT(
            ActionArgument.TEXT,
            "Refuses. The text may begin with a status such as 5.7.1, here and below."),
    DEFER(ActionArgument.TEXT, "Refuses for now."),
    DEFER_IF_PERMIT(ActionArgument.TEXT, "Refuses for now what would be permitted in the end."),
    DEFER_IF_REJECT(ActionArgument.TEXT, "Refuses for now what would be refused in the end."),
    HOLD(ActionArgument.TEXT, "Takes the message, and puts it into the hold queue."),
    DISCARD(ActionArgument.TEXT, "Takes the message, and throws it away."),
    REDIRECT(ActionArgument.ADDRESS, "Sends the message to this address instead."),
    BCC(ActionArgument.ADDRESS, "Sends the message to this address as well."),
    FILTER(
            ActionArgument.DESTINATION,
            "Sends the whole message to this transport, such as smtp-amavis:[127.0.0.1]:10024, wherever"
                    + " its recipients are. It hands the message back to another port after inspection."
                    + " Without a next hop, that is $default_filter_nexthop or the recipient's domain."),
    PREPEND(ActionArgument.FIELD, "Puts a header field in front of the message."),
    WARN(ActionArgument.TEXT, "Logs a line that begins with warn, and has no opinion."),
    INFO(ActionArgument.TEXT, "Logs a line that begins with info, and has no opinion.");

    private static final Map<String, AccessActionName> BY_WORD = ActionRow.byWord(values());

    private final ActionArgument argument;
    private final String doc;
    private final String other;

    AccessActionName(ActionArgument argument, String doc) {
        this(argument, doc, "");
    }

    /// @param other another word for the same action; empty if there is none
    AccessActionName(ActionArgument argument, String doc, String other) {
        this.argument = argument;
        this.doc = doc;
        this.other = other;
    }

    /// The row of a word in capitals; null if it is no action's name.
    static @Nullable AccessActionName find(String word) {
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
