// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;

/// Shows one filter the content of a message: its fields without our own Received:, then the body in large pieces. Used once, by one thread.
final class MilterContent implements HeaderReader.Sink {
    /// The most of a field that a filter sees; a packet holds no more.
    private static final int LONGEST_FIELD = 60_000;

    private final Milter milter;
    private final MacroSource source;
    private final byte[] chunk = new byte[MilterEvent.CHUNK];
    private int used;
    private boolean receivedSeen;
    private boolean separatorSeen;
    private boolean enough;
    private MilterVerdict verdict = MilterVerdict.PASS;

    MilterContent(Milter milter, MacroSource source) {
        this.milter = milter;
        this.source = source;
    }

    /// Shows the message, and returns what the filter said about it, or about the first part of it that it did not like.
    ///
    /// @throws IOException the message cannot be read
    MilterVerdict show(InputStream in) throws IOException {
        var header = new HeaderReader(LONGEST_FIELD, this);
        byte[] bytes = new byte[MilterEvent.CHUNK];
        while (!ended()) {
            int n = in.read(bytes, 0, bytes.length);
            if (n < 0) {
                break;
            }
            int from = header.done() ? 0 : header.feed(bytes, 0, n);
            if (header.done() && !milter.wantsBody()) {
                enough = true;
            }
            add(bytes, from, n - from);
        }
        header.finish();
        if (!ended()) {
            send();
        }
        return verdict;
    }

    private boolean ended() {
        return enough || !(verdict instanceof MilterVerdict.Pass);
    }

    @Override
    public void field(HeaderField field) {
        if (ended()) {
            return;
        }
        if (!receivedSeen && field.is("received")) {
            receivedSeen = true;
            return;
        }
        var data = new ByteArrayOutputStream(field.length());
        data.writeBytes(field.writtenName().getBytes(StandardCharsets.ISO_8859_1));
        data.write(0);
        value(field, data);
        data.write(0);
        event(MilterEvent.HEADER, data.toByteArray(), data.size());
    }

    /// Writes a value without its last line end; its lines are separated by LF, as filters know it from Sendmail.
    private void value(HeaderField field, ByteArrayOutputStream to) {
        byte[] bytes = field.bytes();
        int from = field.valueStart();
        int end = field.to();
        end -= end > from && bytes[end - 1] == '\n' ? 1 : 0;
        end -= end > from && bytes[end - 1] == '\r' ? 1 : 0;
        if (!milter.keepsBlank() && from < end && bytes[from] == ' ') {
            from++;
        }
        for (int i = from; i < end; i++) {
            boolean lineEnd = bytes[i] == '\r' && i + 1 < end && bytes[i + 1] == '\n';
            if (!lineEnd) {
                to.write(bytes[i] == 0 ? '?' : bytes[i]);
            }
        }
    }

    @Override
    public void endOfHeader() {
        if (!ended()) {
            event(MilterEvent.END_OF_HEADER, new byte[0], 0);
        }
    }

    /// The first piece behind the fields is the empty line, which belongs to neither.
    @Override
    public void body(byte[] bytes, int offset, int length) {
        if (separatorSeen) {
            add(bytes, offset, length);
        }
        separatorSeen = true;
    }

    private void add(byte[] bytes, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0 && !ended()) {
            int n = Math.min(left, chunk.length - used);
            System.arraycopy(bytes, at, chunk, used, n);
            used += n;
            at += n;
            left -= n;
            if (used == chunk.length) {
                send();
            }
        }
    }

    private void send() {
        if (used > 0) {
            event(MilterEvent.BODY, chunk, used);
            used = 0;
        }
    }

    private void event(MilterEvent event, byte[] data, int length) {
        verdict = milter.event(event, data, length, source);
        enough |= event == MilterEvent.BODY && !milter.wantsBody();
    }
}
