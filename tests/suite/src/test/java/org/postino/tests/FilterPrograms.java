// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.FreePort;

/// Filters of Debian's beside an instance, with the settings of the resources' directory `peers`. If root runs the tests they are
/// nobody's, and can write their home alone. Closing ends them, and what they have started.
final class FilterPrograms implements AutoCloseable {
    private static final Path SETTINGS = Path.of("src/test/resources/peers").toAbsolutePath();

    private final Path dir;
    private final boolean root;
    private final List<Process> running = new ArrayList<>();

    /// Makes the directories `conf` and `home` in one that is there.
    FilterPrograms(Path dir) throws IOException {
        this.dir = dir;
        root = new Command("id", "-u").run().ok().out().strip().equals("0");
        directory(dir, "rwxr-xr-x");
        directory(dir.resolve("conf"), "rwxr-xr-x");
        directory(dir.resolve("conf/spamassassin"), "rwxr-xr-x");
        directory(home(), "rwxrwxrwx");
        Files.writeString(dir.resolve("conf/domains"), "test\n");
        Files.writeString(dir.resolve("conf/nobody"), "");
    }

    private static void directory(Path path, String mode) throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /// Skips the test if a program is missing.
    static void assumeThere(String program, String debianPackage) {
        assumeTrue(Command.exists(program), debianPackage + " is not installed");
    }

    /// Where filters keep what they write.
    Path home() {
        return dir.resolve("home");
    }

    String user() {
        return root ? "nobody" : System.getProperty("user.name");
    }

    String group() throws IOException {
        return root ? "nogroup" : new Command("id", "-gn").run().ok().out().strip();
    }

    /// Copies a file of settings to where filters can read it.
    ///
    /// @param words names and values: `@NAME@` in the file becomes the value; `HOME` and `CONF` are known
    Path settings(String name, String as, String... words) throws IOException {
        String text =
                Files.readString(SETTINGS.resolve(name))
                        .replace("@HOME@", home().toString())
                        .replace("@CONF@", dir.resolve("conf").toString());
        for (int i = 0; i < words.length; i += 2) {
            text = text.replace("@" + words[i] + "@", words[i + 1]);
        }
        return Files.writeString(dir.resolve("conf").resolve(as), text);
    }

    /// Starts a clamd that knows the test's signature alone, for its socket `clamd.sock` in the filters' home.
    void startClamd() throws IOException {
        assumeThere("clamd", "clamav-daemon");
        settings("marker.ndb", "marker.ndb");
        Path socket = home().resolve("clamd.sock");
        start("clamd", "-c", settings("clamd.conf", "clamd.conf").toString());
        await("clamd", () -> Files.exists(socket));
    }

    /// Rules for SpamAssassin; their directory.
    Path rulesOfSpamAssassin() throws IOException {
        settings("spamassassin.pre", "spamassassin/init.pre");
        settings("spamassassin.cf", "spamassassin/local.cf");
        return dir.resolve("conf/spamassassin");
    }

    /// Starts a spamd with the test's rules; its port.
    int startSpamd() throws IOException {
        assumeThere("spamd", "spamd");
        String rules = rulesOfSpamAssassin().toString();
        int port = FreePort.find();
        startAt(
                port,
                "spamd",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--local",
                "--nouser-config",
                "--max-children=1",
                "--configpath=" + rules,
                "--siteconfigpath=" + rules,
                "--syslog=stderr");
        return port;
    }

    /// Starts a program, and waits until it listens at a port of this machine.
    void startAt(int port, String... words) throws IOException {
        start(words);
        await(words[0], () -> accepts(port));
    }

    private void start(String... words) throws IOException {
        var command = new ArrayList<String>();
        if (root) {
            command.addAll(
                    List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.addAll(List.of(words));
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve(words[0] + ".out").toFile());
        builder.environment().put("HOME", home().toString());
        running.add(builder.start());
    }

    private void await(String program, Await.Condition listens) {
        Await.until(program + " listens", Duration.ofSeconds(60), listens, () -> outputOf(program));
    }

    private String outputOf(String program) {
        try {
            return Files.readString(dir.resolve(program + ".out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (Process program : running.reversed()) {
            List<ProcessHandle> all =
                    Stream.concat(program.descendants(), Stream.of(program.toHandle())).toList();
            all.reversed().forEach(ProcessHandle::destroy);
            for (ProcessHandle one : all) {
                awaitEnd(one);
            }
        }
    }

    private static void awaitEnd(ProcessHandle program) throws IOException {
        try {
            program.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            program.destroyForcibly();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
