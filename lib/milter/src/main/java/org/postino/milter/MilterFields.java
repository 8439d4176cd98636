// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Reads the data of a packet from left to right.
final class MilterFields {
    private final byte[] data;
    private int at;

    MilterFields(byte[] data, int from) {
        this.data = data;
        at = from;
    }

    boolean atEnd() {
        return at >= data.length;
    }

    int number() throws IOException {
        if (data.length - at < 4) {
            throw new IOException("a packet that is too short");
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | (data[at++] & 0xff);
        }
        return value;
    }

    /// A text up to its NUL, a byte a character.
    String text() throws IOException {
        int end = at;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        if (end == data.length) {
            throw new IOException("a text without its end");
        }
        var text = new String(data, at, end - at, StandardCharsets.ISO_8859_1);
        at = end + 1;
        return text;
    }

    /// All texts have been read.
    void end() throws IOException {
        if (!atEnd()) {
            throw new IOException("a packet that is too long");
        }
    }
}
