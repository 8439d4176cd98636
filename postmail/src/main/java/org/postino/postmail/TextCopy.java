// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Copies a message with LF at the ends of its lines, which end in CRLF.
final class TextCopy {
    /// The part that is copied.
    enum Part {
        /// The header with the empty line that ends it.
        HEADER,
        BODY,
        ALL
    }

    private TextCopy() {}

    static void copy(InputStream from, OutputStream to, Part part) throws IOException {
        var in = new BufferedInputStream(from, 65_536);
        var out = new BufferedOutputStream(to, 65_536);
        boolean inHeader = true;
        boolean lineIsEmpty = true;
        boolean held = false; // a CR that may be part of a CRLF
        for (int c = in.read(); c >= 0; c = in.read()) {
            boolean wanted = part == Part.ALL || inHeader == (part == Part.HEADER);
            if (held && c != '\n' && wanted) {
                out.write('\r');
            }
            held = c == '\r';
            if (!held && wanted) {
                out.write(c);
            }
            if (c == '\n') {
                inHeader &= !lineIsEmpty;
                lineIsEmpty = true;
            } else {
                lineIsEmpty &= held;
            }
            if (!inHeader && part == Part.HEADER) {
                break;
            }
        }
        if (held && (part == Part.ALL || inHeader == (part == Part.HEADER))) {
            out.write('\r');
        }
        out.flush();
    }
}
