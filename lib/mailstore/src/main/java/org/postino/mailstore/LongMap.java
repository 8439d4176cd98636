// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// Numbers by number, 16 to 32 bytes an entry. The key 0 is not allowed.
final class LongMap {
    /// The answer of [#get] for a key that is not there.
    static final long NONE = -1;

    private static final int SMALLEST = 16;

    private long[] keys = new long[SMALLEST];
    private long[] values = new long[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    long get(long key) {
        int at = place(keys, key);
        return keys[at] == key ? values[at] : NONE;
    }

    void put(long key, long value) {
        int at = place(keys, key);
        if (keys[at] == 0) {
            if (++size > keys.length / 4 * 3) {
                grow();
                at = place(keys, key);
            }
            keys[at] = key;
        }
        values[at] = value;
    }

    void clear() {
        keys = new long[SMALLEST];
        values = new long[SMALLEST];
        size = 0;
    }

    private void grow() {
        long[] more = new long[2 * keys.length];
        long[] moreValues = new long[2 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int at = place(more, keys[i]);
                more[at] = keys[i];
                moreValues[at] = values[i];
            }
        }
        keys = more;
        values = moreValues;
    }

    /// The place of the key, or of one that may be put.
    private static int place(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
