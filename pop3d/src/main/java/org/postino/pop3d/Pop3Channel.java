// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;

/// Lines in, replies out. Replies are kept back while the client has sent ahead, so that a pipeline costs one packet.
final class Pop3Channel {
    /// Long enough for the base64 of any password (RFC 5034, 4).
    private static final int MAX_LINE = 8192;

    private final Connection connection;
    private long in;
    private long out;

    Pop3Channel(Connection connection) {
        this.connection = connection;
    }

    /// The next line without its end; null at the end of the connection.
    ///
    /// @throws LineTooLongException the line was thrown away
    @Nullable String line() throws IOException {
        if (!connection.in().hasBuffered()) {
            connection.out().flush();
        }
        byte[] line = connection.in().readLine(MAX_LINE);
        in += line.length;
        int end = line.length;
        if (end == 0 || line[end - 1] != '\n') {
            return null;
        }
        end--;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /// True if the client has sent a whole line ahead, so that [#line()] waits for nobody.
    boolean hasLine() {
        byte[] buffer = connection.in().buffer();
        for (int i = connection.in().position(); i < connection.in().limit(); i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    void ok(String text) throws IOException {
        send(text.isEmpty() ? "+OK" : "+OK " + text);
    }

    void error(String text) throws IOException {
        send("-ERR " + text);
    }

    /// One line of a reply.
    void send(String text) throws IOException {
        byte[] bytes = (text + "\r\n").getBytes(StandardCharsets.UTF_8);
        out += bytes.length;
        connection.out().write(bytes);
    }

    /// A reply of several lines, none of which begins with a dot (RFC 1939, 3).
    void lines(String text, List<String> lines) throws IOException {
        ok(text);
        for (String line : lines) {
            send(line);
        }
        send(".");
    }

    void flush() throws IOException {
        connection.out().flush();
    }

    /// The stream for content; what is written to it is counted.
    OutputStream content() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                out++;
                connection.out().write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out += length;
                connection.out().write(bytes, offset, length);
            }
        };
    }

    long bytesIn() {
        return in;
    }

    long bytesOut() {
        return out;
    }
}
