// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Does what the [CharacterRules] say to the content of one message, which arrives in pieces. Owned by one thread.
final class CharacterFilter {
    private static final byte[] CR = {'\r'};

    /// Takes what goes on, and hears what does not.
    interface Next {
        void content(byte[] bytes, int offset, int length) throws IOException;

        /// An octet is there that no message may have.
        ///
        /// @param line the line, as far as it is at hand, a byte a character
        /// @throws IOException the message ends here
        void rejected(String line) throws IOException;
    }

    private final CharacterRules rules;
    private final Next next;
    private boolean heldCr;

    CharacterFilter(CharacterRules rules, Next next) {
        this.rules = rules;
        this.next = next;
    }

    /// Takes the next bytes.
    void content(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        if (length > 0 && heldCr) {
            heldCr = false;
            if (bytes[offset] == '\n' || !isWrong(CR, 0, 0, 1)) {
                next.content(CR, 0, 1);
            }
        }
        int from = offset;
        for (int i = offset; i < end; i++) {
            byte octet = bytes[i];
            if (!rules.rejects(octet) && !rules.strips(octet)) {
                continue;
            }
            if (octet == '\r' && i + 1 == end) {
                heldCr = true;
            } else if ((octet == '\r' && bytes[i + 1] == '\n') || !isWrong(bytes, offset, i, end)) {
                continue;
            }
            pass(bytes, from, i);
            from = i + 1;
        }
        pass(bytes, from, end);
    }

    /// The content has ended.
    void end() throws IOException {
        if (heldCr) {
            heldCr = false;
            if (!isWrong(CR, 0, 0, 1)) {
                next.content(CR, 0, 1);
            }
        }
    }

    /// True if an octet is to be left out.
    private boolean isWrong(byte[] bytes, int start, int at, int end) throws IOException {
        if (rules.rejects(bytes[at])) {
            int from = at;
            while (from > start && bytes[from - 1] != '\n') {
                from--;
            }
            int to = at;
            while (to < end && bytes[to] != '\n' && bytes[to] != '\r') {
                to++;
            }
            next.rejected(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        }
        return rules.strips(bytes[at]);
    }

    private void pass(byte[] bytes, int from, int to) throws IOException {
        if (from < to) {
            next.content(bytes, from, to - from);
        }
    }
}
