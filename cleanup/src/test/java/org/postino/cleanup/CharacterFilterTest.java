// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterFilterTest {
    /// The text that comes through, and behind a bar the lines that were rejected; in pieces of `step` bytes.
    private static String through(String reject, String strip, String text, int step)
            throws IOException {
        var out = new ByteArrayOutputStream();
        var lines = new StringBuilder();
        var filter =
                new CharacterFilter(
                        new CharacterRules(reject, strip),
                        new CharacterFilter.Next() {
                            @Override
                            public void content(byte[] bytes, int offset, int length) {
                                out.write(bytes, offset, length);
                            }

                            @Override
                            public void rejected(String line) {
                                lines.append(line);
                            }
                        });
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i += step) {
            filter.content(bytes, i, Math.min(step, bytes.length - i));
        }
        filter.end();
        return out.toString(StandardCharsets.ISO_8859_1) + "|" + lines;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; ''; abc; abc|",
                "''; b; abcb; ac|",
                "''; \\142; abc; ac|",
                "''; \\r\\n; a<r>b<r><n><n>c<r>; ab<r><n><n>c|",
                "''; \\t\\\\; a<t>b\\c; abc|",
                "''; \\x; axb; ab|",
                "''; \\0; a<0>b; ab|",
                "''; \\0012; a<1>b2; ab|",
            })
    void whatIsStrippedIsLeftOutWhateverThePieces(
            String reject, String strip, String text, String expected) throws IOException {
        for (int step : new int[] {1, 2, 3, 100}) {
            assertEquals(
                    bytes(expected), through(reject, strip, bytes(text), step), "step " + step);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "b; ''; a<n>xby<r><n>; a<n>xby<r><n>|xby",
                "\\r; ''; a<r><n>b<r>c; a<r><n>b<r>c|b",
                "o; o; o; |o",
            })
    void whatIsRejectedIsTold(String reject, String strip, String text, String expected)
            throws IOException {
        assertEquals(bytes(expected), through(reject, strip, bytes(text), 100));
    }

    private static String bytes(String text) {
        return text.replace("<r>", "\r")
                .replace("<n>", "\n")
                .replace("<t>", "\t")
                .replace("<0>", "\0")
                .replace("<1>", "\u0001");
    }
}
