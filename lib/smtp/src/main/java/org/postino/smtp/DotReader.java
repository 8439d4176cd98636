// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import org.postino.util.ByteReader;

/// The content of a message as it follows `354`: takes off the dots, finds the end, hands on clean CRLF text.
///
/// Only CR LF `.` CR LF ends the message (RFC 5321, 4.1.1.4), and only CR LF ends a line for the sake of dots: a bare LF
/// is noted and handed on as CR LF, a bare CR as a space, so that nothing behind us can read another end into
/// the text (SMTP smuggling). Bytes are pushed in with [#feed]; where they are cut makes no difference.
public final class DotReader {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SPACE = {' '};

    private enum State {
        /// Behind CR LF, or at the start.
        LINE_START,
        /// Within a line.
        TEXT,
        /// Behind a CR that is not yet handed on.
        CR,
        /// Behind a dot at the start of a line, not handed on.
        DOT,
        /// Behind such a dot and a CR.
        DOT_CR,
        END
    }

    private final boolean dotted;
    private State state = State.LINE_START;
    private long size;
    private boolean bareLf;
    private boolean bareCr;

    public DotReader() {
        this(true);
    }

    private DotReader(boolean dotted) {
        this.dotted = dotted;
    }

    /// Makes clean CRLF text only: no dots are taken off, and nothing in the text ends it (RFC 3030). [#end] does.
    public static DotReader withoutDots() {
        return new DotReader(false);
    }

    /// Completes text that came without dots: its last line ends with CR LF.
    public void end(OutputStream to) throws IOException {
        if (state == State.CR) {
            strayCr(to);
        }
        if (state != State.LINE_START) {
            emit(CRLF, 0, 2, to);
        }
        state = State.END;
    }

    /// True if the end of the message was seen.
    public boolean ended() {
        return state == State.END;
    }

    /// Bytes handed on so far.
    public long size() {
        return size;
    }

    /// True if an LF without CR was seen: the message was not sent by a proper mail program.
    public boolean bareLf() {
        return bareLf;
    }

    /// True if a CR without LF was seen.
    public boolean bareCr() {
        return bareCr;
    }

    /// Reads to the end of the message.
    ///
    /// @throws EOFException the peer left before
    public void transfer(ByteReader in, OutputStream to) throws IOException {
        while (!ended()) {
            if (!in.fill()) {
                throw new EOFException("connection lost within a message");
            }
            in.position(feed(in.buffer(), in.position(), in.limit(), to));
        }
    }

    /// Takes bytes, writes text to `to` in chunks as large as they come.
    ///
    /// @return the index behind the last byte used: `until`, or less if the message ended
    public int feed(byte[] bytes, int from, int until, OutputStream to) throws IOException {
        int pending = from; // first byte not yet handed on
        int i = from;
        while (i < until && state != State.END) {
            byte b = bytes[i];
            switch (state) {
                case TEXT -> {
                    if (b == '\n') {
                        emit(bytes, pending, i, to);
                        emit(CRLF, 0, 2, to);
                        pending = i + 1;
                        bareLf = true;
                    } else if (b == '\r') {
                        if (i + 1 < until && bytes[i + 1] == '\n') {
                            i++; // a whole line end: part of the run
                            state = State.LINE_START;
                        } else {
                            emit(bytes, pending, i, to);
                            pending = i + 1;
                            state = State.CR;
                        }
                    }
                }
                case LINE_START -> {
                    if (b == '.' && dotted) {
                        emit(bytes, pending, i, to);
                        pending = i + 1;
                        state = State.DOT;
                    } else {
                        state = State.TEXT;
                        continue;
                    }
                }
                case CR, DOT_CR -> {
                    if (b == '\n') {
                        pending = i + 1;
                        endOfLine(to);
                    } else {
                        strayCr(to);
                        continue;
                    }
                }
                case DOT -> {
                    if (b == '\r') {
                        pending = i + 1;
                        state = State.DOT_CR;
                    } else {
                        state = State.TEXT;
                        continue;
                    }
                }
                case END -> throw new IllegalStateException();
            }
            i++;
            if (state == State.TEXT) {
                i = skipText(bytes, i, until);
            }
        }
        emit(bytes, pending, i, to);
        return i;
    }

    private static int skipText(byte[] bytes, int from, int until) {
        int i = from;
        while (i < until && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    private void endOfLine(OutputStream to) throws IOException {
        if (state == State.DOT_CR) {
            state = State.END;
        } else {
            emit(CRLF, 0, 2, to);
            state = State.LINE_START;
        }
    }

    private void strayCr(OutputStream to) throws IOException {
        bareCr = true;
        emit(SPACE, 0, 1, to);
        state = State.TEXT;
    }

    private void emit(byte[] bytes, int from, int until, OutputStream to) throws IOException {
        if (from < until) {
            to.write(bytes, from, until - from);
            size += until - from;
        }
    }
}
