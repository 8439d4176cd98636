// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A filter before the queue for tests: notes what it hears, and replies as it is told.
final class FakeFilter implements Closeable {
    /// In place of a reply: the connection is closed.
    static final String CLOSE = "close";

    private final ServerSocket socket;

    /// All lines so far, of content too.
    final List<String> heard = new CopyOnWriteArrayList<>();

    /// Replies by the beginning of a command, `.` for the end of the content, `:` for its second line.
    final Map<String, String> replies = new ConcurrentHashMap<>();

    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    FakeFilter() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// `127.0.0.1:PORT`.
    String place() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed, at the end
        }
    }

    private void serve(Socket client) {
        try (client;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8));
                OutputStream out = client.getOutputStream()) {
            if (!say(out, reply("greeting", "220 filter.test ESMTP"))) {
                return;
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line);
                if (!say(out, reply(line, usual(line)))) {
                    return;
                }
                if (line.equals("DATA") && !replies.containsKey("DATA")) {
                    if (!content(in) || !say(out, reply(".", "250 2.0.0 Ok: queued as F1"))) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the client is gone
        } finally {
            ended.incrementAndGet();
        }
    }

    private boolean content(BufferedReader in) throws IOException {
        int lines = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heard.add(line);
            if (line.equals(".")) {
                return true;
            }
            if (++lines == 2 && replies.containsKey(":")) {
                return false;
            }
        }
        return false;
    }

    private static String usual(String line) {
        if (line.startsWith("EHLO")) {
            return "250-filter.test\n250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\n250-SIZE\n250"
                    + " DSN";
        }
        return line.equals("DATA") ? "354 go on" : line.equals("QUIT") ? "221 bye" : "250 2.0.0 Ok";
    }

    private String reply(String line, String usual) {
        for (var entry : replies.entrySet()) {
            if (line.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return usual;
    }

    private static boolean say(OutputStream out, String reply) throws IOException {
        if (reply.equals(CLOSE)) {
            return false;
        }
        String text = reply.replace("\n", "\r\n") + (reply.isEmpty() ? "" : "\r\n");
        out.write(text.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
