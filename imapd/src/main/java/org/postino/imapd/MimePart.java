// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.ArrayList;
import java.util.List;

/// A message or a part of one: where it stands in the message, what its header says, and its parts.
///
/// Filled by [MimeParser], then only read. Offsets are octets from the start of the whole message, with CRLF.
final class MimePart {
    /// What the body holds.
    enum Kind {
        LEAF,
        MULTIPART,
        /// message/rfc822: exactly one child, the enclosed message.
        MESSAGE
    }

    long start;
    final HeaderBlock header;
    final List<MimePart> children = new ArrayList<>(0);
    ContentType type = ContentType.TEXT_PLAIN;
    boolean typeGiven;
    Kind kind = Kind.LEAF;
    long bodyStart;
    long bodyEnd;
    long bodyStartLine;
    long bodyLines;

    MimePart(long start, HeaderBlock header) {
        this.start = start;
        this.header = header;
    }

    long bodySize() {
        return bodyEnd - bodyStart;
    }

    /// Size of header and body.
    long size() {
        return bodyEnd - start;
    }

    /// What the first Content-Transfer-Encoding that names one says, `7bit` without.
    String encoding() {
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
