// SPDX-License-Identifier: Apache-2.0

package org.postino.global.log;

import java.nio.charset.StandardCharsets;

/// One line of the log before it has a time stamp: `SEVERITY TAB TRACE TAB text LF` on the way to master.
///
/// @param trace the session it belongs to, `-` if none
/// @param text one line without control characters
public record Event(Severity severity, String trace, String text) {
    /// The most bytes an event takes on its way; longer text is cut.
    public static final int LIMIT = 8192;

    public Event {
        text = clean(text);
    }

    /// The event as it is written to master, with the LF.
    public byte[] encode() {
        byte[] bytes =
                (severity.word() + "\t" + trace + "\t" + text + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LIMIT) {
            return bytes;
        }
        byte[] cut = java.util.Arrays.copyOf(bytes, LIMIT);
        cut[LIMIT - 1] = '\n';
        return cut;
    }

    /// Reads a line, less its LF. What has another form came from the Java machine itself and becomes a warning.
    public static Event parse(String line) {
        int first = line.indexOf('\t');
        int second = first < 0 ? -1 : line.indexOf('\t', first + 1);
        if (second < 0) {
            return new Event(Severity.WARNING, Trace.NONE, line);
        }
        return new Event(
                Severity.of(line.substring(0, first)),
                line.substring(first + 1, second),
                line.substring(second + 1));
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
