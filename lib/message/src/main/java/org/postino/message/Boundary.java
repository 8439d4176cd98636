// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.nio.charset.StandardCharsets;

/// A boundary that is looked for, with the dashes in front of it (RFC 2046, 5.1.1).
///
/// @param text what a boundary line begins with: of a value that should have been quoted only the token, at which other
///     readers stop, so that nobody sees parts that we do not
/// @param whole all that stood there; the last line of the multipart may have this before its dashes
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Boundary(byte[] text, byte[] whole) {
    private static final int LONGEST = 1000;

    /// The boundary that a parameter of Content-Type names.
    static Boundary of(ContentType.Parameter parameter) {
        return of(parameter, LONGEST);
    }

    /// @param longest how many bytes of it count
    static Boundary of(ContentType.Parameter parameter, int longest) {
        return new Boundary(
                bytes(MimeTokens.tokenOf(parameter), longest), bytes(parameter.value(), longest));
    }

    private static byte[] bytes(String value, int longest) {
        var text = value.substring(0, Math.min(value.length(), longest));
        return ("--" + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// True if a line, here without its end, may be a boundary at all.
    static boolean mayBe(byte[] line, int from, int to) {
        return to - from >= 2 && line[from] == '-' && line[from + 1] == '-';
    }

    /// True if a line begins with the boundary.
    boolean begins(byte[] line, int from, int to) {
        return begins(text, line, from, to);
    }

    /// True if a line that begins with the boundary is the last one of its multipart.
    boolean isLast(byte[] line, int from, int to) {
        return dashes(line, from + text.length, to)
                || (begins(whole, line, from, to) && dashes(line, from + whole.length, to));
    }

    private static boolean begins(byte[] text, byte[] line, int from, int to) {
        if (to - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (line[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean dashes(byte[] line, int at, int to) {
        return at + 1 < to && line[at] == '-' && line[at + 1] == '-';
    }
}
