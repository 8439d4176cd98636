// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A message or a part of one: where it stands in the message, what its header says, and its parts.
///
/// Filled by [MimeParser], then only read. Offsets are octets from the start of the whole message, as it was read.
public final class MimePart {
    /// The kind of a body.
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

    /// The type that Content-Type gives, or the default where it gives none.
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

    /// The offset at which the header begins.
    public long start() {
        return start;
    }

    /// The offset at which the body begins, behind the empty line.
    public long bodyStart() {
        return bodyStart;
    }

    /// The offset at which the body ends; the line end before a boundary belongs to the boundary.
    public long bodyEnd() {
        return bodyEnd;
    }

    public long bodySize() {
        return bodyEnd - bodyStart;
    }

    /// The number of line ends in the body.
    public long bodyLines() {
        return bodyLines;
    }

    /// The encoding that the first usable Content-Transfer-Encoding names; `7bit` without one.
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
