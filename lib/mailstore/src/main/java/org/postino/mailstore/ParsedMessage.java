// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import org.jspecify.annotations.Nullable;
import org.postino.message.ContentType;
import org.postino.message.HeaderBlock;
import org.postino.message.MimePart;

/// The results of parsing a message; either part may be missing.
///
/// @param header the fields that an envelope needs
/// @param structure the parts of the message
public record ParsedMessage(@Nullable HeaderBlock header, @Nullable MimePart structure) {
    /// Nothing is known.
    public static final ParsedMessage NOTHING = new ParsedMessage(null, null);

    private static final int HEADER = 200;
    private static final int FIELD = 120;
    private static final int PART = 200;

    /// This, and of the other what this lacks.
    ParsedMessage or(ParsedMessage other) {
        return new ParsedMessage(
                header == null ? other.header : header,
                structure == null ? other.structure : structure);
    }

    /// About how many bytes of memory it takes.
    long weight() {
        return (header == null ? 0 : weight(header)) + (structure == null ? 0 : weight(structure));
    }

    private static long weight(HeaderBlock header) {
        long bytes = HEADER;
        for (HeaderBlock.Field field : header.fields()) {
            bytes +=
                    FIELD
                            + field.name().length()
                            + field.value().length()
                            + field.unfolded().length();
        }
        return bytes;
    }

    private static long weight(MimePart part) {
        long bytes = PART + weight(part.header());
        for (ContentType.Parameter parameter : part.type().parameters()) {
            bytes += FIELD + parameter.name().length() + parameter.value().length();
        }
        for (MimePart child : part.children()) {
            bytes += weight(child);
        }
        return bytes;
    }
}
