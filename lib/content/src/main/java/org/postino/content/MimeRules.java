// SPDX-License-Identifier: Apache-2.0

package org.postino.content;

/// Demands on a message besides those of tables: that it keeps to MIME, and how far its parts are told apart.
///
/// @param reads parts are told apart; otherwise all behind the message's own header is lines
/// @param sevenBitHeader refuses octets above 127 in fields
/// @param sevenBitBody refuses them in lines of a part that does not announce them
/// @param wholeEncoding refuses a multipart, or an attached message, that claims to be encoded as a whole
/// @param depth how many multiparts may stand in one another
/// @param boundary how many bytes of a boundary count
public record MimeRules(
        boolean reads,
        boolean sevenBitHeader,
        boolean sevenBitBody,
        boolean wholeEncoding,
        int depth,
        int boundary) {
    /// Refuses nothing.
    public static final MimeRules LENIENT = new MimeRules(true, false, false, false, 100, 2048);

    /// The violations of MIME for which a message is refused.
    public enum Violation {
        HEADER("improper use of 8-bit data in message header"),
        BODY("improper use of 8-bit data in message body"),
        ENCODING("invalid message/* or multipart/* encoding domain"),
        NESTING("MIME nesting exceeds safety limit"),
        UNENDED("primary header was terminated with non-empty line");

        private final String text;

        Violation(String text) {
            this.text = text;
        }

        /// The words of the reply and the log.
        public String text() {
            return text;
        }
    }

    /// True if a message can be refused for its own header.
    boolean looksAtHeader() {
        return reads && sevenBitHeader;
    }

    /// True if one can be refused for what comes behind it.
    boolean looksAtBody() {
        return reads && (sevenBitHeader || sevenBitBody || wholeEncoding);
    }
}
