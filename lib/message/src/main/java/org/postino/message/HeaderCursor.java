// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

/// Goes over a header that is in memory, line by line or field by field; makes no objects on its way.
///
/// It passes over nothing: lines that are no fields, and the empty one, are shown too. A field ends before the first line that does not
/// begin with a blank; nothing continues an empty line.
public final class HeaderCursor {
    private final byte[] bytes;
    private int start;
    private int stop;
    private int end;

    public HeaderCursor(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Goes to the next line; false behind the last one.
    public boolean nextLine() {
        start = end;
        if (start == bytes.length) {
            stop = start;
            return false;
        }
        line();
        return true;
    }

    /// Goes to the next field with all its lines, or line that is none; false behind the last one.
    public boolean nextField() {
        if (!nextLine()) {
            return false;
        }
        boolean empty = isEmptyLine();
        while (!empty && HeaderField.isFolded(bytes, end, bytes.length)) {
            line();
        }
        return true;
    }

    private void line() {
        int lf = end;
        while (lf < bytes.length && bytes[lf] != '\n') {
            lf++;
        }
        stop = lf > end && bytes[lf - 1] == '\r' ? lf - 1 : lf;
        end = Math.min(lf + 1, bytes.length);
    }

    /// The offset at which the line or field begins.
    public int start() {
        return start;
    }

    /// The offset at which it ends, without its last line end.
    public int stop() {
        return stop;
    }

    /// The offset at which it ends, with its last line end.
    public int end() {
        return end;
    }

    /// True if the line begins with a blank.
    public boolean isFolded() {
        return HeaderField.isFolded(bytes, start, stop);
    }

    /// The offset of the body: behind the first empty line, or at the end if there is none.
    public static int headerEnd(byte[] message) {
        var cursor = new HeaderCursor(message);
        boolean more = true;
        while (more && cursor.nextLine()) {
            more = !cursor.isEmptyLine();
        }
        return cursor.end;
    }

    /// True if this is an empty line.
    public boolean isEmptyLine() {
        return start == stop;
    }
}
