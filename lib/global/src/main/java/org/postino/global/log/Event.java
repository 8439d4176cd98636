// SPDX-License-Identifier: Apache-2.0

package org.postino.global.log;

/// One line of the log before it has a time stamp.
///
/// @param trace the session it belongs to, `-` if none
/// @param text one line without control characters
public record Event(Severity severity, String trace, String text) {
    public Event {
        text = clean(text);
    }

    /// What a peer said must not break a line in two or reach a terminal as commands.
    private static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return replaced(text, i);
            }
        }
        return text;
    }

    private static String replaced(String text, int first) {
        var out = new StringBuilder(text);
        for (int i = first; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }

    private static boolean isControl(char c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0);
    }
}
