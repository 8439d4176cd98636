// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The actions that the right-hand side of an access table may name, a row each: its argument, the words of the manual page, other names.
///
/// A row is everything about an action but its code, which smtpd has in one switch over all rows. [AccessAction] reads a line by
/// the rows, `postino check` finds the lines that cannot be carried out, and the list in access(5) is made from them.
public enum AccessActionName {
    OK(
            Argument.NONE,
            "Permits: no more of this list is asked. A number is the same, as in tables that programs write.",
            "PERMIT"),
    DUNNO(Argument.NONE, "As if the key were not there; shorter keys are not tried."),
    REJECT(
            Argument.TEXT,
            "Refuses. The text may begin with a status such as 5.7.1, here and below."),
    DEFER(Argument.TEXT, "Refuses for now."),
    DEFER_IF_PERMIT(Argument.TEXT, "Refuses for now what would be permitted in the end."),
    DEFER_IF_REJECT(Argument.TEXT, "Refuses for now what would be refused in the end."),
    HOLD(Argument.TEXT, "Takes the message, and puts it into the hold queue."),
    DISCARD(Argument.TEXT, "Takes the message, and throws it away."),
    REDIRECT(Argument.ADDRESS, "Sends the message to this address instead."),
    BCC(Argument.ADDRESS, "Sends the message to this address as well."),
    FILTER(
            Argument.DESTINATION,
            "Sends the whole message to this transport, such as smtp-amavis:[127.0.0.1]:10024, wherever"
                    + " its recipients are. It hands the message back to another port after inspection."
                    + " Without a next hop, that is $default_filter_nexthop or the recipient's domain."),
    PREPEND(Argument.FIELD, "Puts a header field in front of the message."),
    WARN(Argument.TEXT, "Logs a line that begins with warn, and has no opinion."),
    INFO(Argument.TEXT, "Logs a line that begins with info, and has no opinion.");

    /// The kinds of text that follow the name of an action.
    public enum Argument {
        NONE("", ""),
        /// Words for the client or for the log; may be missing.
        TEXT("Op Ar text", ""),
        ADDRESS("Ar user@domain", "without an address user@domain"),
        /// A header field, `Name: text`.
        FIELD("Ar Name:\\& Ar text", "without a header field"),
        /// A row of master.cf and, after a colon, a next hop, which may be missing.
        DESTINATION("Ar transport : Ns Op Ar nexthop", "without transport:nexthop");

        private final String synopsis;
        private final String complaint;

        Argument(String synopsis, String complaint) {
            this.synopsis = synopsis;
            this.complaint = complaint;
        }

        /// The argument in mdoc; empty if there is none.
        public String synopsis() {
            return synopsis;
        }

        /// The words about a text that cannot be this argument, to follow the action's name; empty if it can.
        String problem(String text) {
            boolean good =
                    switch (this) {
                        case NONE, TEXT -> true;
                        case ADDRESS -> text.indexOf('@') > 0 && !hasBlank(text);
                        case FIELD -> isField(text);
                        case DESTINATION -> text.indexOf(':') > 0 && !hasBlank(text);
                    };
            return good ? "" : complaint;
        }

        private static boolean hasBlank(String text) {
            return text.indexOf(' ') >= 0 || text.indexOf('\t') >= 0;
        }

        private static boolean isField(String text) {
            int colon = text.indexOf(':');
            boolean good = colon > 0;
            for (int i = 0; i < colon; i++) {
                char c = text.charAt(i);
                good &= c > ' ' && c < 0x7f;
            }
            for (int i = Math.max(colon, 0); i < text.length(); i++) {
                good &= text.charAt(i) >= ' ' || text.charAt(i) == '\t';
            }
            return good;
        }
    }

    private static final Map<String, AccessActionName> BY_WORD = new HashMap<>();

    static {
        for (var row : values()) {
            BY_WORD.put(row.name(), row);
            if (!row.other.isEmpty()) {
                BY_WORD.put(row.other, row);
            }
        }
    }

    private final Argument argument;
    private final String doc;
    private final String other;

    AccessActionName(Argument argument, String doc) {
        this(argument, doc, "");
    }

    /// @param other another word for the same action; empty if there is none
    AccessActionName(Argument argument, String doc, String other) {
        this.argument = argument;
        this.doc = doc;
        this.other = other;
    }

    /// The row of a word in capitals; null if it is no action's name.
    static @Nullable AccessActionName find(String word) {
        return BY_WORD.get(word);
    }

    /// The kind of text that follows the name.
    public Argument argument() {
        return argument;
    }

    /// The sentences for the manual page.
    public String doc() {
        return doc;
    }

    /// Another word for the same action; empty if there is none.
    public String other() {
        return other;
    }
}
