// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Speaks both sides of auth(8)'s protocol for users in memory: PLAIN, LOGIN, APOP, USER and LIST. Names must not need escaping.
public final class FakeAuth implements Closeable {
    private final ServerSocketChannel server;
    private final Path homes;
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<String, String> fields = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private volatile boolean failing;

    /// Listens at `socket`; the home of a user is `homes`/NAME.
    public FakeAuth(Path socket, Path homes) throws IOException {
        this.homes = homes;
        Path parent = socket.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    /// Adds a user.
    public void user(String name, String password) {
        passwords.put(name, password);
    }

    /// Adds a user whose answer bears these further fields, separated by TAB: `mail=maildir:/x`, `uid=1000`.
    public void user(String name, String password, String more) {
        passwords.put(name, password);
        fields.put(name, more);
    }

    /// Answers every question with a temporary failure from now on, or no more.
    public void failing(boolean now) {
        failing = now;
    }

    /// The number of users that were looked up.
    public int lookups() {
        return lookups.get();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
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
            OutputStream out = Channels.newOutputStream(client);
            var given = new ConcurrentHashMap<String, String>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split("\t", -1);
                switch (words[0]) {
                    case "VERSION" -> version(out, words);
                    case "CPID" ->
                            say(
                                    out,
                                    """
                                    MECH\tPLAIN\tplaintext
                                    MECH\tLOGIN\tplaintext
                                    SPID\t1
                                    CUID\t1
                                    COOKIE\t00000000000000000000000000000000
                                    DONE\
                                    """);
                    case "AUTH" -> auth(out, words, given);
                    case "CONT" -> cont(out, words, given);
                    case "USER" -> user(out, words[1], words[2]);
                    case "LIST" -> list(out, words[1]);
                    default -> {}
                }
            }
        } catch (IOException e) {
            // gone
        }
    }

    private void list(OutputStream out, String id) throws IOException {
        for (String name : new TreeSet<>(passwords.keySet())) {
            say(out, "LIST\t" + id + "\t" + name);
        }
        say(out, failing ? "DONE\t" + id + "\tfail" : "DONE\t" + id);
    }

    private static void version(OutputStream out, String[] words) throws IOException {
        say(out, words[2].equals("1") ? "VERSION\t1\t2\nSPID\t1" : "VERSION\t1\t2");
    }

    private void auth(OutputStream out, String[] words, Map<String, String> given)
            throws IOException {
        String last = words[words.length - 1];
        if (failing) {
            say(out, "FAIL\t" + words[1] + "\tcode=temp_fail");
        } else if (words[2].equals("APOP")) {
            apop(out, words[1], Base64.getDecoder().decode(last.substring(5)));
        } else if (words[2].equals("LOGIN")) {
            given.put(words[1], "login");
            say(out, "CONT\t" + words[1] + "\t" + encode("Username:"));
        } else if (last.startsWith("resp=")) {
            plain(out, words[1], decode(last.substring(5)));
        } else {
            given.put(words[1], "plain");
            say(out, "CONT\t" + words[1] + "\t");
        }
    }

    private void cont(OutputStream out, String[] words, Map<String, String> given)
            throws IOException {
        String text = decode(words.length > 2 ? words[2] : "");
        String state = given.getOrDefault(words[1], "plain");
        if (state.equals("plain")) {
            plain(out, words[1], text);
        } else if (state.equals("login")) {
            given.put(words[1], "user " + text);
            say(out, "CONT\t" + words[1] + "\t" + encode("Password:"));
        } else {
            plain(out, words[1], "\0" + state.substring(5) + "\0" + text);
        }
    }

    private void plain(OutputStream out, String id, String response) throws IOException {
        String[] parts = response.split("\0", -1);
        boolean right = parts.length == 3 && parts[2].equals(passwords.get(parts[1]));
        String user = parts.length == 3 ? parts[1] : "";
        say(out, (right ? "OK\t" : "FAIL\t") + id + "\tuser=" + user);
    }

    /// Timestamp, user and digest with NUL between them.
    private void apop(OutputStream out, String id, byte[] response) throws IOException {
        int digest = response.length - 16;
        String[] parts =
                new String(response, 0, digest - 1, StandardCharsets.UTF_8).split("\0", -1);
        byte[] expected = md5(parts[0] + passwords.getOrDefault(parts[1], ""));
        boolean right =
                passwords.containsKey(parts[1])
                        && Arrays.equals(response, digest, response.length, expected, 0, 16);
        say(out, (right ? "OK\t" : "FAIL\t") + id + "\tuser=" + parts[1]);
    }

    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private void user(OutputStream out, String id, String name) throws IOException {
        lookups.incrementAndGet();
        if (failing) {
            say(out, "FAIL\t" + id);
        } else if (!passwords.containsKey(name)) {
            say(out, "NOTFOUND\t" + id);
        } else {
            String more = fields.getOrDefault(name, "uid=0\tgid=0");
            String ids = more.contains("uid=") ? more : "uid=0\tgid=0\t" + more;
            say(out, "USER\t" + id + "\t" + name + "\thome=" + homes.resolve(name) + "\t" + ids);
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
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
