// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.FieldReader;
import org.postino.ipc.ProtocolException;

/// Reads a queue file and compares it with what its header says.
final class QueueFileParser {
    private final FileRecords records;
    private final long fileSize;
    private final EnvelopeLimits limits;
    private final Checksum checksum = new Checksum();
    private final FileHeader header;
    private final List<Recipient> recipients = new ArrayList<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private @Nullable String sender;
    private @Nullable String arrival;
    private @Nullable String trace;
    private final RecordVisitor visitor;
    private final @Nullable List<Piece> known;
    private final List<Piece> regions = new ArrayList<>();
    private @Nullable List<Piece> pieces;
    private boolean content;
    private boolean end;
    private int others;
    private long envelopeBytes;

    QueueFileParser(FileChannel channel, EnvelopeLimits limits, RecordVisitor visitor)
            throws IOException, CorruptQueueFileException {
        this(channel, limits, visitor, null);
    }

    /// @param known the pieces of the message, as an earlier walk found them, for the visitor
    QueueFileParser(
            FileChannel channel,
            EnvelopeLimits limits,
            RecordVisitor visitor,
            @Nullable List<Piece> known)
            throws IOException, CorruptQueueFileException {
        this.known = known;
        this.limits = limits;
        this.visitor = visitor;
        fileSize = channel.size();
        records = new FileRecords(channel, fileSize);
        byte[] first = records.readData(FileHeader.RECORD);
        header = FileHeader.parse(first);
        visitor.record(0, 'H', Arrays.copyOfRange(first, 2, first.length));
        if (header.fileSize() != fileSize) {
            throw new CorruptQueueFileException(
                    "file has " + fileSize + " bytes instead of " + header.fileSize());
        }
    }

    void parse() throws IOException, CorruptQueueFileException {
        while (!end) {
            long start = records.position();
            int type = records.read();
            long length = records.readLength();
            if (type == 'C') {
                Piece received = skipContent(length);
                visitor.content(start, known == null ? List.of(received) : known);
            } else if (type == 'D' && isEdited()) {
                skipEdits(length);
            } else {
                long dataStart = records.position();
                checkLimits(type, length);
                byte[] data = records.readData(length);
                take(type, data, start, dataStart);
                visitor.record(start, type, data);
            }
        }
        if (!records.atEnd()) {
            throw new CorruptQueueFileException("something follows the end record");
        }
        if (!content
                || isEdited() != (pieces != null)
                || recipients.size() != header.recipients()) {
            throw new CorruptQueueFileException("records are missing");
        }
        if (isEdited()) {
            checksum.addRegions(regions);
        }
        if (checksum.value() != header.checksum()) {
            throw new CorruptQueueFileException("checksum of the envelope does not match");
        }
    }

    private boolean isEdited() {
        return header.version() == FileHeader.EDITED;
    }

    /// The pieces of the file that make up the message; empty before the end of the walk.
    List<Piece> message() {
        return pieces != null ? pieces : List.copyOf(regions);
    }

    FileHeader header() {
        return header;
    }

    List<Recipient> recipients() {
        return recipients;
    }

    Envelope envelope() throws CorruptQueueFileException {
        if (sender == null || arrival == null || trace == null) {
            throw new CorruptQueueFileException("sender, arrival or trace is missing");
        }
        try {
            return new Envelope(
                    sender, Instant.ofEpochMilli(Long.parseLong(arrival)), trace, attributes);
        } catch (NumberFormatException e) {
            var problem = new CorruptQueueFileException("malformed arrival time");
            problem.initCause(e);
            throw problem;
        }
    }

    private void checkLimits(int type, long length) throws CorruptQueueFileException {
        if (length > limits.record()) {
            throw new CorruptQueueFileException(
                    "a record of more than " + limits.record() + " bytes");
        }
        envelopeBytes += length;
        if (envelopeBytes > limits.all()) {
            throw new CorruptQueueFileException(
                    "an envelope of more than " + limits.all() + " bytes");
        }
        if (type == 'R' ? recipients.size() == limits.recipients() : ++others > limits.others()) {
            throw new CorruptQueueFileException(
                    type == 'R'
                            ? "more than " + limits.recipients() + " recipients"
                            : "more than " + limits.others() + " attributes");
        }
    }

    private Piece skipContent(long length) throws CorruptQueueFileException {
        if (content
                || records.position() != header.contentOffset()
                || (!isEdited() && length != header.messageLength())
                || length > fileSize - records.position()) {
            throw new CorruptQueueFileException("content is not where the header says");
        }
        content = true;
        return region(length);
    }

    private void skipEdits(long length) throws CorruptQueueFileException {
        if (!content || pieces != null || length > fileSize - records.position()) {
            throw new CorruptQueueFileException("edits are not where they should be");
        }
        checkLimits('D', 0);
        region(length);
    }

    /// Passes over bytes of which the message may consist.
    private Piece region(long length) {
        var region = new Piece(records.position(), length);
        regions.add(region);
        records.seek(region.end());
        return region;
    }

    /// Reads the pieces of the message. They must lie in the content and in edits, and be no longer together than the file.
    private void pieces(FieldReader data) throws ProtocolException {
        if (pieces != null || !isEdited()) {
            throw new ProtocolException("unexpected record M");
        }
        var list = new ArrayList<Piece>();
        long length = 0;
        while (!data.atEnd()) {
            var piece = new Piece(data.number(), data.number());
            length += piece.length();
            if (!isMessage(piece) || length > fileSize) {
                throw new ProtocolException("the message has a piece that is not in the file");
            }
            list.add(piece);
        }
        if (length != header.messageLength()) {
            throw new ProtocolException(
                    "the message has " + length + " bytes instead of " + header.messageLength());
        }
        pieces = List.copyOf(list);
    }

    private boolean isMessage(Piece piece) {
        for (Piece region : regions) {
            if (piece.length() > 0
                    && piece.offset() >= region.offset()
                    && piece.offset() <= region.end()
                    && piece.length() <= region.end() - piece.offset()) {
                return true;
            }
        }
        return false;
    }

    private void take(int type, byte[] data, long start, long dataStart)
            throws CorruptQueueFileException {
        if (type == 'E') {
            end = data.length == 0;
        } else {
            checksum.add(type, data);
        }
        try {
            switch (type) {
                case 'S' -> sender = once(isEdited() && content ? null : sender, data);
                case 'T' -> arrival = once(arrival, data);
                case 'I' -> trace = once(trace, data);
                case 'A' -> attribute(new FieldReader(data));
                case 'R' -> recipients.add(Recipient.parse(data, dataStart));
                case 'M' -> pieces(new FieldReader(data));
                case 'E' -> {}
                default ->
                        throw new CorruptQueueFileException(
                                "unknown record type " + type + " at offset " + start);
            }
        } catch (ProtocolException e) {
            var problem = new CorruptQueueFileException(e.getMessage() + " at offset " + start);
            problem.initCause(e);
            throw problem;
        }
        if (type == 'E' && !end) {
            throw new CorruptQueueFileException("malformed end record");
        }
    }

    private void attribute(FieldReader data) throws ProtocolException {
        attributes.put(data.text(), data.text());
        if (!data.atEnd()) {
            throw new ProtocolException("malformed attribute record");
        }
    }

    private static String once(@Nullable String before, byte[] data) throws ProtocolException {
        if (before != null) {
            throw new ProtocolException("a record stands twice");
        }
        return new String(data, StandardCharsets.UTF_8);
    }
}
