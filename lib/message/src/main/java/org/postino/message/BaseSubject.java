// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

/// The subject of a message without what replies, forwards and mailing lists add to it (RFC 5256, 2.1), in one pass.
public final class BaseSubject {
    /// A subject beyond this is cut: nobody reads on, and what a sort holds stays small.
    private static final int LONGEST = 1000;

    private static final String FORWARDED = "[fwd:";
    private static final String FORWARD_TRAILER = "(fwd)";

    private final String text;
    private int at;
    private int end;
    private boolean answers;

    /// The end of a row of blobs behind which no `re:` stands; it need not be looked for again from one of them.
    private int plain = -1;

    private BaseSubject(String text) {
        this.text = text;
        this.end = text.length();
        extract();
    }

    /// Extracts it from a field.
    ///
    /// @param field the value, unfolded, a byte in each character
    public static BaseSubject of(String field) {
        return new BaseSubject(withSingleSpaces(EncodedWords.decode(field)));
    }

    /// The base subject, as its writer spelled it; empty if nothing is left.
    public String text() {
        return text.substring(at, end);
    }

    /// True if something was removed that marks a reply or forward.
    public boolean isReplyOrForward() {
        return answers;
    }

    private static String withSingleSpaces(String decoded) {
        var text = new StringBuilder(Math.min(decoded.length(), LONGEST));
        for (int i = 0; i < decoded.length() && text.length() < LONGEST; i++) {
            char c = decoded.charAt(i);
            boolean blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!blank) {
                text.append(c);
            } else if (text.isEmpty() || text.charAt(text.length() - 1) != ' ') {
                text.append(' ');
            }
        }
        if (!text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    /// Steps 2 to 6.
    private void extract() {
        do {
            trailers();
            do {
                leaders();
            } while (blob());
        } while (unwrap());
    }

    private void trailers() {
        while (true) {
            if (end > at && text.charAt(end - 1) == ' ') {
                end--;
            } else if (has(FORWARD_TRAILER, end - FORWARD_TRAILER.length())) {
                end -= FORWARD_TRAILER.length();
                answers = true;
            } else {
                return;
            }
        }
    }

    private void leaders() {
        while (true) {
            if (at < end && text.charAt(at) == ' ') {
                at++;
            } else {
                int next = reply();
                if (next < 0) {
                    return;
                }
                at = next;
                answers = true;
            }
        }
    }

    /// The end of blobs and a `re:` that stand here, -1 if none does.
    private int reply() {
        if (at <= plain) {
            return -1;
        }
        int from = at;
        for (int next = blob(from); next >= 0; next = blob(from)) {
            from = next;
        }
        int colon = colon(from);
        if (colon < 0) {
            plain = from;
            return -1;
        }
        return colon + 1;
    }

    /// The place of the colon of a `re:`, `fw:` or `fwd:`, with a blob or without, that begins there; -1 if none does.
    private int colon(int from) {
        int word = has("fwd", from) ? 3 : has("fw", from) || has("re", from) ? 2 : 0;
        if (word == 0) {
            return -1;
        }
        int colon = blanks(from + word);
        int behind = blob(colon);
        colon = behind < 0 ? colon : behind;
        return colon < end && text.charAt(colon) == ':' ? colon : -1;
    }

    /// Removes one blob, unless nothing would be left.
    private boolean blob() {
        int next = blob(at);
        if (next < 0 || next >= end) {
            return false;
        }
        at = next;
        return true;
    }

    /// The end of a blob, `[list] `, that begins there, -1 if none does.
    private int blob(int from) {
        if (from >= end || text.charAt(from) != '[') {
            return -1;
        }
        int to = from + 1;
        while (to < end && text.charAt(to) != '[' && text.charAt(to) != ']') {
            to++;
        }
        return to < end && text.charAt(to) == ']' ? blanks(to + 1) : -1;
    }

    private int blanks(int from) {
        int to = from;
        while (to < end && text.charAt(to) == ' ') {
            to++;
        }
        return to;
    }

    /// Takes `[fwd:` and its bracket off.
    private boolean unwrap() {
        if (!has(FORWARDED, at) || text.charAt(end - 1) != ']') {
            return false;
        }
        at += FORWARDED.length();
        end--;
        plain = -1;
        answers = true;
        return true;
    }

    private boolean has(String word, int from) {
        return from >= at
                && from + word.length() <= end
                && text.regionMatches(true, from, word, 0, word.length());
    }
}
