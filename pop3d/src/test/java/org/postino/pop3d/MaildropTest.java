// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.MessageBytes;
import org.postino.mailstore.StoreOwner;
import org.postino.suite.Pop3dParams;

/// What TOP sends.
final class MaildropTest {
    private static final MaildropSettings SETTINGS =
            MaildropSettings.of(Config.of(Map.of(), Pop3dParams.ALL));

    @TempDir Path dir;

    /// A message that comes in pieces of a few octets, and never as a header in one piece.
    private record Streamed(String text, int piece) implements MessageBytes {
        @Override
        public long size() {
            return text.length();
        }

        @Override
        public InputStream stream(long offset) {
            var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
            in.skip(offset);
            return new InputStream() {
                @Override
                public int read() {
                    return in.read();
                }

                @Override
                public int read(byte[] into, int at, int length) {
                    return in.read(into, at, Math.min(length, piece));
                }
            };
        }

        @Override
        public byte[] header() {
            throw new AssertionError("a header may be as large as a message");
        }

        @Override
        public void close() {}
    }

    private String top(String text, int lines, int piece) throws IOException {
        try (var stores = new MailStores(Clock.systemUTC());
                var store =
                        stores.open(
                                new MailLocation.Maildir(dir.resolve("Maildir")),
                                StoreOwner.self());
                var maildrop = Maildrop.open(store, SETTINGS).orElseThrow()) {
            var out = new ByteArrayOutputStream();
            maildrop.sendTop(new Streamed(text, piece), lines, out);
            String sent = out.toString(StandardCharsets.ISO_8859_1);
            assertTrue(
                    maildrop.summary().startsWith("top=1/" + (sent.length() - ".\r\n".length())),
                    maildrop.summary());
            return sent;
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "a:b|c:d||1|2|3, 0, a:b|c:d||.|",
                "a:b|c:d||1|2|3, 2, a:b|c:d||1|2|.|",
                "a:b|c:d||1|2|3|, 9, a:b|c:d||1|2|3|.|",
                "a:b|c:d|||2, 1, a:b|c:d|||.|",
                "|1|2|, 1, |1|.|",
                "||1|, 0, |.|",
                "a:b|c:d|, 0, a:b|c:d|.|",
            })
    void topIsTheHeaderAndSoManyLines(String text, int lines, String expected) throws IOException {
        for (int piece : new int[] {1, 3, 1000}) {
            assertEquals(
                    expected.replace("|", "\r\n"), top(text.replace("|", "\r\n"), lines, piece));
        }
    }

    @Test
    void aHeaderThatDoesNotEndIsSentAsItComes() throws IOException {
        String header = "X-Junk: junk\r\n".repeat(100_000);
        assertEquals(header + ".\r\n", top(header, 0, 8192));
    }
}
