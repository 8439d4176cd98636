// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The `xtext` encoding of ESMTP parameters: `+41` for what may not stand there literally (RFC 3461, 4).
public final class Xtext {
    private static final String HEX = "0123456789ABCDEF";

    private Xtext() {}

    /// Encodes text as xtext, by way of UTF-8.
    public static String encode(String text) {
        var out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c > ' ' && c < 0x7f && c != '+' && c != '=') {
                out.append((char) c);
            } else {
                out.append('+').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }

    /// Decodes xtext; empty if the text is not xtext or does not decode to UTF-8.
    public static Optional<String> decode(String text) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '=') {
                return Optional.empty();
            }
            if (c != '+') {
                out.write(c);
                continue;
            }
            int high = i + 2 < text.length() ? HEX.indexOf(text.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : HEX.indexOf(text.charAt(i + 2));
            if (low < 0) {
                return Optional.empty();
            }
            out.write(high << 4 | low);
            i += 2;
        }
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return Optional.of(decoder.decode(ByteBuffer.wrap(out.toByteArray())).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /// The text with `+2B` and its like decoded where they stand for printable ASCII; all else stays as it is. For people, who see what
    /// came as it was meant, or as it came.
    public static String decodeLoosely(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' && i + 2 < text.length()) {
                int high = Character.digit(text.charAt(i + 1), 16);
                int low = Character.digit(text.charAt(i + 2), 16);
                int value = high * 16 + low;
                if (high >= 0 && low >= 0 && value >= ' ' && value < 0x7f) {
                    out.append((char) value);
                    i += 2;
                    continue;
                }
            }
            out.append(c);
        }
        return out.toString();
    }

    /// True if the text is well-formed xtext.
    public static boolean isValid(String text) {
        return decode(text).isPresent();
    }

    /// True if the text is well-formed xtext for printable ASCII, as ENVID and addresses of the type rfc822 must be (RFC 3461, 4.2 and 4.4).
    public static boolean isPrintable(String text) {
        return decode(text).filter(s -> s.chars().allMatch(c -> c >= ' ' && c < 0x7f)).isPresent();
    }
}
