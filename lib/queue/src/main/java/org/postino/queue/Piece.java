// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

/// A run of bytes in a queue file that belongs to the message.
///
/// @param offset position of its first byte in the file
/// @param length number of bytes
public record Piece(long offset, long length) {
    long end() {
        return offset + length;
    }

    /// The bytes from `from` to `to`, counted from the beginning of this piece.
    Piece part(long from, long to) {
        return new Piece(offset + from, to - from);
    }
}
