// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.tls.TlsServer;

/// A mail server that says what a test tells it to say, and writes down what it hears.
///
/// A reply is looked up by the whole command, then by its first word. The reply `CLOSE` closes the connection, `MUTE` says
/// nothing. The greeting's key is `CONNECT`, the key of the reply to a message is `.`.
final class FakeSmtp implements Closeable {
    private final ServerSocket listener;
    private final Map<String, String> replies = new ConcurrentHashMap<>();
    private final Map<String, String> single = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable TlsServer tls;
    private volatile Consumer<TlsServer.Secured> secured = _ -> {};
    private volatile boolean lmtp;
    private volatile boolean lenient;

    private FakeSmtp(ServerSocket listener) {
        this.listener = listener;
        on("CONNECT", "220 fake.test ESMTP");
        on("EHLO", "250-fake.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES");
        on("HELO", "250 fake.test");
        on("MAIL", "250 2.1.0 Ok");
        on("RCPT", "250 2.1.5 Ok");
        on("DATA", "354 go ahead");
        on(".", "250 2.0.0 Ok: queued as FAKE");
        on("RSET", "250 2.0.0 Ok");
        on("QUIT", "221 2.0.0 Bye");
    }

    /// Starts at an address of 127.0.0.0/8; port 0 takes a free one.
    static FakeSmtp start(String address, int port) throws IOException {
        var server = new FakeSmtp(new ServerSocket(port, 50, InetAddress.ofLiteral(address)));
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    FakeSmtp on(String command, String reply) {
        replies.put(command, reply);
        return this;
    }

    /// The next such command gets this reply, those after it the usual one.
    FakeSmtp once(String command, String reply) {
        single.put(command, reply);
        return this;
    }

    FakeSmtp tls(TlsServer server) {
        return tls(server, _ -> {});
    }

    /// @param sessions gets what each handshake agreed on
    FakeSmtp tls(TlsServer server, Consumer<TlsServer.Secured> sessions) {
        tls = server;
        secured = sessions;
        return this;
    }

    /// One final reply for each accepted recipient.
    FakeSmtp lmtp() {
        lmtp = true;
        return this;
    }

    /// Asks for a message even without a recipient.
    FakeSmtp lenient() {
        lenient = true;
        return this;
    }

    List<String> commands() {
        return List.copyOf(commands);
    }

    List<String> messages() {
        return List.copyOf(messages);
    }

    int connections() {
        return connections.get();
    }

    /// Cuts all connections.
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // The end.
            }
        }
    }

    private void serve(Socket accepted) {
        Socket socket = accepted;
        try {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            if (!say(socket, reply("CONNECT"))) {
                return;
            }
            int recipients = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                String verb = line.split(" ", 2)[0];
                String reply = reply(replies.containsKey(line) ? line : verb);
                if (verb.equals("RCPT") && reply.startsWith("250")) {
                    recipients++;
                }
                if (verb.equals("DATA") && recipients == 0 && !lenient) {
                    reply = "554 5.5.1 no valid recipients";
                }
                if (!say(socket, reply) || verb.equals("QUIT")) {
                    return;
                }
                var server = tls;
                if (verb.equals("STARTTLS") && reply.startsWith("220") && server != null) {
                    var handshake = server.handshake(socket);
                    secured.accept(handshake);
                    socket = handshake.socket();
                    in =
                            new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), ISO_8859_1));
                }
                if (verb.equals("DATA") && reply.startsWith("354")) {
                    receive(in);
                    for (int i = 0; i < (lmtp ? recipients : 1); i++) {
                        String key = "." + (i + 1);
                        if (!say(socket, reply(replies.containsKey(key) ? key : "."))) {
                            return;
                        }
                    }
                }
                recipients = verb.equals("MAIL") || verb.equals("DATA") ? 0 : recipients;
            }
        } catch (IOException e) {
            // The client left.
        } finally {
            try {
                socket.close();
            } catch (IOException e) {
                // It is closed.
            }
        }
    }

    private void receive(BufferedReader in) throws IOException {
        var text = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(".")) {
                messages.add(text.toString());
                return;
            }
            text.append(line).append('\n');
        }
        throw new IOException("lost");
    }

    private String reply(String key) {
        String once = single.remove(key);
        return once != null
                ? once
                : replies.getOrDefault(key, "502 5.5.2 Error: command not recognized");
    }

    /// Says a reply; false if the connection ends instead.
    private static boolean say(Socket socket, String reply) throws IOException {
        if (reply.equals("CLOSE")) {
            return false;
        }
        if (!reply.equals("MUTE")) {
            OutputStream out = socket.getOutputStream();
            out.write((reply + "\r\n").getBytes(ISO_8859_1));
            out.flush();
        }
        return true;
    }
}
