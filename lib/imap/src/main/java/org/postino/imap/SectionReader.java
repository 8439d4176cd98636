// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.HeaderFilter;
import org.postino.message.MimePart;

/// Finds the octets that a section names (RFC 3501, 6.4.5), with as little reading of the message as that takes.
public final class SectionReader {
    /// Either octets in memory or a span of the message.
    public sealed interface Found {
        long size();
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Held(byte[] octets) implements Found {
        @Override
        public long size() {
            return octets.length;
        }
    }

    public record Span(long start, long end) implements Found {
        @Override
        public long size() {
            return end - start;
        }
    }

    private static final Found NOTHING = new Held(new byte[0]);

    private SectionReader() {}

    /// The octets of a section; none if the message has no such part.
    public static Found find(MessageReader reader, FetchItem.Section section) throws IOException {
        if (section.path().isEmpty()) {
            return ofMessage(reader, section);
        }
        var part = part(reader.structure(), section.path());
        if (part == null) {
            return NOTHING;
        }
        return switch (section.text()) {
            case ALL -> new Span(part.bodyStart(), part.bodyEnd());
            case MIME -> new Span(part.start(), part.bodyStart());
            case HEADER, FIELDS, FIELDS_NOT, TEXT ->
                    part.kind() == MimePart.Kind.MESSAGE
                            ? ofEnclosed(reader, section, part.children().getFirst())
                            : NOTHING;
        };
    }

    private static Found ofMessage(MessageReader reader, FetchItem.Section section)
            throws IOException {
        return switch (section.text()) {
            case ALL -> new Span(0, reader.size());
            case HEADER, MIME -> header(reader);
            case FIELDS ->
                    new Held(
                            HeaderFilter.filter(
                                    reader.headerWith(section.fields()), section.fields(), false));
            case FIELDS_NOT ->
                    new Held(HeaderFilter.filter(reader.headerBytes(), section.fields(), true));
            case TEXT -> new Span(reader.headerLength(), reader.size());
        };
    }

    private static Found ofEnclosed(
            MessageReader reader, FetchItem.Section section, MimePart message) throws IOException {
        return switch (section.text()) {
            case TEXT -> new Span(message.bodyStart(), message.bodyEnd());
            case ALL, HEADER, MIME -> new Span(message.start(), message.bodyStart());
            case FIELDS, FIELDS_NOT ->
                    new Held(
                            HeaderFilter.filter(
                                    reader.read(message.start(), message.bodyStart()),
                                    section.fields(),
                                    section.text() == FetchItem.Text.FIELDS_NOT));
        };
    }

    private static Found header(MessageReader reader) throws IOException {
        byte[] held = reader.headerBytes();
        return reader.headerLength() == held.length
                ? new Held(held)
                : new Span(0, reader.headerLength());
    }

    /// The part a path leads to; a message that is no multipart is its own part 1.
    public static @Nullable MimePart part(MimePart root, List<Integer> path) {
        var at = root;
        boolean first = true;
        for (int number : path) {
            if (!first) {
                if (at.kind() == MimePart.Kind.LEAF) {
                    return null;
                }
                if (at.kind() == MimePart.Kind.MESSAGE) {
                    at = at.children().getFirst();
                }
            }
            first = false;
            if (at.kind() == MimePart.Kind.MULTIPART) {
                if (number > at.children().size()) {
                    return null;
                }
                at = at.children().get(number - 1);
            } else if (number != 1 || at.type().is("multipart")) {
                return null;
            }
        }
        return at;
    }
}
