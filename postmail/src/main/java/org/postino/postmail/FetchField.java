// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postino.imap.MessageReader;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MessageEntry;
import org.postino.message.EncodedWords;
import org.postino.message.MailDate;
import org.postino.util.ByteNames;

/// A field of `fetch`, by doveadm's word.
record FetchField(Column column, Maker maker) {
    /// A message that was found.
    record Message(String user, Mailbox mailbox, long uid, MessageReader reader) {}

    private interface Maker {
        Field of(Message message) throws IOException;
    }

    private static final String HEADER = "hdr.";
    private static final String DECODED = ".utf8";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private static final Map<String, Maker> NUMBERS =
            new TreeMap<>(
                    Map.of(
                            "seq", m -> Field.of(m.mailbox.sequence(m.uid)),
                            "uid", m -> Field.of(m.uid),
                            "modseq", m -> Field.of(entry(m).modseq()),
                            "size.virtual", m -> Field.of(m.mailbox.size(m.uid)),
                            "date.received.unixtime",
                                    m -> Field.of(m.mailbox.internalDate(m.uid).getEpochSecond()),
                            "date.saved.unixtime",
                                    m -> Field.of(saved(m).map(Instant::getEpochSecond).orElse(0L)),
                            "date.sent.unixtime", m -> Field.of(sent(m))));

    private static final Map<String, Maker> TEXTS = texts();

    private static Map<String, Maker> texts() {
        var texts = new TreeMap<String, Maker>();
        texts.put("user", m -> Field.of(m.user));
        texts.put("mailbox", m -> Field.of(m.mailbox.name()));
        texts.put("guid", m -> Field.of(m.mailbox.fileName(m.uid)));
        texts.put("flags", m -> Field.of(flags(m)));
        texts.put("date.received", m -> Field.of(time(m.mailbox.internalDate(m.uid))));
        texts.put("date.saved", m -> Field.of(saved(m).map(FetchField::time).orElse("")));
        texts.put("date.sent", m -> Field.of(header(m, "Date")));
        texts.put("imap.envelope", m -> Field.of(inner(m.reader.envelope())));
        texts.put("imap.bodystructure", m -> Field.of(inner(m.reader.bodyStructure())));
        texts.put("body.snippet", m -> Field.of(string(m.reader.preview())));
        texts.put("hdr", m -> content(m, TextCopy.Part.HEADER));
        texts.put("body", m -> content(m, TextCopy.Part.BODY));
        texts.put("text", m -> content(m, TextCopy.Part.ALL));
        return texts;
    }

    /// The field of a word; `hdr.NAME` is a field of the header as it stands there, `hdr.NAME.utf8` decoded.
    static FetchField of(String word) throws PostmailFailure {
        Maker number = NUMBERS.get(word);
        if (number != null) {
            return new FetchField(Column.number(word), number);
        }
        Maker text = word.startsWith(HEADER) ? header(word) : TEXTS.get(word);
        if (text == null) {
            throw PostmailFailure.usage(
                    "there is no field "
                            + word
                            + ": hdr.NAME, hdr.NAME.utf8, "
                            + String.join(", ", NUMBERS.keySet())
                            + ", "
                            + String.join(", ", TEXTS.keySet()));
        }
        return new FetchField(Column.text(word), text);
    }

    private static Maker header(String word) {
        boolean decoded = word.endsWith(DECODED) && word.length() > HEADER.length() + 5;
        int end = word.length() - (decoded ? DECODED.length() : 0);
        String name = word.substring(HEADER.length(), end);
        return m -> Field.of(decoded ? EncodedWords.decode(raw(m, name)) : header(m, name));
    }

    /// The value of the first field of this name, as octets that are characters; empty if there is none.
    private static String raw(Message m, String name) throws IOException {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.add(name);
        return Objects.requireNonNullElse(m.reader.fields(names).unfolded(name), "");
    }

    private static String header(Message m, String name) throws IOException {
        return ByteNames.decode(raw(m, name).getBytes(StandardCharsets.ISO_8859_1));
    }

    Field value(Message message) throws IOException {
        return maker.of(message);
    }

    private static MessageEntry entry(Message m) {
        return m.mailbox.message(m.mailbox.sequence(m.uid));
    }

    private static String flags(Message m) {
        var names = new ArrayList<>(entry(m).flags().names());
        if (entry(m).recent()) {
            names.add("\\Recent");
        }
        return String.join(" ", names);
    }

    private static Optional<Instant> saved(Message m) {
        return m.mailbox.saveDate(m.uid);
    }

    private static long sent(Message m) throws IOException {
        return MailDate.parse(raw(m, "Date")).orElse(0);
    }

    private static String time(Instant time) {
        return TIME.format(time.atZone(ZoneId.systemDefault()));
    }

    /// A list as a response has it, without its parentheses.
    private static String inner(byte[] list) {
        String text = ByteNames.decode(list);
        return text.startsWith("(") ? text.substring(1, text.length() - 1) : text;
    }

    /// A string as a response has it: quoted, a literal, or NIL.
    private static String string(byte[] printed) {
        String text = ByteNames.decode(printed);
        if (text.startsWith("{")) {
            return text.substring(text.indexOf('\n') + 1);
        }
        return text.startsWith("\"")
                ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
                : "";
    }

    private static Field content(Message m, TextCopy.Part part) {
        return new Field.Content(out -> {
            try (InputStream in = m.reader.stream(0)) {
                TextCopy.copy(in, out, part);
            }
        });
    }
}
