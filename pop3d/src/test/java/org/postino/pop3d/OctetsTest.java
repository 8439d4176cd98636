// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postino.kit.ReaderStage;

/// STAT, LIST and RETR announce what RETR sends, whatever octets a message has.
@Timeout(60)
final class OctetsTest {
    private static final List<String> LETTERS =
            List.of(
                    "Subject: a\n\nx\ry\n",
                    "Subject: a\r\n\r\nx\ry\r\r\n.\r.\r\n",
                    "Subject: a\n\nx\0y\n.z\n..\n",
                    "Subject: a\n\n\r\n\r\r\n\n\r\n",
                    "\r",
                    "Subject: no end\n\nx",
                    "Subject: ends in CR\n\nx\r");

    @Test
    void announcedIsSent() throws Exception {
        try (var lab = Lab.open()) {
            for (int i = 0; i < LETTERS.size(); i++) {
                ReaderStage.deliver(
                        lab.maildir("bob"),
                        (1700000000 + i) + ".M1P1.h",
                        LETTERS.get(i).getBytes(StandardCharsets.ISO_8859_1));
            }
            try (var client = lab.connect()) {
                var in = new BufferedInputStream(client.getInputStream());
                line(in);
                assertTrue(ask(client, in, "USER bob").startsWith("+OK"));
                assertTrue(ask(client, in, "PASS secret").startsWith("+OK"));
                long total = 0;
                for (int n = 1; n <= LETTERS.size(); n++) {
                    int size = Integer.parseInt(ask(client, in, "LIST " + n).split(" ")[2]);
                    total += size;
                    assertEquals("+OK " + size + " octets", ask(client, in, "RETR " + n));
                    var expected = crlf(LETTERS.get(n - 1));
                    assertEquals(size, expected.length());
                    assertEquals(expected + (expected.endsWith("\n") ? "" : "\r\n"), multiline(in));
                }
                assertEquals("+OK " + LETTERS.size() + " " + total, ask(client, in, "STAT"));
                assertTrue(ask(client, in, "QUIT").startsWith("+OK"));
            }
        }
    }

    private static String ask(Socket client, InputStream in, String command) throws IOException {
        client.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        var answer = line(in);
        return answer.substring(0, answer.length() - 2);
    }

    private static String line(InputStream in) throws IOException {
        var text = new ByteArrayOutputStream();
        int c = 0;
        while (c != '\n') {
            c = in.read();
            assertTrue(c >= 0, "the connection was closed");
            text.write(c);
        }
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    /// The lines of a response as RFC 1939 has them: they end in LF, and a dot before a dot is none.
    private static String multiline(InputStream in) throws IOException {
        var text = new StringBuilder();
        while (true) {
            var line = line(in);
            if (line.equals(".\r\n")) {
                return text.toString();
            }
            text.append(line.startsWith(".") ? line.substring(1) : line);
        }
    }

    private static String crlf(String text) {
        return text.replaceAll("(?<!\r)\n", "\r\n");
    }

    @Test
    void chunksMakeNoDifference() throws IOException {
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(List.of(".", "\r", "\r\n", "\0", "x").get(random.nextInt(5)));
            }
            byte[] bytes = crlf(text.toString()).getBytes(StandardCharsets.ISO_8859_1);
            var sent = new ByteArrayOutputStream();
            var out = new ContentWriter(sent);
            int at = 0;
            while (at < bytes.length) {
                int piece = 1 + random.nextInt(bytes.length - at);
                out.write(bytes, at, piece);
                at += piece;
            }
            out.finish();
            var expected = new String(bytes, StandardCharsets.ISO_8859_1);
            expected += expected.isEmpty() || expected.endsWith("\n") ? "" : "\r\n";
            assertEquals(
                    expected,
                    multiline(new ByteArrayInputStream(sent.toByteArray())),
                    "seed " + seed);
        }
    }
}
