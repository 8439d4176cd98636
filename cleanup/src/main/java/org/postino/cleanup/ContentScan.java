// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postino.message.EightBit;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFileWriter;

/// Finds out what a message contains, whatever the client declared: octets above 127, header fields in UTF-8, fields that ask for more or less TLS.
///
/// A server hears BODY=8BITMIME or SMTPUTF8 because of it (RFC 6152; RFC 6531, 3.6). UTF-8 in a header asks for SMTPUTF8 only
/// if the client spoke of that, or the message is of a class that is trusted to mean it.
final class ContentScan {
    private static final String TLS_REQUIRED = "TLS-Required:";
    private static final String REQUIRE_TLS = Envelope.REQUIRE_TLS_FIELD + ":";

    private final boolean utf8Counts;
    private final boolean eightBitCounts;
    private final boolean requireTlsCounts;
    private boolean eightBit;
    private boolean utf8Header;
    private boolean tlsOptional;
    private boolean requireTls;

    ContentScan(Envelope envelope, CleanupSettings settings) {
        List<String> classes = settings.utf8Classes();
        requireTlsCounts = settings.requireTlsField();
        eightBitCounts = settings.detectsEightBit();
        String source = envelope.attribute(Envelope.SOURCE);
        boolean client = source.isEmpty() && !envelope.attribute(Envelope.CLIENT_ADDRESS).isEmpty();
        utf8Counts =
                envelope.attribute(Envelope.SMTPUTF8).equals(Envelope.YES)
                        || classes.contains("all")
                        || classes.contains(client ? "smtpd" : source);
    }

    void field(byte[] bytes, int offset, int length) {
        tlsOptional = tlsOptional || says(bytes, offset, length, TLS_REQUIRED, "no");
        requireTls =
                requireTls
                        || (requireTlsCounts
                                && says(bytes, offset, length, REQUIRE_TLS, Envelope.YES));
        if (utf8Counts && !utf8Header && EightBit.isIn(bytes, offset, offset + length)) {
            utf8Header = isUtf8(bytes, offset, length);
        }
    }

    /// Looks at the next bytes that are written; header fields are among them.
    void content(byte[] bytes, int offset, int length) {
        eightBit = eightBit || EightBit.isIn(bytes, offset, offset + length);
    }

    /// Writes what was found into the queue file, as attributes behind the content.
    void write(Envelope declared, QueueFileWriter writer) throws IOException {
        if (eightBit && eightBitCounts && !declared.attribute(Envelope.ENCODING).equals("8bit")) {
            writer.attribute(Envelope.ENCODING, "8bit");
        }
        boolean required = declared.attribute(Envelope.REQUIRETLS).equals(Envelope.YES);
        if (requireTls && !required) {
            writer.attribute(Envelope.REQUIRETLS, Envelope.YES);
        } else if (tlsOptional && !required) {
            writer.attribute(Envelope.TLS_OPTIONAL, Envelope.YES);
        }
        if (utf8Header) {
            writer.attribute(Envelope.UTF8_HEADER, Envelope.YES);
        }
    }

    /// True if a field stands for REQUIRETLS, and such fields count.
    boolean requiresTls() {
        return requireTls;
    }

    /// True for a field with a value, such as `TLS-Required: no` (RFC 8689, 5).
    ///
    /// @param start the name and its colon
    private static boolean says(byte[] bytes, int offset, int length, String start, String value) {
        int name = start.length();
        if (length < name || length > 200) {
            return false;
        }
        var text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        return text.regionMatches(true, 0, start, 0, name)
                && text.substring(name).strip().equalsIgnoreCase(value);
    }

    private static boolean isUtf8(byte[] bytes, int offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
