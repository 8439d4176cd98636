// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The characters of names and passwords that clients send.
final class PasswordText {
    private PasswordText() {}

    /// Reads UTF-8; what is none was sent by an old client in its own character set and is read as ISO 8859-1.
    static String decode(byte[] response) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(response)).toString();
        } catch (CharacterCodingException e) {
            return new String(response, StandardCharsets.ISO_8859_1);
        }
    }
}
