// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// A client that sends commands and gives back whole responses, literals included, a byte in each character.
///
/// It bears no NUL anywhere, and outside of literals nothing but ASCII (RFC 3501, 9).
final class TestClient implements Closeable {
    private static final int TIMEOUT = 20_000;

    private final Socket socket;
    private BufferedInputStream in;
    private OutputStream out;
    private int tags;

    /// @param responses without their CRLF, the tagged one (without its tag) last
    record Answer(List<String> responses) {
        String status() {
            return responses.getLast();
        }

        boolean isOk() {
            return status().startsWith("OK");
        }

        List<String> untagged() {
            return responses.subList(0, responses.size() - 1);
        }
    }

    TestClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
        response();
    }

    static TestClient login(int port) throws IOException {
        var client = new TestClient(port);
        client.ok("LOGIN bob secret");
        return client;
    }

    Answer ok(String command) throws IOException {
        var answer = command(command);
        if (!answer.isOk()) {
            throw new AssertionError(command + ": " + answer.status());
        }
        return answer;
    }

    Answer command(String command) throws IOException {
        var tag = "t" + ++tags;
        send(tag + " " + command + "\r\n");
        var responses = new ArrayList<String>();
        while (true) {
            var response = response();
            if (response.startsWith(tag + " ")) {
                responses.add(response.substring(tag.length() + 1));
                return new Answer(responses);
            }
            responses.add(response);
        }
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /// Goes over to compressed data (RFC 4978).
    void compress() throws IOException {
        ok("COMPRESS DEFLATE");
        in =
                new BufferedInputStream(
                        new InflaterInputStream(socket.getInputStream(), new Inflater(true)));
        out =
                new DeflaterOutputStream(
                        socket.getOutputStream(),
                        new Deflater(Deflater.BEST_COMPRESSION, true),
                        true);
    }

    /// Goes back to plain data.
    void plain() throws IOException {
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /// Sends bytes as they are, below any compression.
    void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /// APPEND with a literal that does not wait.
    Answer append(String mailbox, byte[] message) throws IOException {
        return ok(
                "APPEND "
                        + mailbox
                        + " \"05-Mar-2021 10:00:00 +0000\" {"
                        + message.length
                        + "+}\r\n"
                        + new String(message, StandardCharsets.ISO_8859_1));
    }

    String response() throws IOException {
        var text = new ByteArrayOutputStream();
        while (true) {
            int before = text.size();
            line(text);
            var line = text.toString(StandardCharsets.ISO_8859_1).substring(before);
            int size = literal(line);
            if (size < 0) {
                var whole = text.toString(StandardCharsets.ISO_8859_1);
                return whole.substring(0, whole.length() - 2);
            }
            byte[] literal = in.readNBytes(size);
            for (byte b : literal) {
                assertTrue(b != 0, text::toString);
            }
            text.write(literal);
        }
    }

    private void line(ByteArrayOutputStream text) throws IOException {
        int c;
        do {
            c = in.read();
            if (c < 0) {
                throw new EOFException("closed after: " + text);
            }
            assertTrue(c > 0 && c < 0x80, text + " then " + c);
            text.write(c);
        } while (c != '\n');
    }

    private static int literal(String line) {
        int open = line.lastIndexOf('{');
        if (open < 0 || !line.endsWith("}\r\n")) {
            return -1;
        }
        return Integer.parseInt(line.substring(open + 1, line.length() - 3));
    }

    /// The tokens of a response, whatever form their strings have.
    static List<String> tokens(String response) {
        var tokens = new ArrayList<String>();
        int i = 0;
        while (i < response.length()) {
            char c = response.charAt(i);
            if (c == '(' || c == ')') {
                tokens.add(String.valueOf(c));
                i++;
            } else if (c == ' ' || c == '\r' || c == '\n') {
                i++;
            } else if (c == '"') {
                var text = new StringBuilder("\"");
                i++;
                while (response.charAt(i) != '"') {
                    i += response.charAt(i) == '\\' ? 1 : 0;
                    text.append(response.charAt(i++));
                }
                i++;
                tokens.add(text.toString());
            } else if (c == '{') {
                int close = response.indexOf('}', i);
                int size = Integer.parseInt(response.substring(i + 1, close));
                tokens.add('"' + response.substring(close + 3, close + 3 + size));
                i = close + 3 + size;
            } else {
                int from = i;
                while (i < response.length() && " ()\"\r\n".indexOf(response.charAt(i)) < 0) {
                    i++;
                }
                tokens.add(response.substring(from, i));
            }
        }
        return tokens;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
