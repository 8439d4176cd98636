// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

/// Octets above 127, which 7-bit content does not have (RFC 2045, 2.7 and 2.8).
public final class EightBit {
    private EightBit() {}

    /// True if one is among `bytes[from .. to)`.
    public static boolean isIn(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return true;
            }
        }
        return false;
    }
}
