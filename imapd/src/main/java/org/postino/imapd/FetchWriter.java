// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.imap.BodyStructure;
import org.postino.imap.DecodedPart;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapDates;
import org.postino.imap.ImapWriter;
import org.postino.imap.MessageReader;
import org.postino.imap.SectionReader;
import org.postino.mailstore.Flags;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MessageEntry;
import org.slf4j.LoggerFactory;

/// Prints FETCH responses.
final class FetchWriter {
    private static final int FLAGS_KEPT = 256;

    private final ImapWriter out;
    private final Mailbox mailbox;
    private final SessionCounts counts;
    private final Map<Flags, String> printed = new HashMap<>();
    private final Deque<SectionReader.Found> sections = new ArrayDeque<>();
    private final Deque<Optional<DecodedPart>> decoded = new ArrayDeque<>();
    private Instant date = Instant.EPOCH;
    private long size;
    private String thread = "";

    FetchWriter(ImapWriter out, Mailbox mailbox, SessionCounts counts) {
        this.out = out;
        this.mailbox = mailbox;
        this.counts = counts;
    }

    /// Everything that can fail on the store's side happens here, before the first byte of the response.
    ///
    /// @throws IOException the message cannot be read
    void prepare(long uid, MessageReader reader, List<FetchItem> items) throws IOException {
        sections.clear();
        decoded.clear();
        for (var item : items) {
            switch (item) {
                case FetchItem.Plain plain -> prepare(plain, uid, reader);
                case FetchItem.Section section -> sections.add(SectionReader.find(reader, section));
                case FetchItem.Binary binary ->
                        decoded.add(Optional.ofNullable(DecodedPart.find(reader, binary.path())));
                case FetchItem.BinarySize size ->
                        decoded.add(Optional.ofNullable(DecodedPart.find(reader, size.path())));
            }
        }
    }

    private void prepare(FetchItem.Plain item, long uid, MessageReader reader) throws IOException {
        switch (item) {
            case FLAGS, UID, MODSEQ, SAVEDATE -> {}
            case INTERNALDATE -> date = mailbox.internalDate(uid);
            case SIZE -> size = mailbox.size(uid);
            case ENVELOPE -> reader.envelope();
            case BODY -> reader.structure();
            case BODYSTRUCTURE -> reader.bodyStructure();
            case PREVIEW -> reader.preview();
            case LAZY_PREVIEW -> reader.lazyPreview();
            case EMAILID -> reader.emailId();
            case THREADID -> thread = reader.threadId();
        }
    }

    /// Prints the message for which [#prepare] was called last.
    void write(int sequence, MessageEntry message, MessageReader reader, List<FetchItem> items)
            throws IOException {
        if (out.dialect().uidOnly()) {
            out.ascii("* ").number(message.uid()).ascii(" UIDFETCH ");
        } else {
            out.ascii("* ").number(sequence).ascii(" FETCH ");
        }
        char before = '(';
        for (var item : items) {
            out.octet(before);
            before = ' ';
            switch (item) {
                case FetchItem.Plain plain -> plain(plain, message, reader);
                case FetchItem.Section section -> section(section, reader);
                case FetchItem.Binary binary -> binary(binary, reader);
                case FetchItem.BinarySize size ->
                        out.ascii(size.label())
                                .sp()
                                .number(decoded.remove().map(DecodedPart::size).orElse(0L));
            }
        }
        out.octet(')').crlf();
    }

    private void plain(FetchItem.Plain item, MessageEntry message, MessageReader reader)
            throws IOException {
        switch (item) {
            case FLAGS -> flags(message);
            case UID -> out.ascii("UID ").number(message.uid());
            case MODSEQ -> out.ascii("MODSEQ (").number(message.modseq()).octet(')');
            case SAVEDATE -> saveDate(message);
            case INTERNALDATE ->
                    out.ascii("INTERNALDATE \"")
                            .ascii(ImapDates.print(date, ZoneId.systemDefault()))
                            .octet('"');
            case SIZE -> out.ascii("RFC822.SIZE ").number(size);
            case ENVELOPE -> out.ascii("ENVELOPE ").octets(reader.envelope());
            case BODY -> {
                out.ascii("BODY ");
                BodyStructure.write(out, reader.structure(), false);
            }
            case BODYSTRUCTURE -> out.ascii("BODYSTRUCTURE ").octets(reader.bodyStructure());
            case PREVIEW -> out.ascii("PREVIEW ").octets(reader.preview());
            case LAZY_PREVIEW -> out.ascii("PREVIEW ").octets(reader.lazyPreview());
            case EMAILID -> out.ascii("EMAILID (").octets(reader.emailId()).octet(')');
            case THREADID -> out.ascii("THREADID (").ascii(thread).octet(')');
        }
    }

    private void saveDate(MessageEntry message) throws IOException {
        var saved = mailbox.saveDate(message.uid());
        out.ascii("SAVEDATE ");
        if (saved.isPresent()) {
            var text = ImapDates.print(saved.get(), ZoneId.systemDefault());
            out.octet('"').ascii(text).octet('"');
        } else {
            out.ascii("NIL");
        }
    }

    /// `FLAGS (...)`.
    void flags(MessageEntry message) throws IOException {
        var text = printed.get(message.flags());
        if (text == null) {
            if (printed.size() >= FLAGS_KEPT) {
                printed.clear();
            }
            text = String.join(" ", message.flags().names());
            printed.put(message.flags(), text);
        }
        out.ascii("FLAGS (").ascii(text);
        if (message.recent() && out.dialect().recent()) {
            out.ascii(text.isEmpty() ? "\\Recent" : " \\Recent");
        }
        out.octet(')');
    }

    private void section(FetchItem.Section section, MessageReader reader) throws IOException {
        label(section.label(), section.partial());
        var found = sections.remove();
        var part = FetchItem.Partial.of(section.partial(), found.size());
        count(section, part.length());
        out.literal(part.length());
        switch (found) {
            case SectionReader.Held(var octets) ->
                    out.content(octets, (int) part.offset(), (int) part.length());
            case SectionReader.Span(var start, var _) ->
                    copy(reader, start + part.offset(), part.length());
        }
    }

    private void label(String label, FetchItem.@Nullable Partial partial) throws IOException {
        out.ascii(label);
        if (partial != null) {
            out.octet('<').number(partial.offset()).octet('>');
        }
        out.sp();
    }

    private void binary(FetchItem.Binary item, MessageReader reader) throws IOException {
        label(item.label(), item.partial());
        var found = decoded.remove().orElse(null);
        if (found == null) {
            out.ascii("NIL");
            return;
        }
        var part = FetchItem.Partial.of(item.partial(), found.size());
        counts.bodies++;
        counts.bodyBytes += part.length();
        if (found.nuls()) {
            out.octet('~');
        }
        out.literal(part.length());
        try (var in = found.open(reader)) {
            in.skipNBytes(part.offset());
            complain(out.copyBinary(in, part.length()));
        }
    }

    private void copy(MessageReader reader, long from, long length) throws IOException {
        if (length == 0) {
            return;
        }
        long lacking;
        try (var in = reader.stream(from)) {
            lacking = out.copy(in, length);
        }
        complain(lacking);
    }

    private static void complain(long lacking) {
        if (lacking > 0) {
            LoggerFactory.getLogger("imapd")
                    .error("a message is {} bytes shorter than its name or index says", lacking);
        }
    }

    private void count(FetchItem.Section section, long length) {
        switch (section.text()) {
            case HEADER, FIELDS, FIELDS_NOT, MIME -> {
                counts.headers++;
                counts.headerBytes += length;
            }
            case ALL, TEXT -> {
                counts.bodies++;
                counts.bodyBytes += length;
            }
        }
    }
}
