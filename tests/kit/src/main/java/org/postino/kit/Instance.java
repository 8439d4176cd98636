// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A throw-away instance of the whole suite, as real processes of the image, on free loopback ports.
///
/// The image is found through the system property `postino.root`, the top of the source tree.
public final class Instance implements AutoCloseable {
    public static final String DOMAIN = "mx.test";
    private static final int[] WELL_KNOWN = {25, 110, 143, 465, 587, 993, 995};

    private final Path dir;
    private final int base;

    private Instance(Path dir, int base) {
        this.dir = dir;
        this.base = base;
    }

    /// Makes an instance in an empty or missing directory; nothing runs yet.
    public static Instance create(Path dir) throws IOException {
        return create(dir, DOMAIN);
    }

    public static Instance create(Path dir, String domain) throws IOException {
        int base = freeBase();
        image("postino", "create", dir.toString(), "--port-base", "" + base, "--domain", domain)
                .run()
                .ok();
        return new Instance(dir, base);
    }

    /// A command of the image.
    public static Command image(String name, String... arguments) {
        var words = new ArrayList<String>();
        words.add(imageDirectory().resolve("bin").resolve(name).toString());
        words.addAll(List.of(arguments));
        return new Command(words.toArray(String[]::new));
    }

    public static Path imageDirectory() {
        return root().resolve("packaging/target/image");
    }

    /// The top of the source tree.
    public static Path root() {
        return Path.of(System.getProperty("postino.root", ".")).toAbsolutePath().normalize();
    }

    public Path directory() {
        return dir;
    }

    public Path spool() {
        return dir.resolve("spool");
    }

    /// The port of a service, by its well-known number: `port(25)`.
    public int port(int wellKnown) {
        return base + wellKnown;
    }

    /// A command of the image with `-c DIR` (`-C DIR` for sendmail and mailq) before its arguments.
    public Command command(String name, String... arguments) {
        var words = new ArrayList<String>();
        words.add(name.equals("sendmail") || name.equals("mailq") ? "-C" : "-c");
        words.add(dir.toString());
        words.addAll(List.of(arguments));
        return image(name, words.toArray(String[]::new));
    }

    public Instance user(String address, String password) throws IOException {
        command("postuser", "add", address, "--password", password).run().ok();
        return this;
    }

    /// Sets parameters in main.cf: `set("name = value", ...)`; effective at the next start or reload.
    public Instance set(String... settings) throws IOException {
        var words = new ArrayList<String>();
        words.add("-e");
        words.addAll(List.of(settings));
        command("postconf", words.toArray(String[]::new)).run().ok();
        return this;
    }

    public Instance start() throws IOException {
        command("postino", "start").run().ok();
        return this;
    }

    public void reload() throws IOException {
        command("postino", "reload").run().ok();
    }

    /// Reloads by a signal, which costs no program's start.
    public void hangup() throws IOException {
        long before = reloads();
        new Command("kill", "-HUP", Long.toString(masterProcess())).run().ok();
        Await.until("a reload", Duration.ofSeconds(60), () -> reloads() > before, this::tail);
    }

    private long reloads() throws IOException {
        return events().stream().filter(event -> event.startsWith("reload -- version ")).count();
    }

    public void stop() throws IOException {
        command("postino", "stop").run().ok();
    }

    public Socket connect(int wellKnown) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(wellKnown));
    }

    public Wire wire(int wellKnown) throws IOException {
        return new Wire(connect(wellKnown));
    }

    /// The log file's lines, whole.
    public List<String> logLines() throws IOException {
        Path log = dir.resolve("log/mail.log");
        return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of();
    }

    /// The log's events without time, host and program.
    public List<String> events() throws IOException {
        return logLines().stream().map(Instance::event).toList();
    }

    private static String event(String line) {
        int end = line.indexOf("]: ");
        return end < 0 ? line : line.substring(end + 3);
    }

    /// Waits for a log line that contains the text, and returns the newest such line.
    public String awaitLog(String text) {
        var found = new ArrayList<String>();
        Await.until(
                "log: " + text,
                Duration.ofSeconds(60),
                () -> {
                    logLines().stream().filter(l -> l.contains(text)).forEach(found::add);
                    return !found.isEmpty();
                },
                this::tail);
        return found.getLast();
    }

    private String tail() {
        try {
            List<String> lines = logLines();
            return "\n"
                    + String.join(
                            "\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Sends a letter through port 25 and returns its queue id.
    public String send(String from, String to, String text) throws IOException {
        try (var smtp = wire(25)) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            smtp.linesTo("250 ");
            expect(smtp.ask("MAIL FROM:<" + from + ">"), "250 ");
            expect(smtp.ask("RCPT TO:<" + to + ">"), "250 ");
            expect(smtp.ask("DATA"), "354 ");
            String reply = expect(smtp.ask(text.replace("\n", "\r\n") + "\r\n."), "250 ");
            smtp.ask("QUIT");
            return reply.substring(reply.lastIndexOf(' ') + 1);
        }
    }

    private static String expect(@Nullable String reply, String prefix) {
        if (reply == null || !reply.startsWith(prefix)) {
            throw new AssertionError("expected " + prefix + " got " + reply);
        }
        return reply;
    }

    /// Waits until `postqueue -p` says that the queue is empty. It is not run while there are files that it would list, as it
    /// needs the processor that the daemons need.
    public void awaitEmptyQueue() {
        Await.until(
                "queue is empty",
                Duration.ofSeconds(90),
                () ->
                        !hasFiles("active")
                                && !hasFiles("deferred")
                                && command("postqueue", "-p")
                                        .run()
                                        .out()
                                        .contains("Mail queue is empty"),
                this::tail);
    }

    private boolean hasFiles(String queue) throws IOException {
        try (Stream<Path> files = Files.walk(spool().resolve(queue))) {
            return files.anyMatch(Files::isRegularFile);
        }
    }

    /// The Maildir of a user of the instance's domain.
    public Path maildir(String address) {
        int at = address.indexOf('@');
        return dir.resolve("mail")
                .resolve(address.substring(at + 1))
                .resolve(address.substring(0, at))
                .resolve("Maildir");
    }

    /// The messages in `new` and `cur` of a user's INBOX.
    public List<Path> inbox(String address) throws IOException {
        var all = new ArrayList<Path>();
        for (String folder : List.of("new", "cur")) {
            Path path = maildir(address).resolve(folder);
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    files.forEach(all::add);
                }
            }
        }
        return all;
    }

    /// Process ids of a program of this instance, from `postino status -j`.
    public Optional<Long> processOf(String service) throws IOException {
        String table = command("postino", "status").run().out();
        for (String line : table.split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words[0].equals(service)) {
                for (String word : words) {
                    if (word.matches("\\d{2,}")
                            && ProcessHandle.of(Long.parseLong(word)).isPresent()) {
                        return Optional.of(Long.parseLong(word));
                    }
                }
            }
        }
        return Optional.empty();
    }

    public long masterProcess() throws IOException {
        return Long.parseLong(Files.readString(spool().resolve("pid/master.pid")).strip());
    }

    /// The instance's processes: master and its children.
    public List<ProcessHandle> processes() throws IOException {
        var all = new ArrayList<ProcessHandle>();
        ProcessHandle.of(masterProcess())
                .ifPresent(master -> {
                    all.add(master);
                    master.descendants().forEach(all::add);
                });
        return all;
    }

    /// The children whose command line runs this program: `children("Smtpd")`.
    public List<ProcessHandle> children(String mainClass) throws IOException {
        var all = new ArrayList<ProcessHandle>();
        for (ProcessHandle child : processes()) {
            Path line = Path.of("/proc", "" + child.pid(), "cmdline");
            if (Files.exists(line)
                    && Files.readString(line, StandardCharsets.ISO_8859_1)
                            .toLowerCase(Locale.ROOT)
                            .contains("." + mainClass.toLowerCase(Locale.ROOT) + "\0")) {
                all.add(child);
            }
        }
        return all;
    }

    /// A base at which all ports of an instance are free now. They are below those that Linux gives to clients and to
    /// whoever asks for any port, who could take one before the instance has started.
    public static int freeBase() throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            int base = 10_000 + ThreadLocalRandom.current().nextInt(217) * 100;
            if (allFree(base)) {
                return base;
            }
        }
        throw new IOException("no free ports");
    }

    private static boolean allFree(int base) {
        for (int port : WELL_KNOWN) {
            try (var probe = new ServerSocket(base + port, 1, InetAddress.getLoopbackAddress())) {
                if (!probe.isBound()) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /// Stops what runs and removes the directory.
    @Override
    public void close() throws IOException {
        if (Files.exists(spool().resolve("pid/master.pid"))) {
            command("postino", "stop").run();
        }
        deleteTree(dir);
    }

    /// Removes a directory with all that is in it; nothing happens if there is none.
    public static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top)) {
            return;
        }
        try (Stream<Path> all = Files.walk(top)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }
}
