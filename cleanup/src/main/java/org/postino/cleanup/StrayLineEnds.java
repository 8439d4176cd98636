// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;

/// Makes a space of each CR and LF of one message that is not part of a CR LF (`cleanup_replace_stray_cr_lf`). The message arrives in pieces.
/// Owned by one thread.
///
/// Servers disagree about what such an octet is; one of them might take it for the end of a line, and so find the end of a message
/// where there is none.
final class StrayLineEnds {
    private static final byte[] SPACE = {' '};
    private static final byte[] CRLF = {'\r', '\n'};

    private final Next next;
    private boolean heldCr;

    /// Takes what goes on.
    @FunctionalInterface
    interface Next {
        void content(byte[] bytes, int offset, int length) throws IOException;
    }

    StrayLineEnds(Next next) {
        this.next = next;
    }

    /// Takes the next bytes.
    void content(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int from = offset;
        if (heldCr && length > 0) {
            heldCr = false;
            boolean whole = bytes[offset] == '\n';
            next.content(whole ? CRLF : SPACE, 0, whole ? 2 : 1);
            from += whole ? 1 : 0;
        }
        for (int i = from; i < end; i++) {
            byte octet = bytes[i];
            if (octet == '\r' && i + 1 == end) {
                heldCr = true;
                pass(bytes, from, i);
                return;
            }
            if (octet == '\r' && bytes[i + 1] == '\n') {
                i++;
            } else if (octet == '\r' || octet == '\n') {
                pass(bytes, from, i);
                next.content(SPACE, 0, 1);
                from = i + 1;
            }
        }
        pass(bytes, from, end);
    }

    /// The content has ended.
    void end() throws IOException {
        if (heldCr) {
            heldCr = false;
            next.content(SPACE, 0, 1);
        }
    }

    private void pass(byte[] bytes, int from, int to) throws IOException {
        if (from < to) {
            next.content(bytes, from, to - from);
        }
    }
}
