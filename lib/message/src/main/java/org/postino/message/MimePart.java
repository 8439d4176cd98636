// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A message or a part of one: where it stands in the message, what its header says, and its parts.
///
/// Filled by [MimeParser], then only read. Offsets are octets from the start of the whole message, as it was read.
public final class MimePart {
    /// What the body holds.
    public enum Kind {
        LEAF,
        MULTIPART,
        /// message/rfc822: exactly one child, the enclosed message.
        MESSAGE
    }

    long start;
    final HeaderBlock header;
    final List<MimePart> children = new ArrayList<>(0);
    ContentType type = ContentType.TEXT_PLAIN;
    Kind kind = Kind.LEAF;
    long bodyStart;
    long bodyEnd;
    long bodyStartLine;
    long bodyLines;

    MimePart(long start, HeaderBlock header) {
        this.start = start;
        this.header = header;
    }

    public Kind kind() {
        return kind;
    }

    /// What Content-Type says, or what stands for it where it says nothing.
    public ContentType type() {
        return type;
    }

    /// The fields of [MimeParser#FIELDS].
    public HeaderBlock header() {
        return header;
    }

    /// The parts of a multipart, or the enclosed message.
    public List<MimePart> children() {
        return Collections.unmodifiableList(children);
    }

    /// Where the header begins.
    public long start() {
        return start;
    }

    /// Where the body begins, behind the empty line.
    public long bodyStart() {
        return bodyStart;
    }

    /// Where the body ends; the line end before a boundary is the boundary's.
    public long bodyEnd() {
        return bodyEnd;
    }

    public long bodySize() {
        return bodyEnd - bodyStart;
    }

    /// How many line ends the body has.
    public long bodyLines() {
        return bodyLines;
    }

    /// What the first Content-Transfer-Encoding that names one says, `7bit` without.
    public String encoding() {
        for (var field : header.fields()) {
            if (field.name().equalsIgnoreCase("Content-Transfer-Encoding")) {
                var encoding = MimeTokens.encoding(field.value());
                if (encoding != null) {
                    return encoding;
                }
            }
        }
        return "7bit";
    }
}
