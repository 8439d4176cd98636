// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.Reader;

/// Finds a text in others without regard to case, in the way of i;unicode-casemap (RFC 5051), in one pass.
public final class TextMatcher {
    private final char[] needle;
    private final int[] fallback;

    public TextMatcher(String text) {
        needle = Casemap.fold(text).toCharArray();
        fallback = new int[needle.length + 1];
        // Knuth, Morris, Pratt: no text makes the search quadratic
        int k = 0;
        for (int i = 1; i < needle.length; i++) {
            while (k > 0 && needle[i] != needle[k]) {
                k = fallback[k];
            }
            if (needle[i] == needle[k]) {
                k++;
            }
            fallback[i + 1] = k;
        }
    }

    /// The text as it is compared.
    String folded() {
        return new String(needle);
    }

    boolean isEmpty() {
        return needle.length == 0;
    }

    boolean in(String text) {
        int state = feed(0, Casemap.fold(text));
        return state == needle.length;
    }

    /// True if the text has neither blanks nor angle brackets, which part the words of an address.
    boolean isOneWord() {
        for (char c : needle) {
            if (c == ' ' || c == '\t' || c == '<' || c == '>') {
                return false;
            }
        }
        return true;
    }

    /// As [#in(String)], for octets that are all ASCII.
    boolean inAscii(byte[] octets, int from, int to) {
        return inAscii(octets, from, to, false);
    }

    /// As [#inAscii], but as if there were no blanks and quotes among the octets.
    boolean inAsciiUnquoted(byte[] octets, int from, int to) {
        return inAscii(octets, from, to, true);
    }

    private boolean inAscii(byte[] octets, int from, int to, boolean unquoted) {
        int state = 0;
        for (int i = from; i < to && state < needle.length; i++) {
            if (unquoted && (octets[i] == ' ' || octets[i] == '\t' || octets[i] == '"')) {
                continue;
            }
            int c = octets[i] >= 'a' && octets[i] <= 'z' ? octets[i] - 32 : octets[i];
            while (state > 0 && needle[state] != c) {
                state = fallback[state];
            }
            if (needle[state] == c) {
                state++;
            }
        }
        return state == needle.length;
    }

    /// Reads until the text is found or the reader ends.
    boolean in(Reader reader) throws IOException {
        int[] state = {0};
        return FoldedText.read(
                reader,
                folded -> {
                    state[0] = feed(state[0], folded);
                    return state[0] == needle.length;
                });
    }

    private int feed(int from, String folded) {
        int state = from;
        for (int i = 0; i < folded.length() && state < needle.length; i++) {
            char c = folded.charAt(i);
            while (state > 0 && needle[state] != c) {
                state = fallback[state];
            }
            if (needle[state] == c) {
                state++;
            }
        }
        return state;
    }
}
