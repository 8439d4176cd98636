// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The characters of names and passwords that clients send.
final class PasswordText {
    private PasswordText() {}

    /// Reads UTF-8. Other bytes come from an old client with a character set of its own and are read as ISO 8859-1.
    static String decode(byte[] response) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(response)).toString();
        } catch (CharacterCodingException e) {
            return new String(response, StandardCharsets.ISO_8859_1);
        }
    }
}
