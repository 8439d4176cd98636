// SPDX-License-Identifier: Apache-2.0

package org.postino.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.postino.message.EightBit;
import org.postino.message.HeaderField;
import org.postino.message.MimeReader;
import org.postino.message.NewField;

/// A header field or line of a body as tables are asked about it, and the way back to bytes for what they make of it.
///
/// @param text without the last line end; lines of a field are separated by LF
/// @param charset in which the text was read: UTF-8 if the bytes are that, and else a byte a character
/// @param header true for a field
public record CheckSubject(String text, Charset charset, boolean header) {
    /// A field without blanks before its colon, so that they deceive no pattern.
    public static CheckSubject of(HeaderField field) {
        int colon = field.valueStart() - 1;
        int nameEnd = colon;
        while (field.bytes()[nameEnd - 1] == ' ' || field.bytes()[nameEnd - 1] == '\t') {
            nameEnd--;
        }
        byte[] text = new byte[field.length()];
        int n = nameEnd - field.from();
        System.arraycopy(field.bytes(), field.from(), text, 0, n);
        for (int i = colon; i < field.to(); i++) {
            byte b = field.bytes()[i];
            boolean lineEnd = b == '\r' && i + 1 < field.to() && field.bytes()[i + 1] == '\n';
            if (!lineEnd) {
                text[n++] = b;
            }
        }
        n -= text[n - 1] == '\n' ? 1 : 0;
        return of(text, 0, n, true);
    }

    /// A line, or a piece of one.
    public static CheckSubject of(MimeReader.Line line) {
        return of(line.bytes(), line.from(), line.end(), false);
    }

    private static CheckSubject of(byte[] bytes, int from, int to, boolean header) {
        if (EightBit.isIn(bytes, from, to)) {
            return beyondAscii(bytes, from, to, header);
        }
        return new CheckSubject(
                new String(bytes, from, to - from, StandardCharsets.ISO_8859_1),
                StandardCharsets.UTF_8,
                header);
    }

    private static CheckSubject beyondAscii(byte[] bytes, int from, int to, boolean header) {
        try {
            var text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, from, to - from));
            return new CheckSubject(text.toString(), StandardCharsets.UTF_8, header);
        } catch (CharacterCodingException e) {
            String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            return new CheckSubject(text, StandardCharsets.ISO_8859_1, header);
        }
    }

    /// The word of the log for what this is.
    public String where() {
        return header ? "header" : "body";
    }

    /// The bytes of a line that a table gives, without a line end.
    byte[] line(String given) {
        return bytes(given.replace('\r', ' ').replace('\n', ' '));
    }

    /// The bytes of a field that a table gives, with its line end.
    ///
    /// @param given begins with a name and a colon
    byte[] field(String given) {
        int colon = given.indexOf(':');
        byte[] value = bytes(given.substring(colon + 1));
        return new NewField(
                        given.substring(0, colon), new String(value, StandardCharsets.ISO_8859_1))
                .bytes();
    }

    /// The bytes of a text that is to stand in the message, as the message is written.
    public byte[] bytes(String given) {
        return given.getBytes(
                charset.newEncoder().canEncode(given) ? charset : StandardCharsets.UTF_8);
    }
}
