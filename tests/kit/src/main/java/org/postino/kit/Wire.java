// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A client's end of a line protocol, for tests: text goes over as ISO-8859-1, a line must come within a minute.
public final class Wire implements Closeable {
    private static final int PATIENCE_MILLIS = 60_000;
    private Socket socket;
    private InputStream in;

    public Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public Socket socket() {
        return socket;
    }

    /// Goes on over another socket, as after STARTTLS.
    public void upgrade(Socket layered) throws IOException {
        socket = layered;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(layered.getInputStream());
    }

    /// Sends just this text: no line end is added.
    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /// Sends a command and returns the next line.
    public @Nullable String ask(String command) throws IOException {
        send(command + "\r\n");
        return line();
    }

    /// The next line without its CRLF, or null when the peer has closed; a line that ends in a bare LF is an error.
    public @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.write(c);
                if (c == '\n') {
                    return withoutEnd(line.toString(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (SocketException e) {
            return null; // a reset is as good as a close here
        }
        if (line.size() > 0) {
            throw new IOException(
                    "closed within a line: " + line.toString(StandardCharsets.ISO_8859_1));
        }
        return null;
    }

    /// Lines up to one that starts with `prefix`, that one included.
    public String linesTo(String prefix) throws IOException {
        var all = new StringBuilder();
        while (true) {
            String line = line();
            if (line == null) {
                throw new IOException("closed before " + prefix + " after:\n" + all);
            }
            all.append(line).append('\n');
            if (line.startsWith(prefix)) {
                return all.toString();
            }
        }
    }

    /// Lines up to a lone dot, which ends multi-line answers of POP3.
    public String linesToDot() throws IOException {
        var all = new StringBuilder();
        for (String line = line(); !".".equals(line); line = line()) {
            if (line == null) {
                throw new IOException("closed before the dot, after:\n" + all);
            }
            all.append(line).append('\n');
        }
        return all.toString();
    }

    /// `count` bytes, as a literal.
    public String bytes(int count) throws IOException {
        byte[] data = in.readNBytes(count);
        return new String(data, StandardCharsets.ISO_8859_1);
    }

    private static String withoutEnd(String line) throws IOException {
        if (!line.endsWith("\r\n")) {
            throw new IOException("line without CR: " + line);
        }
        return line.substring(0, line.length() - 2);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
