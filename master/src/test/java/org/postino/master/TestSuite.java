// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postino.kit.Await;
import org.postino.kit.FreePort;

/// A master process of its own in a directory, with stand-ins for the daemons.
final class TestSuite implements AutoCloseable {
    private final Path dir;
    private final int port;
    private String classPath = MasterProcess.classPath();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> options = standIns();
    private @Nullable MasterProcess master;

    TestSuite(Path dir) throws IOException {
        this.dir = dir;
        this.port = FreePort.find();
        Files.createDirectories(dir);
        mainCf();
        smtpd("-", 2, "");
    }

    int port() {
        return port;
    }

    Path spool() {
        return dir.resolve("spool");
    }

    /// Writes main.cf with these lines beside the usual ones.
    TestSuite mainCf(String... more) throws IOException {
        var lines = new ArrayList<String>();
        lines.add("queue_directory = " + spool());
        lines.add("data_directory = " + dir.resolve("data"));
        lines.add("maillog_file = " + dir.resolve("mail.log"));
        lines.add("maillog_file_prefixes = " + dir);
        lines.add("maillog_file_permissions = 0644");
        lines.add("myhostname = mx.example.test");
        lines.add("mail_owner = " + System.getProperty("user.name"));
        lines.addAll(List.of(more));
        Files.write(dir.resolve("main.cf"), lines);
        return this;
    }

    /// Writes master.cf.
    TestSuite rows(String... rows) throws IOException {
        Files.write(dir.resolve("master.cf"), List.of(rows));
        return this;
    }

    /// The usual row with other columns: unprivileged, maximum, options.
    TestSuite smtpd(String unprivileged, int maximum, String options) throws IOException {
        return rows(
                "127.0.0.1:"
                        + port
                        + " inet n "
                        + unprivileged
                        + " n - "
                        + maximum
                        + " smtpd "
                        + options);
    }

    /// Sets a variable of master's environment.
    void environment(String name, String value) {
        environment.put(name, value);
    }

    /// Adds an option of master's Java machine.
    void option(String option) {
        options.add(option);
    }

    /// The options of a Java machine that put stand-ins in the place of the daemons.
    static List<String> standIns() {
        return Stream.of("Smtpd", "Qmgr", "Pickup", "Auth")
                .map(program ->
                        "-Dpostino.program."
                                + program.toLowerCase(Locale.ROOT)
                                + "=org.postino.master.StandIn"
                                + program)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /// Runs master until it is ready; what it says otherwise is the result.
    String start() throws IOException {
        var builder = new ProcessBuilder(MasterProcess.command(classPath, options, dir));
        builder.environment().putAll(environment);
        var started = MasterProcess.start(builder, dir.resolve("stderr"));
        master = started;
        return started.awaitReady();
    }

    /// Takes the classes from where other users can read them.
    TestSuite readableForAll() throws IOException {
        Path lib = dir.resolve("lib");
        classPath = MasterProcess.copyClassPath(lib, lib);
        return this;
    }

    Process master() {
        if (master == null) {
            throw new IllegalStateException("not started");
        }
        return master.process();
    }

    /// Asks master over its socket; the answer's lines, the last of which is `ok` or `failed`.
    List<String> ask(String request) throws IOException {
        try (var control = new Control(spool().resolve("private/master"))) {
            control.say(request);
            control.channel().shutdownOutput();
            return control.answer();
        }
    }

    /// Opens a connection to master's socket that master has accepted, for a request at a chosen moment.
    Control control() throws IOException {
        var control = new Control(spool().resolve("private/master"));
        control.say("log\tinfo\ttest\t1\tmaster listens to the test");
        awaitLog("master listens to the test");
        return control;
    }

    /// A connection to master's socket.
    record Control(SocketChannel channel) implements AutoCloseable {
        Control(Path socket) throws IOException {
            this(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        }

        void say(String line) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }

        /// The lines of the answer, the last of which is `ok` or `failed`.
        List<String> answer() throws IOException {
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            return List.of(new String(answer, StandardCharsets.UTF_8).split("\n"));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// The fields of a service's line in the status: service type program state pid sessions starts uptime.
    List<String> status(String program) {
        try {
            for (String line : ask("status")) {
                List<String> fields = List.of(line.split("\t", -1));
                if (fields.size() > 2 && fields.get(2).equals(program)) {
                    return fields;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no " + program);
    }

    String state(String program) {
        return status(program).get(3);
    }

    List<String> log() {
        try {
            Path file = dir.resolve("mail.log");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean logged(String text) {
        return log().stream().anyMatch(line -> line.contains(text));
    }

    void awaitLog(String text) {
        Await.until("log: " + text, () -> logged(text));
    }

    /// Suspends a process, until it is resumed.
    static void suspend(long pid) throws Exception {
        signal("STOP", pid);
        Await.until("every thread of the process is stopped", () -> isSuspended(pid));
    }

    static void resume(long pid) throws Exception {
        signal("CONT", pid);
    }

    /// Tells whether all threads of a process are stopped. A signal stops the thread that it is
    /// given to, and that thread the others: under load the process still works for a moment.
    private static boolean isSuspended(long pid) throws IOException {
        try (var threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    Client connect() throws IOException {
        return new Client(port);
    }

    /// One session with the stand-in smtpd.
    static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;

        Client(int port) throws IOException {
            this(InetAddress.getLoopbackAddress(), port);
        }

        Client(InetAddress host, int port) throws IOException {
            socket = new Socket();
            socket.connect(new InetSocketAddress(host, port));
            socket.setSoTimeout(60_000);
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            out = socket.getOutputStream();
        }

        String line() throws IOException {
            return String.valueOf(in.readLine());
        }

        /// The greeting, which bears the daemon's process number.
        int greeting() throws IOException {
            String line = line();
            if (!line.startsWith("220 ")) {
                throw new IOException("greeting: " + line);
            }
            return Integer.parseInt(line.split(" ")[1]);
        }

        void say(String text) throws IOException {
            out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        String ask(String text) throws IOException {
            say(text);
            return line();
        }

        boolean hasInput() throws IOException {
            return socket.getInputStream().available() > 0 || in.ready();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (master != null && master.process().isAlive()) {
            ask("stop");
            master.awaitEnd();
        }
    }
}
