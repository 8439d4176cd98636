// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.Cached;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MessageBytes;
import org.postino.mailstore.ParsedMessage;
import org.postino.message.HeaderBlock;
import org.postino.message.LineScanner;
import org.postino.message.MimeParser;
import org.postino.message.MimePart;

/// A message that is being read for one command: opens nothing and parses nothing before somebody asks, and nothing at all that
/// the store still knows from an earlier command.
public final class MessageReader implements Closeable {
    /// Makes the structure of a message.
    public interface Parser {
        MimePart parse(InputStream message) throws IOException;
    }

    static final int MAX_HEADER = 1 << 20;
    private static final byte[] NIL = {'N', 'I', 'L'};

    private final Source source;
    private final Parser parser;
    private @Nullable ParsedMessage known;
    private @Nullable MessageBytes bytes;
    private byte @Nullable [] headerBytes;
    private long headerLength = -1;
    private @Nullable HeaderBlock header;
    private @Nullable HeaderBlock searchable;
    private @Nullable Cached stored;
    private Cached cached = Cached.NOTHING;
    private @Nullable MimePart structure;

    /// The place where a message and what is known of it are.
    private interface Source {
        MessageBytes open() throws IOException;

        Cached cached() throws IOException;

        void cache(Cached cached) throws IOException;

        Instant date() throws IOException;

        ParsedMessage parsed();

        void remember(ParsedMessage parsed);
    }

    private record InMailbox(Mailbox mailbox, long uid) implements Source {
        @Override
        public MessageBytes open() throws IOException {
            return mailbox.read(uid);
        }

        @Override
        public Cached cached() throws IOException {
            return mailbox.cached(uid);
        }

        @Override
        public void cache(Cached cached) throws IOException {
            mailbox.cache(uid, cached);
        }

        @Override
        public Instant date() throws IOException {
            return mailbox.internalDate(uid);
        }

        @Override
        public ParsedMessage parsed() {
            return mailbox.parsed(uid);
        }

        @Override
        public void remember(ParsedMessage parsed) {
            mailbox.remember(uid, parsed);
        }
    }

    /// A message of no mailbox; nothing is known of it and nothing kept.
    private record Alone(MessageBytes message) implements Source {
        @Override
        public MessageBytes open() {
            return message;
        }

        @Override
        public Cached cached() {
            return Cached.NOTHING;
        }

        @Override
        public void cache(Cached cached) {}

        @Override
        public Instant date() {
            throw new IllegalStateException("a message of no mailbox has no date");
        }

        @Override
        public ParsedMessage parsed() {
            return ParsedMessage.NOTHING;
        }

        @Override
        public void remember(ParsedMessage parsed) {}
    }

    /// A reader of a message in a mailbox.
    public MessageReader(Mailbox mailbox, long uid) {
        this(mailbox, uid, MimeParser::parse);
    }

    /// A reader that parses in another way.
    public MessageReader(Mailbox mailbox, long uid, Parser parser) {
        this(new InMailbox(mailbox, uid), parser);
    }

    private MessageReader(Source source, Parser parser) {
        this.source = source;
        this.parser = parser;
    }

    /// All parts that a cache can keep of a message. Takes over the message.
    static Cached digest(MessageBytes message) throws IOException {
        try (var reader = new MessageReader(new Alone(message), MimeParser::parse)) {
            reader.headerBytes();
            reader.envelope();
            reader.bodyStructure();
            reader.preview();
            return reader.cached;
        }
    }

    /// Takes what was parsed for an earlier command.
    private void recall() {
        if (known == null) {
            known = source.parsed();
            header = known.header();
            structure = known.structure();
        }
    }

    MessageBytes bytes() throws IOException {
        if (bytes == null) {
            bytes = source.open();
        }
        return bytes;
    }

    long size() throws IOException {
        return bytes().size();
    }

    public InputStream stream(long offset) throws IOException {
        return bytes().stream(offset);
    }

    /// The header with its empty line; of one that is larger than any honest one only the first [#MAX_HEADER] bytes.
    byte[] headerBytes() throws IOException {
        if (headerBytes == null) {
            headerBytes = size() <= MAX_HEADER ? bytes().header() : beginningOfHeader();
            boolean whole = headerLength < 0 || headerLength == headerBytes.length;
            if (whole && cached().get(Cached.Part.HEADER) == null) {
                CachedHeader.of(headerBytes)
                        .ifPresent(fields -> cached = cached.with(Cached.Part.HEADER, fields));
            }
        }
        return headerBytes;
    }

    private byte[] beginningOfHeader() throws IOException {
        headerLength = 0;
        try (var in = stream(0)) {
            var lines = new LineScanner(in, 0);
            boolean more = true;
            while (more && lines.advance()) {
                more = !lines.isEmpty();
                headerLength = lines.end();
            }
        }
        return read(0, headerLength);
    }

    /// The size of the header, however large.
    long headerLength() throws IOException {
        int held = headerBytes().length;
        return Math.max(headerLength, held);
    }

    /// A stretch of the message, cut at [#MAX_HEADER] bytes: the header of a part.
    byte[] read(long start, long end) throws IOException {
        try (var in = stream(start)) {
            return in.readNBytes((int) Math.min(end - start, MAX_HEADER));
        }
    }

    private Cached cached() throws IOException {
        if (stored == null) {
            stored = source.cached();
            cached = stored;
        }
        return cached;
    }

    private byte[] keep(Cached.Part part, byte[] octets) throws IOException {
        cached = cached().with(part, octets);
        return octets;
    }

    /// ENVELOPE as a response has it.
    public byte[] envelope() throws IOException {
        byte[] kept = cached().get(Cached.Part.ENVELOPE);
        return kept != null
                ? kept
                : keep(
                        Cached.Part.ENVELOPE,
                        ImapWriter.print(out -> ImapEnvelope.write(out, header())));
    }

    /// BODYSTRUCTURE as a response has it.
    public byte[] bodyStructure() throws IOException {
        byte[] kept = cached().get(Cached.Part.STRUCTURE);
        return kept != null
                ? kept
                : keep(
                        Cached.Part.STRUCTURE,
                        ImapWriter.print(out -> BodyStructure.write(out, structure(), true)));
    }

    /// PREVIEW as a response has it.
    public byte[] preview() throws IOException {
        byte[] kept = cached().get(Cached.Part.PREVIEW);
        return kept != null ? kept : keep(Cached.Part.PREVIEW, printedPreview());
    }

    private byte[] printedPreview() throws IOException {
        byte[] utf8 = Preview.of(this).getBytes(StandardCharsets.UTF_8);
        var text = new String(utf8, StandardCharsets.ISO_8859_1);
        return ImapWriter.print(out -> out.string(text));
    }

    /// PREVIEW, or NIL if it is not known yet.
    public byte[] lazyPreview() throws IOException {
        byte[] kept = cached().get(Cached.Part.PREVIEW);
        return kept == null ? NIL.clone() : kept;
    }

    /// EMAILID as a response has it, without its parentheses.
    public byte[] emailId() throws IOException {
        byte[] kept = cached().get(Cached.Part.DIGEST);
        return kept != null ? kept : keep(Cached.Part.DIGEST, newEmailId());
    }

    /// EMAILID as a client names it.
    String emailIdText() throws IOException {
        return new String(emailId(), StandardCharsets.US_ASCII);
    }

    private byte[] newEmailId() throws IOException {
        try (var content = stream(0)) {
            return ObjectIds.ofMessage(source.date(), content).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /// THREADID as a response has it, without its parentheses; a message of which nothing tells to what it belongs is a thread of its own.
    public String threadId() throws IOException {
        var named = ObjectIds.ofThread(fields(ThreadAlgorithm.fields()));
        return named.isPresent() ? named.get() : "T" + emailIdText().substring(1);
    }

    /// A header in which these fields stand as they do in the message; others may be missing.
    byte[] headerWith(Collection<String> fields) throws IOException {
        byte[] kept = CachedHeader.has(fields) ? cached().get(Cached.Part.HEADER) : null;
        return kept != null ? kept : headerBytes();
    }

    /// The fields of this name, and perhaps others.
    HeaderBlock searchable(String field) throws IOException {
        byte[] kept =
                searchable == null && CachedHeader.has(List.of(field))
                        ? cached().get(Cached.Part.HEADER)
                        : null;
        return kept == null ? searchable() : HeaderBlock.of(kept, field::equalsIgnoreCase);
    }

    /// The fields of these names, which are in the order of [String#CASE_INSENSITIVE_ORDER].
    public HeaderBlock fields(NavigableSet<String> names) throws IOException {
        return HeaderBlock.of(headerWith(names), names::contains);
    }

    /// The fields that ENVELOPE needs.
    HeaderBlock header() throws IOException {
        recall();
        if (header == null) {
            header = HeaderBlock.of(headerWith(MimeParser.FIELDS), MimeParser.FIELDS::contains);
        }
        return header;
    }

    /// All fields of the header.
    HeaderBlock searchable() throws IOException {
        if (searchable == null) {
            searchable = HeaderBlock.of(headerBytes(), _ -> true);
        }
        return searchable;
    }

    public MimePart structure() throws IOException {
        recall();
        if (structure == null) {
            try (var in = stream(0)) {
                structure = parser.parse(in);
            }
        }
        return structure;
    }

    /// Leaves what was found out with the store, for the next command.
    @SuppressWarnings("ReferenceEquality") // what is new is another object
    public void remember() throws IOException {
        if (stored != null && cached != stored) {
            source.cache(cached);
        }
        if (known != null && (header != known.header() || structure != known.structure())) {
            source.remember(new ParsedMessage(header, structure));
        }
    }

    @Override
    public void close() throws IOException {
        if (bytes != null) {
            bytes.close();
        }
    }
}
