// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import java.nio.charset.StandardCharsets;

/// Takes the data of a record apart, the counterpart of [FieldWriter]; every lie about a length is a [ProtocolException].
public final class FieldReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    public FieldReader(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    public boolean atEnd() {
        return position == end;
    }

    public int position() {
        return position;
    }

    public long number() throws ProtocolException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = raw();
            value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new ProtocolException("number too large");
    }

    public int raw() throws ProtocolException {
        if (position >= end) {
            throw new ProtocolException("record too short");
        }
        return bytes[position++] & 0xff;
    }

    public String text() throws ProtocolException {
        long n = number();
        if (n > end - position) {
            throw new ProtocolException("text longer than its record");
        }
        var text = new String(bytes, position, (int) n, StandardCharsets.UTF_8);
        position += (int) n;
        return text;
    }
}
