// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.InputStream;
import org.postino.message.HeaderField;

/// A message without the fields of its header in which an mbox keeps the state of its messages: in one that arrives they say what
/// the sender likes. The body stays as it is.
///
/// Judges a field as [MboxHeader] does; lines may end in CRLF.
final class WithoutStateFields extends ConvertedInput {
    /// The place in the message of the next byte.
    private enum At {
        /// In the first bytes of a line of the header, which are held back until they tell what the line is.
        START,
        KEPT,
        LEFT_OUT,
        BODY
    }

    /// Hears what is left out.
    @FunctionalInterface
    interface LeftOut {
        /// A line is left out.
        ///
        /// @param from its first octet, counted from the beginning of the stream
        /// @param to the first behind it
        void line(long from, long to);
    }

    private final LeftOut leftOut;
    private long passed;
    private long line;

    private final byte[] start = new byte[MboxHeader.LONGEST_HIDDEN_NAME + 1];
    private int held;
    private At at = At.START;

    private boolean first = true;

    /// True if the field before this line was left out; its continuation lines are, too.
    private boolean leaving;

    WithoutStateFields(InputStream in) {
        this(in, (_, _) -> {});
    }

    WithoutStateFields(InputStream in, LeftOut leftOut) {
        super(in, 1, MboxHeader.LONGEST_HIDDEN_NAME + 1);
        this.leftOut = leftOut;
    }

    @Override
    int convert(byte[] from, int length, byte[] to) {
        int limit = 0;
        for (int i = 0; i < length; i++) {
            if (at == At.BODY) {
                System.arraycopy(from, i, to, limit, length - i);
                return limit + length - i;
            }
            byte b = from[i];
            if (at == At.START) {
                start[held++] = b;
                at = judge(b);
                if (at != At.START) {
                    limit = release(to, limit);
                }
            } else if (at == At.KEPT) {
                to[limit++] = b;
            }
            if (b == '\n' && at != At.BODY) {
                next(passed + i + 1);
            }
        }
        passed += length;
        return limit;
    }

    /// A line of the header is over.
    private void next(long end) {
        if (at == At.LEFT_OUT) {
            leftOut.line(line, end);
        }
        line = end;
        at = At.START;
    }

    /// The kind of the line whose beginning ends with this byte; `START` if that is still to be seen.
    private At judge(byte b) {
        if (held == 1 && !first && HeaderField.isFolded(start, 0, held)) {
            return leaving ? At.LEFT_OUT : At.KEPT;
        }
        if (b == '\n') {
            first = false;
            leaving = false;
            return HeaderField.isEmptyLine(start, 0, held) ? At.BODY : At.KEPT;
        }
        if (b == ':' || held == start.length) {
            first = false;
            leaving = MboxHeader.isHidden(start, 0, held);
            return leaving ? At.LEFT_OUT : At.KEPT;
        }
        return At.START;
    }

    /// Writes the beginning of a line that is kept to `to` from `limit` on; returns the new limit.
    private int release(byte[] to, int limit) {
        int length = at == At.LEFT_OUT ? 0 : held;
        System.arraycopy(start, 0, to, limit, length);
        held = 0;
        return limit + length;
    }

    @Override
    int flush(byte[] to) {
        int limit = release(to, 0);
        next(passed);
        return limit;
    }
}
