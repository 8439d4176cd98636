// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.global.auth.AuthProtocol;

/// Speaks both sides of auth(8)'s protocol for users in memory: PLAIN, LOGIN, USER.
final class FakeAuth implements Closeable {
    private final ServerSocketChannel server;
    private final Path homes;
    private final Map<String, String> passwords = new ConcurrentHashMap<>();

    FakeAuth(Path socket, Path homes) throws IOException {
        this.homes = homes;
        Files.createDirectories(socket.getParent());
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    void user(String name, String password) {
        passwords.put(name, password);
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(client), StandardCharsets.UTF_8));
            var out = Channels.newOutputStream(client);
            var login = new String[1];
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                var words = AuthProtocol.split(line);
                switch (words.getFirst()) {
                    case "VERSION" -> {
                        say(out, List.of("VERSION", "1", "2"));
                        if (words.get(2).equals("1")) {
                            say(out, List.of("SPID", "1"));
                        }
                    }
                    case "CPID" -> {
                        say(out, List.of("MECH", "PLAIN", "plaintext"));
                        say(out, List.of("MECH", "LOGIN", "plaintext"));
                        say(out, List.of("SPID", "1"));
                        say(out, List.of("CUID", "1"));
                        say(out, List.of("COOKIE", "00000000000000000000000000000000"));
                        say(out, List.of("DONE"));
                    }
                    case "AUTH" -> auth(out, words, login);
                    case "CONT" -> cont(out, words, login);
                    case "USER" -> user(out, words.get(1), words.get(2));
                    default -> {}
                }
            }
        } catch (IOException e) {
            // gone
        }
    }

    private void auth(OutputStream out, List<String> words, String[] login) throws IOException {
        var id = words.get(1);
        var last = words.getLast();
        if (words.get(2).equals("LOGIN")) {
            login[0] = null;
            say(out, List.of("CONT", id, encode("Username:")));
        } else if (last.startsWith("resp=")) {
            plain(out, id, decode(last.substring(5)));
        } else {
            login[0] = "\0";
            say(out, List.of("CONT", id, ""));
        }
    }

    private void cont(OutputStream out, List<String> words, String[] login) throws IOException {
        var id = words.get(1);
        var text = decode(words.size() > 2 ? words.get(2) : "");
        if ("\0".equals(login[0])) {
            plain(out, id, text);
        } else if (login[0] == null) {
            login[0] = text;
            say(out, List.of("CONT", id, encode("Password:")));
        } else {
            plain(out, id, "\0" + login[0] + "\0" + text);
        }
    }

    private void plain(OutputStream out, String id, String response) throws IOException {
        var parts = response.split("\0", -1);
        boolean right = parts.length == 3 && parts[2].equals(passwords.get(parts[1]));
        var user = "user=" + (parts.length == 3 ? parts[1] : "");
        say(out, right ? List.of("OK", id, user) : List.of("FAIL", id, user));
    }

    private void user(OutputStream out, String id, String name) throws IOException {
        if (!passwords.containsKey(name)) {
            say(out, List.of("NOTFOUND", id));
            return;
        }
        say(out, List.of("USER", id, name, "uid=0", "gid=0", "home=" + homes.resolve(name)));
    }

    private static void say(OutputStream out, List<String> words) throws IOException {
        out.write(AuthProtocol.join(words).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
