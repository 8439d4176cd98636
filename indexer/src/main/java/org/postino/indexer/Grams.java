// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.lucene.util.BytesRef;
import org.postino.fts.TextQuery;

/// The pieces of folded texts by which they are found: all that are three characters long, and of the dense scripts also single characters and
/// pairs. A text that contains another has all pieces of the other one.
///
/// Characters are those of UTF-16. A set has a bound; one that would pass it is full, and no longer says what a text does not contain.
final class Grams {
    /// The most pieces of the texts of one message: what has more is no language.
    static final int MOST = 1 << 16;

    private static final int LENGTH_AT = 48;

    private long[] slots = new long[1024];
    private int size;
    private boolean full;

    // the last two characters of the text that is being taken in; 0 before they come
    private int before;
    private int last;
    private int seen;

    /// Begins another text: no piece goes from one into the next.
    void startText() {
        seen = 0;
    }

    /// Takes in a stretch of the text that was begun.
    void add(CharSequence folded) {
        int length = folded.length();
        for (int i = 0; i < length && !full; i++) {
            add(folded.charAt(i));
        }
    }

    private void add(char c) {
        if (TextQuery.isDense(c)) {
            put(1L << LENGTH_AT | c);
            if (seen >= 1 && TextQuery.isDense((char) last)) {
                put(2L << LENGTH_AT | (long) last << 16 | c);
            }
        }
        if (seen >= 2) {
            put(3L << LENGTH_AT | (long) before << 32 | (long) last << 16 | c);
        }
        before = last;
        last = c;
        seen = Math.min(seen + 1, 2);
    }

    private void put(long gram) {
        int mask = slots.length - 1;
        int at = hash(gram) & mask;
        while (slots[at] != 0) {
            if (slots[at] == gram) {
                return;
            }
            at = (at + 1) & mask;
        }
        if (size == MOST) {
            full = true;
            return;
        }
        slots[at] = gram;
        if (++size > slots.length / 2) {
            grow();
        }
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        int mask = slots.length - 1;
        for (long gram : old) {
            if (gram != 0) {
                int at = hash(gram) & mask;
                while (slots[at] != 0) {
                    at = (at + 1) & mask;
                }
                slots[at] = gram;
            }
        }
    }

    private static int hash(long gram) {
        long mixed = gram * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 40) ^ (int) (mixed >>> 20);
    }

    /// True if there were more than [#MOST].
    boolean isFull() {
        return full;
    }

    int size() {
        return size;
    }

    /// The pieces, each once, in no order.
    long[] all() {
        long[] all = new long[size];
        int n = 0;
        for (long gram : slots) {
            if (gram != 0) {
                all[n++] = gram;
            }
        }
        return all;
    }

    /// The pieces that whatever contains this text has, at least one; see [TextQuery#narrows].
    static void of(String folded, Consumer<BytesRef> each) {
        var grams = new Grams();
        grams.startText();
        grams.add(folded);
        int length = Math.min(3, folded.length());
        for (long gram : grams.all()) {
            if (gram >>> LENGTH_AT == length) {
                var bytes = new BytesRef(9);
                write(gram, bytes);
                each.accept(bytes);
            }
        }
    }

    /// Writes a piece as the index has it: each character in one to three octets, in the way of UTF-8.
    static void write(long gram, BytesRef into) {
        if (into.bytes.length < 9) {
            into.bytes = Arrays.copyOf(into.bytes, 9);
        }
        int at = 0;
        for (int shift = 16 * ((int) (gram >>> LENGTH_AT) - 1); shift >= 0; shift -= 16) {
            int c = (int) (gram >>> shift) & 0xffff;
            if (c < 0x80) {
                into.bytes[at++] = (byte) c;
            } else if (c < 0x800) {
                into.bytes[at++] = (byte) (0xc0 | c >>> 6);
                into.bytes[at++] = (byte) (0x80 | (c & 0x3f));
            } else {
                into.bytes[at++] = (byte) (0xe0 | c >>> 12);
                into.bytes[at++] = (byte) (0x80 | (c >>> 6 & 0x3f));
                into.bytes[at++] = (byte) (0x80 | (c & 0x3f));
            }
        }
        into.offset = 0;
        into.length = at;
    }
}
