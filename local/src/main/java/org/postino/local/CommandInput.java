// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A message as a command reads it: without carriage returns.
final class CommandInput extends FilterInputStream {
    CommandInput(InputStream message) {
        super(message);
    }

    @Override
    public int read() throws IOException {
        int c;
        do {
            c = in.read();
        } while (c == '\r');
        return c;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (true) {
            int n = in.read(into, offset, length);
            int kept = offset;
            for (int i = offset; i < offset + n; i++) {
                if (into[i] != '\r') {
                    into[kept++] = into[i];
                }
            }
            if (n <= 0 || kept > offset) {
                return n <= 0 ? n : kept - offset;
            }
        }
    }
}
