// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Puts together the data of a record: numbers as LEB128, texts as a length and UTF-8.
public final class FieldWriter {
    /// The longest LEB128 form of a 63-bit number.
    public static final int MAX_NUMBER = 9;

    private byte[] bytes = new byte[128];
    private int length;

    /// Appends an unsigned number.
    public FieldWriter number(long value) {
        reserve(MAX_NUMBER);
        length = put(value, bytes, length);
        return this;
    }

    /// Appends a text: length, UTF-8.
    public FieldWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        return raw(utf8);
    }

    public FieldWriter raw(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public FieldWriter raw(byte[] data) {
        reserve(data.length);
        System.arraycopy(data, 0, bytes, length, data.length);
        length += data.length;
        return this;
    }

    /// Appends a whole record: type, length, data.
    public FieldWriter record(int type, byte[] data) {
        return raw(type).number(data.length).raw(data);
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /// Writes `value` (not negative) as LEB128 at `at`; returns the position behind it.
    public static int put(long value, byte[] into, int at) {
        if (value < 0) {
            throw new IllegalArgumentException("negative number " + value);
        }
        int i = at;
        long rest = value;
        while (rest > 0x7f) {
            into[i++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        into[i++] = (byte) rest;
        return i;
    }

    private void reserve(int n) {
        if (length + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + n));
        }
    }
}
