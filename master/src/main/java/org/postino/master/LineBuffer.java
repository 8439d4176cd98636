// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postino.log.StampedEvent;

/// Joins the lines that a descriptor delivers in pieces. A line longer than an event may be is cut.
final class LineBuffer {
    private byte[] pending = new byte[256];
    private int used;

    /// Adds bytes, and returns the lines that end in them, without LF.
    List<String> add(byte[] data, int length) {
        var lines = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (data[i] == '\n') {
                append(data, start, i - start);
                lines.add(take());
                start = i + 1;
            }
        }
        append(data, start, length - start);
        return lines;
    }

    /// Returns a line without an end, the last words of a process that died; empty if there is none.
    List<String> rest() {
        return used == 0 ? List.of() : List.of(take());
    }

    private String take() {
        String line = new String(pending, 0, used, StandardCharsets.UTF_8);
        used = 0;
        return line;
    }

    private void append(byte[] data, int offset, int length) {
        int room = Math.min(length, StampedEvent.LIMIT - used);
        if (room <= 0) {
            return;
        }
        if (used + room > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(used + room, 2 * pending.length));
        }
        System.arraycopy(data, offset, pending, used, room);
        used += room;
    }
}
