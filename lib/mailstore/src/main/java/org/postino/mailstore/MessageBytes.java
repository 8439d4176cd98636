// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The content of a message as clients see it: lines end in CRLF, whatever the file has.
///
/// Holds a file open until closed, so an expunge by others does not disturb it. Any thread, one at a time.
public interface MessageBytes extends Closeable {
    /// The size in octets with CRLF; known without reading where the file name or the index tells it.
    long size() throws IOException;

    /// The content from octet `offset` on; empty beyond the end. Closing the stream leaves this object open.
    InputStream stream(long offset) throws IOException;

    /// The header with the empty line that ends it (all of the message if there is none), read in one piece.
    byte[] header() throws IOException;

    /// Copies `length` octets from `offset`, fewer at the end; returns how many.
    default long writeTo(OutputStream out, long offset, long length) throws IOException {
        long left = length;
        try (InputStream in = stream(offset)) {
            byte[] buffer = new byte[(int) Math.min(Math.max(left, 1), 65_536)];
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    break;
                }
                out.write(buffer, 0, n);
                left -= n;
            }
        }
        return length - left;
    }

    /// All of it.
    default byte[] bytes() throws IOException {
        try (InputStream in = stream(0)) {
            return in.readAllBytes();
        }
    }
}
