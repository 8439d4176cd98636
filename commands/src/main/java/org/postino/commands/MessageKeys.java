// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.postino.content.CheckSubject;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MimeReader;

/// The keys that a message has for `postmap -q -`: header fields, lines of the body, or both, as header_checks(5) are asked about them.
final class MessageKeys implements HeaderReader.Sink, MimeReader.Sink {
    /// The longest field, and the longest line, that is one key.
    private static final int LONGEST = 1 << 20;

    private final boolean header;
    private final boolean body;
    private final boolean parts;
    private final MimeReader lines = new MimeReader(new MimeReader.Limits(LONGEST, LONGEST), this);
    private final List<CheckSubject> keys = new ArrayList<>();
    private boolean madeUp;

    private MessageKeys(boolean header, boolean body, boolean parts) {
        this.header = header;
        this.body = body;
        this.parts = parts;
    }

    /// Reads a message with line ends of either kind.
    ///
    /// @param header wants fields: of the message, and with `parts` those of parts and attached messages too
    /// @param body wants lines: all behind the header, without those fields if `parts` tells them apart
    static List<CheckSubject> read(InputStream in, boolean header, boolean body, boolean parts)
            throws IOException {
        var keys = new MessageKeys(header, body, parts);
        keys.read(in);
        return keys.keys;
    }

    private void read(InputStream in) throws IOException {
        var fields = new HeaderReader(LONGEST, this);
        byte[] chunk = new byte[8192];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            int used = fields.done() ? 0 : fields.feed(chunk, 0, n);
            if (fields.done()) {
                lines.feed(chunk, used, n - used);
            }
        }
        fields.finish();
        lines.finish();
    }

    @Override
    public void field(HeaderField field) throws IOException {
        if (parts) {
            lines.note(field);
        }
        add(field);
    }

    /// The empty line that comes next is made up: the message has none.
    @Override
    public void unended(byte[] bytes, int offset, int length) {
        madeUp = true;
    }

    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        lines.feed(bytes, offset, length);
    }

    @Override
    public void field(HeaderField field, MimeReader.Place place) {
        add(field);
    }

    @Override
    public void line(MimeReader.Line line) {
        if (body && !madeUp) {
            keys.add(CheckSubject.of(line));
        }
        madeUp = false;
    }

    private void add(HeaderField field) {
        if (header) {
            keys.add(CheckSubject.of(field));
        }
    }
}
