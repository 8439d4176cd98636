// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

/// The kinds of text that follow the name of an action.
public enum ActionArgument {
    NONE("", ""),
    /// Words for the client or for the log; may be missing.
    TEXT("Op Ar text", ""),
    /// A line of text that must be there.
    LINE("Ar text", "without a text"),
    ADDRESS("Ar user@domain", "without an address user@domain"),
    /// A header field, `Name: text`.
    FIELD("Ar Name:\\& Ar text", "without a header field"),
    /// A row of master.cf and, after a colon, a next hop, which may be missing.
    DESTINATION("Ar transport : Ns Op Ar nexthop", "without transport:nexthop");

    private final String synopsis;
    private final String complaint;

    ActionArgument(String synopsis, String complaint) {
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
                    case LINE -> !text.isEmpty();
                    case ADDRESS -> text.indexOf('@') > 0 && !hasBlank(text);
                    case FIELD -> isField(text);
                    case DESTINATION ->
                            text.indexOf(':') > 0
                                    && text.lastIndexOf('/', text.indexOf(':')) < 0
                                    && !hasBlank(text);
                };
        return good ? "" : complaint;
    }

    private static boolean hasBlank(String text) {
        return text.indexOf(' ') >= 0 || text.indexOf('\t') >= 0;
    }

    /// The words about a missing argument, to follow the action's name.
    String complaint() {
        return complaint;
    }

    private static boolean isField(String text) {
        boolean good = isNamed(text);
        for (int i = Math.max(text.indexOf(':'), 0); i < text.length(); i++) {
            good &= text.charAt(i) >= ' ' || text.charAt(i) == '\t';
        }
        return good;
    }

    /// True if a text begins with the name of a header field and a colon, whatever follows.
    static boolean isNamed(String text) {
        int colon = text.indexOf(':');
        boolean good = colon > 0;
        for (int i = 0; i < colon; i++) {
            char c = text.charAt(i);
            good &= c > ' ' && c < 0x7f;
        }
        return good;
    }
}
