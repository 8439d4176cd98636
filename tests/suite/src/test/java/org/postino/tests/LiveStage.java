// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postino.kit.Await;
import org.postino.kit.FakeDns;
import org.postino.kit.Instance;
import org.postino.kit.Stage;

/// A conversation's stage on real processes: an instance of the whole suite, set up anew by a reload for each file that wants
/// other settings than the one before.
///
/// Its settings and users are those of the stage that the program's module plays the same files on.
final class LiveStage implements Stage {
    private static final Map<Integer, String> PROGRAMS =
            Map.of(25, "Smtpd", 143, "Imapd", 110, "Pop3d");

    /// An instance, and the main.cf that it has read last.
    static final class Scene {
        final Instance instance;
        private final String pristine;
        private String read;

        Scene(Instance instance) throws IOException {
            this.instance = instance;
            this.pristine = Files.readString(instance.directory().resolve("main.cf"));
            this.read = pristine;
        }

        /// Puts these settings in force in place of those of the file before.
        void set(List<String> settings, int service) throws IOException {
            var main = new StringBuilder();
            Set<String> names = settings.stream().map(LiveStage::name).collect(Collectors.toSet());
            pristine.lines()
                    .filter(line -> !names.contains(name(line)))
                    .forEach(line -> main.append(line).append('\n'));
            var last = new LinkedHashMap<String, String>();
            settings.forEach(setting -> last.put(name(setting), setting));
            last.values().forEach(setting -> main.append(setting).append('\n'));
            if (!main.toString().equals(read)) {
                read = main.toString();
                Files.writeString(instance.directory().resolve("main.cf"), read);
                List<ProcessHandle> before = instance.children(PROGRAMS.getOrDefault(service, ""));
                instance.hangup();
                // What has not left yet could still take our connection, with the settings of the
                // file before.
                Await.until(
                        "the old processes have left",
                        () -> before.stream().noneMatch(ProcessHandle::isAlive));
            }
        }
    }

    private final Scene scene;
    private final Instance instance;
    private final int service;
    private final List<String> settings;
    private boolean begun;
    private int logSeen;
    private @Nullable FakeDns dns;
    private String from = "";

    /// @param service the well-known port of the program under test
    /// @param passwords of the users alice and bob
    /// @param settings what main.cf says beside the file's own `param` lines
    LiveStage(Scene scene, int service, Map<String, String> passwords, List<String> settings)
            throws IOException {
        this.scene = scene;
        this.instance = scene.instance;
        this.service = service;
        this.settings = new ArrayList<>(settings);
        var users = new StringBuilder();
        passwords.forEach((user, password) ->
                users.append(user).append(":{PLAIN}").append(password).append(owner(user)));
        Files.writeString(instance.directory().resolve("passwd"), users);
        this.settings.add("auth_default_domain =");
        this.settings.add("auth_failure_delay = 0s");
    }

    private static String name(String line) {
        int equals = line.indexOf('=');
        return line.startsWith("#") || equals < 0 ? "" : line.substring(0, equals).strip();
    }

    private String owner(String user) {
        try {
            Path dir = instance.directory();
            return ":"
                    + Files.getAttribute(dir, "unix:uid")
                    + ":"
                    + Files.getAttribute(dir, "unix:gid")
                    + "::"
                    + home(user)
                    + "::\n";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path home(String user) {
        return instance.directory().resolve("mail").resolve(user);
    }

    @Override
    public void param(String name, String value) {
        settings.add(name + " = " + value);
    }

    @Override
    public Socket connect() throws IOException {
        begin();
        return from.isEmpty()
                ? instance.connect(service)
                : new Socket(
                        InetAddress.getLoopbackAddress(),
                        instance.port(service),
                        InetAddress.ofLiteral(from),
                        0);
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            logSeen = instance.logLines().size();
            scene.set(settings, service);
        }
    }

    @Override
    public List<String> log() throws IOException {
        List<String> events = instance.events();
        return events.subList(Math.min(logSeen, events.size()), events.size());
    }

    @Override
    public void directive(String word, String argument) throws IOException {
        switch (word) {
            case "queue" -> instance.awaitEmptyQueue();
            case "dns" -> dns(argument);
            case "anvil" -> {} // an instance has it
            case "from" -> from = argument;
            case "deliver" -> deliver(argument);
            case "files" ->
                    Await.until(
                            "files left: " + argument,
                            () -> letters(home("bob")) == Integer.parseInt(argument));
            case "tls" -> settings.removeIf(s -> s.startsWith("smtpd_tls_chain_files"));
            default -> throw new IOException("unknown directive " + word);
        }
    }

    /// `FOLDER NAME subject` as imapd's files say it, or `NAME text` as pop3d's do.
    private void deliver(String argument) throws IOException {
        Path maildir = home("bob").resolve("Maildir");
        String[] words = argument.split(" ", 3);
        boolean foldered =
                !Character.isDigit(words[0].charAt(0)); // a Maildir name begins with the time
        String name = foldered ? words[1] : words[0];
        String text =
                foldered
                        ? "Subject: " + words[2] + "\n\nbody of " + words[1] + "\n"
                        : argument.substring(name.length() + 1).replace("\\n", "\n");
        if (foldered && !words[0].equals("INBOX")) {
            maildir = maildir.resolve("." + words[0]);
        }
        for (String sub : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(sub));
        }
        Path temporary = maildir.resolve("tmp").resolve(name);
        Files.writeString(
                temporary, text, foldered ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        Files.move(temporary, maildir.resolve("new").resolve(name));
    }

    private static long letters(Path home) throws IOException {
        long count = 0;
        for (String folder : List.of("cur", "new")) {
            try (var files = Files.list(home.resolve("Maildir").resolve(folder))) {
                count += files.count();
            }
        }
        return count;
    }

    private void dns(String record) throws IOException {
        FakeDns server = dns;
        if (server == null) {
            server = FakeDns.start();
            dns = server;
            settings.add("dns_servers = " + server.address());
        }
        server.zone(record);
    }

    /// Leaves the queue and the mailboxes as they were found.
    @Override
    public void close() throws IOException {
        if (dns != null) {
            dns.close();
        }
        if (queued()) {
            instance.command("postsuper", "-d", "ALL").run().ok();
        }
        for (String user : List.of("alice", "bob")) {
            Await.until("the home is removed", () -> remove(home(user)));
        }
    }

    /// False if a session that is about to end has put something into it.
    private static boolean remove(Path home) throws IOException {
        try {
            Instance.deleteTree(home);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    private boolean queued() throws IOException {
        for (String queue : List.of("incoming", "active", "deferred", "hold", "corrupt")) {
            try (var files = Files.walk(instance.spool().resolve(queue))) {
                if (files.anyMatch(Files::isRegularFile)) {
                    return true;
                }
            } catch (UncheckedIOException e) {
                return true; // a file went while we looked
            }
        }
        return false;
    }
}
