// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.ArrayList;
import java.util.List;

/// The pieces of a file that make up a message, in the order in which readers see them.
///
/// An edit changes this list alone: bytes that were written stay where they are. Owned by one thread.
final class PieceTable {
    private List<Piece> pieces = new ArrayList<>();
    private long length;

    PieceTable(Piece whole) {
        replace(0, 0, whole);
    }

    /// The length of the message in bytes.
    long length() {
        return length;
    }

    List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /// Replaces the bytes `from` to `to` of the message, as it is now, by a piece, which may be empty.
    void replace(long from, long to, Piece fresh) {
        if (from < 0 || from > to || to > length) {
            throw new IllegalArgumentException(from + " to " + to + " of " + length);
        }
        var changed = new ArrayList<Piece>(pieces.size() + 2);
        copy(0, from, changed);
        add(changed, fresh);
        copy(to, length, changed);
        pieces = changed;
        length += from - to + fresh.length();
    }

    private void copy(long from, long to, List<Piece> into) {
        long at = 0;
        for (Piece p : pieces) {
            long first = Math.max(from, at);
            long end = Math.min(to, at + p.length());
            if (first < end) {
                add(into, p.part(first - at, end - at));
            }
            at += p.length();
        }
    }

    /// Adds a piece at the end, and joins it with the last one if it follows that in the file.
    private static void add(List<Piece> list, Piece p) {
        Piece last = list.isEmpty() ? null : list.getLast();
        if (last != null && last.end() == p.offset()) {
            list.set(list.size() - 1, new Piece(last.offset(), last.length() + p.length()));
        } else if (p.length() > 0) {
            list.add(p);
        }
    }
}
