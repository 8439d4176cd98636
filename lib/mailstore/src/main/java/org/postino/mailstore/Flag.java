// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.List;

/// A system flag of a message (RFC 3501, 2.3.2) that the store keeps; `\Recent` belongs to the session, see [MessageEntry].
public enum Flag {
    ANSWERED("\\Answered", 'R', 1),
    FLAGGED("\\Flagged", 'F', 2),
    DELETED("\\Deleted", 'T', 4),
    SEEN("\\Seen", 'S', 8),
    DRAFT("\\Draft", 'D', 16);

    static final List<Flag> ALL = List.of(values());

    private final String text;
    private final char letter;
    private final int bit;

    Flag(String text, char letter, int bit) {
        this.text = text;
        this.letter = letter;
        this.bit = bit;
    }

    /// The flag's name on the wire, `\Seen`.
    public String text() {
        return text;
    }

    /// The letter in a Maildir file name.
    char letter() {
        return letter;
    }

    int bit() {
        return bit;
    }
}
