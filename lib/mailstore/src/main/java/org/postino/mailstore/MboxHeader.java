// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.message.HeaderCursor;
import org.postino.message.HeaderField;

/// The header of a message in an mbox: what clients see, and the fields in which the state is kept and that they do not see.
///
/// `X-IMAPbase: <uidvalidity> <last uid> <keywords>` (first message only), `X-UID`, `Status` (R seen, O old), `X-Status` (A F T
/// D), `X-Keywords`, `Content-Length`. `X-IMAP` instead of `X-IMAPbase` says that this is no message but c-client's place for the
/// state of the mailbox.
final class MboxHeader {
    private static final Set<String> HIDDEN =
            Set.of(
                    "content-length",
                    "status",
                    "x-imap",
                    "x-imapbase",
                    "x-keywords",
                    "x-status",
                    "x-uid");
    private static final int STEP = 64;

    /// A line is searched this far from its beginning for the colon behind one of these names.
    static final int LONGEST_HIDDEN_NAME = 16;

    private final byte[] visible;
    private int hiddenLength;
    private int bits;
    private List<String> keywords = List.of();
    private boolean old;
    private long uid;
    private long contentLength = -1;
    private long uidValidity;
    private long lastUid;
    private List<String> baseKeywords = List.of();
    private boolean internalData;

    private MboxHeader(byte[] visible) {
        this.visible = visible;
    }

    /// Reads a header with or without the empty line at its end, LF or CRLF line ends.
    static MboxHeader parse(byte[] bytes) {
        var visible = new ByteArrayOutputStream(bytes.length);
        var hidden = new ArrayList<String>();
        int hiddenLength = 0;
        var fields = new HeaderCursor(bytes);
        while (fields.nextField()) {
            int at = fields.start();
            int end = fields.end();
            if (isHidden(bytes, at, end)) {
                hidden.add(new String(bytes, at, end - at, StandardCharsets.UTF_8));
                hiddenLength += end - at;
            } else {
                visible.write(bytes, at, end - at);
            }
        }
        var header = new MboxHeader(visible.toByteArray());
        header.hiddenLength = hiddenLength;
        hidden.forEach(header::take);
        return header;
    }

    /// True if clients do not see this field; its first bytes tell.
    static boolean isHidden(byte[] bytes, int from, int to) {
        return HIDDEN.contains(name(bytes, from, to));
    }

    /// The name of a field in lower case; empty for a long one, and where there is none.
    private static String name(byte[] bytes, int from, int to) {
        int colon = from;
        while (colon < to
                && bytes[colon] != ':'
                && bytes[colon] != '\n'
                && colon - from < LONGEST_HIDDEN_NAME) {
            colon++;
        }
        // Blanks that reach so far may have a colon behind them, and others look for it there.
        boolean named =
                colon < to && (bytes[colon] == ':' || bytes[colon] == ' ' || bytes[colon] == '\t');
        return named ? HeaderField.name(bytes, from, colon) : "";
    }

    private void take(String field) {
        int colon = field.indexOf(':');
        if (colon < 0) {
            return;
        }
        String name = field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = field.substring(colon + 1).strip();
        switch (name) {
            case "status" -> {
                bits |= value.indexOf('R') >= 0 ? Flag.SEEN.bit() : 0;
                old |= value.indexOf('O') >= 0;
            }
            case "x-status" -> {
                bits |= value.indexOf('A') >= 0 ? Flag.ANSWERED.bit() : 0;
                bits |= value.indexOf('F') >= 0 ? Flag.FLAGGED.bit() : 0;
                bits |= value.indexOf('T') >= 0 ? Flag.DRAFT.bit() : 0;
                bits |= value.indexOf('D') >= 0 ? Flag.DELETED.bit() : 0;
            }
            case "x-keywords" -> keywords = keywords(words(value));
            case "x-uid" -> uid = number(value);
            case "content-length" -> contentLength = value.isEmpty() ? -1 : number(value);
            case "x-imap" -> internalData |= base(words(value));
            default -> base(words(value));
        }
    }

    /// Takes the state of the mailbox unless it is known; whether this was one.
    private boolean base(List<String> words) {
        if (words.size() < 2 || uidValidity != 0) {
            return false;
        }
        uidValidity = number(words.get(0));
        lastUid = number(words.get(1));
        baseKeywords = keywords(words.subList(2, words.size()));
        return uidValidity != 0;
    }

    private static List<String> words(String value) {
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+"));
    }

    private static List<String> keywords(List<String> words) {
        return words.stream().filter(Flags::isKeyword).toList();
    }

    /// A number of at most ten digits; 0 for anything else.
    private static long number(String text) {
        if (text.isEmpty() || text.length() > 10) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        long value = Long.parseLong(text);
        return value > 0xffff_ffffL ? 0 : value;
    }

    /// The header as clients see it, with LF.
    byte[] visible() {
        return visible;
    }

    Flags flags() {
        return Flags.ofBits(bits, keywords);
    }

    boolean old() {
        return old;
    }

    long uid() {
        return uid;
    }

    /// The body's length as a field says it, or -1.
    long contentLength() {
        return contentLength;
    }

    /// UIDVALIDITY of `X-IMAPbase`, 0 if there is none.
    long uidValidity() {
        return uidValidity;
    }

    long lastUid() {
        return lastUid;
    }

    List<String> baseKeywords() {
        return baseKeywords;
    }

    /// True if the first message, with this header, is none, but c-client's "FOLDER INTERNAL DATA".
    boolean isInternalData() {
        return internalData;
    }

    /// The header of such a message with another state of the mailbox, of the same length if that fits.
    ///
    /// @param base as in `X-IMAPbase`
    static byte[] withBase(byte[] header, String base) {
        var out = new ByteArrayOutputStream(header.length + STEP);
        var fields = new HeaderCursor(header);
        boolean done = false;
        while (fields.nextField()) {
            int at = fields.start();
            int end = fields.end();
            if (!done && name(header, at, end).equals("x-imap")) {
                byte[] fresh = ("X-IMAP: " + base).getBytes(StandardCharsets.UTF_8);
                String eol = end - at > 1 && header[end - 2] == '\r' ? "\r\n" : "\n";
                int room = end - at - eol.length() - fresh.length;
                out.writeBytes(fresh);
                out.writeBytes(
                        (" ".repeat(room < 0 ? STEP : room) + eol)
                                .getBytes(StandardCharsets.US_ASCII));
                done = true;
            } else {
                out.write(header, at, end - at);
            }
        }
        return out.toByteArray();
    }

    /// The state that a rewritten header bears.
    ///
    /// @param base the value of `X-IMAPbase`, empty for all but the first message
    /// @param contentLength -1 for no such field
    record State(long uid, Flags flags, boolean old, String base, long contentLength) {}

    /// The header with another state, the empty line included. It has the length of the old one if the state fits there;
    /// otherwise it gets room for later changes.
    byte[] print(State state) {
        int headEnd = headEnd(visible);
        boolean unended = headEnd > 0 && visible[headEnd - 1] != '\n';
        byte[] fields = fields(state, unended, visible.length - headEnd);
        byte[] out = Arrays.copyOf(visible, headEnd + fields.length);
        System.arraycopy(fields, 0, out, headEnd, fields.length);
        return out;
    }

    /// The offset at which the empty lines at the end of a header begin.
    private static int headEnd(byte[] header) {
        int end = header.length;
        while (true) {
            int empty = end > 1 && header[end - 2] == '\r' ? 2 : 1;
            boolean emptyLine =
                    end >= empty
                            && header[end - 1] == '\n'
                            && (end == empty || header[end - empty - 1] == '\n');
            if (!emptyLine) {
                return end;
            }
            end -= empty;
        }
    }

    /// The fields of a state, padded, with the empty line behind them.
    ///
    /// @param unended the line before them still lacks its end
    /// @param emptyLine how long the empty line behind them was
    byte[] fields(State state, boolean unended, int emptyLine) {
        var fields = new StringBuilder();
        if (!state.base().isEmpty()) {
            fields.append("X-IMAPbase: ").append(state.base()).append('\n');
        }
        fields.append("X-UID: ").append(state.uid()).append('\n');
        String status = (state.flags().contains(Flag.SEEN) ? "R" : "") + (state.old() ? "O" : "");
        fields.append("Status: ").append(status).append('\n');
        fields.append("X-Status: ").append(letters(state.flags())).append('\n');
        if (state.contentLength() >= 0) {
            fields.append("Content-Length: ").append(state.contentLength()).append('\n');
        }
        fields.append("X-Keywords: ").append(String.join(" ", state.flags().keywords()));
        byte[] text = fields.toString().getBytes(StandardCharsets.UTF_8);
        int room = hiddenLength + Math.max(0, emptyLine - 1);
        int wanted = text.length + 1 <= room ? room : (text.length + STEP) / STEP * STEP + STEP;
        int at = unended ? 1 : 0;
        byte[] out = new byte[at + wanted + 1];
        Arrays.fill(out, (byte) ' ');
        out[0] = '\n';
        System.arraycopy(text, 0, out, at, text.length);
        out[out.length - 2] = '\n';
        out[out.length - 1] = '\n';
        return out;
    }

    private static String letters(Flags flags) {
        return (flags.contains(Flag.ANSWERED) ? "A" : "")
                + (flags.contains(Flag.FLAGGED) ? "F" : "")
                + (flags.contains(Flag.DRAFT) ? "T" : "")
                + (flags.contains(Flag.DELETED) ? "D" : "");
    }
}
