// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.PrivateAccounts;

/// A suite that root starts for accounts of its own, on a machine of its own as far as the kernel has namespaces for it:
/// processes, mounts, network and host name. What a test does to these nobody else sees, and all of it ends with the test.
///
/// It listens on the well-known ports; what is under [#directory()] the test and the suite see alike.
final class PrivateSuite implements AutoCloseable {
    private static final int FIRST_UID = 61_500;
    private static final int FIRST_USER = 61_600;
    private static final int MAIL = 8;
    private static final String ROWS =
            """
            smtp inet n - n - - smtpd
            imap inet n - n - - imapd
            pop3 inet n - n - - pop3d
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            auth unix - - n - 0 auth
            auth-worker unix - n n - - auth-worker
            local unix - - n - - local
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            """;

    private final Path dir;
    private final PrivateAccounts accounts;
    private final Map<String, Integer> users = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Process world;
    private final long first;

    /// Ends the test as skipped where there can be none.
    ///
    /// @param dir an empty directory
    PrivateSuite(Path dir, String... names) throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        PrivateAccounts.assumePossible();
        Assumptions.assumeTrue(Command.exists("ip"), "ip(8) is not installed");
        this.dir = dir;
        Files.setAttribute(dir, "unix:mode", 0755);
        for (String name : List.of("etc", "spool", "data", "accounts", "boxes", "home", "log")) {
            Files.createDirectory(dir.resolve(name));
        }
        Files.setAttribute(dir.resolve("boxes"), "unix:gid", MAIL);
        Files.setAttribute(dir.resolve("boxes"), "unix:mode", 02775);
        accounts = PrivateAccounts.create(dir.resolve("accounts")).suite(FIRST_UID);
        for (String name : names) {
            int uid = FIRST_USER + users.size();
            users.put(name, uid);
            accounts.add(name, uid, PrivateAccounts.home(dir, name, uid), PrivateAccounts.SECRET);
        }
        defaults();
        world = begin();
        first = world.children().findFirst().orElseThrow().pid();
    }

    private void defaults() throws IOException {
        Files.writeString(dir.resolve("etc/master.cf"), ROWS);
        Files.writeString(dir.resolve("etc/aliases"), "");
        set(
                "queue_directory = " + dir.resolve("spool"),
                "data_directory = " + dir.resolve("data"),
                "maillog_file = " + dir.resolve("log/mail.log"),
                "maillog_file_prefixes = " + dir,
                "myhostname = mx.test",
                "mydestination = mx.test",
                "inet_interfaces = loopback-only",
                "mail_owner = postino",
                "alias_maps = texthash:" + dir.resolve("etc/aliases"),
                "mail_spool_directory = " + dir.resolve("boxes"),
                "auth_userdb = passwd",
                "auth_passdb = shadow",
                "minimal_backoff_time = 1s",
                "maximal_backoff_time = 1s",
                "queue_run_delay = 1s");
    }

    /// The first process of the namespaces; it ends when this one closes its input, or ends itself.
    private Process begin() throws IOException {
        String script =
                "mount --make-rprivate / && mount -t proc proc /proc && ip link set lo up"
                        + " && echo begun && read -r end";
        Process process =
                new ProcessBuilder(
                                accounts.command(
                                        List.of(
                                                "unshare",
                                                "--mount",
                                                "--net",
                                                "--uts",
                                                "--pid",
                                                "--fork",
                                                "--kill-child",
                                                "sh",
                                                "-c",
                                                script)))
                        .redirectErrorStream(true)
                        .start();
        byte[] said = new byte[6];
        int n = process.getInputStream().readNBytes(said, 0, said.length);
        if (!"begun\n".equals(new String(said, 0, n, StandardCharsets.UTF_8))) {
            process.destroyForcibly();
            throw new IOException("no namespaces: " + Arrays.toString(said));
        }
        return process;
    }

    Path directory() {
        return dir;
    }

    Path home(String user) {
        return dir.resolve("home").resolve(user);
    }

    /// The mailbox file of a user.
    Path box(String user) {
        return dir.resolve("boxes").resolve(user);
    }

    PrivateAccounts accounts() {
        return accounts;
    }

    int uid(String user) {
        return users.getOrDefault(user, -1);
    }

    Path own(Path path, String user) throws IOException {
        return PrivateAccounts.own(path, uid(user));
    }

    /// Writes a file of a user's.
    Path write(String user, String name, String text) throws IOException {
        return own(Files.writeString(home(user).resolve(name), text), user);
    }

    /// Writes a script of a user's, to be run.
    Path script(String user, String name, String text) throws IOException {
        Path path = write(user, name, "#!/bin/sh\n" + text);
        Files.setAttribute(path, "unix:mode", 0755);
        return path;
    }

    /// Sets parameters, effective at the next start or reload.
    PrivateSuite set(String... lines) throws IOException {
        for (String line : lines) {
            int equals = line.indexOf('=');
            settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
        var text = new ArrayList<String>();
        settings.forEach((name, value) -> text.add(name + " = " + value));
        Files.write(dir.resolve("etc/main.cf"), text);
        return this;
    }

    /// Leaves a parameter to its default.
    PrivateSuite unset(String name) throws IOException {
        settings.remove(name);
        return set();
    }

    PrivateSuite aliases(String text) throws IOException {
        Files.writeString(dir.resolve("etc/aliases"), text);
        return this;
    }

    /// The words that run a program in the namespaces.
    List<String> there(String... words) {
        var all =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "--target",
                                "" + first,
                                "--mount",
                                "--net",
                                "--uts",
                                "--pid",
                                "--wd=/"));
        all.addAll(List.of(words));
        return all;
    }

    /// A program to be run in the namespaces.
    Command inside(String... words) {
        return new Command(there(words).toArray(String[]::new));
    }

    /// A shell's command line run in the namespaces.
    Command.Result shell(String line) throws IOException {
        return inside("sh", "-c", line).run();
    }

    /// A command of the suite.
    Command.Result postino(String name, String... arguments) throws IOException {
        return inside(words(name, arguments)).run();
    }

    String[] words(String name, String... arguments) {
        var all = new ArrayList<String>();
        all.add(Instance.imageDirectory().resolve("bin").resolve(name).toString());
        all.add(name.equals("sendmail") ? "-C" : "-c");
        all.add(dir.resolve("etc").toString());
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    PrivateSuite start() throws IOException {
        postino("postino", "start").ok();
        return this;
    }

    /// Lets the test change and remove what it likes in `/etc`, which shows what was there before.
    void etcOfItsOwn() throws IOException {
        Path layer = Files.createDirectory(dir.resolve("layer"));
        var script =
                new StringBuilder("set -e; cd " + layer + "; mount -t tmpfs none .; cd " + layer)
                        .append("; mkdir upper work; mount -t overlay overlay")
                        .append(" -o lowerdir=/etc,upperdir=upper,workdir=work /etc");
        for (String file : List.of("passwd", "group", "shadow", "pam.d")) {
            script.append("; mount --bind " + dir.resolve("accounts").resolve(file))
                    .append(" /etc/" + file);
        }
        shell(script.toString()).ok();
    }

    /// Gives the suite a letter; it counts as sent by root on this machine.
    void send(String to, String subject) throws IOException {
        inside(words("sendmail", "-i", "-f", "sender@far.test", to))
                .input("Subject: " + subject + "\n\nthe text of " + subject + "\n")
                .run()
                .ok();
    }

    String log() throws IOException {
        Path log = dir.resolve("log/mail.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /// Waits for a line of the log that has all these parts, and returns the newest.
    String awaitLog(String... parts) {
        var found = new ArrayList<String>();
        Await.until(
                String.join(" ... ", parts) + " in the log",
                Duration.ofSeconds(60),
                () -> {
                    log().lines()
                            .filter(line -> Arrays.stream(parts).allMatch(line::contains))
                            .forEach(found::add);
                    return !found.isEmpty();
                },
                this::tail);
        return found.getLast();
    }

    private String tail() {
        try {
            return "\n" + log();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Waits until a file has a text in it, and returns all of it.
    String awaitText(Path file, String part) throws IOException {
        Await.until(
                part + " in " + file,
                Duration.ofSeconds(60),
                () -> Files.exists(file) && Files.readString(file).contains(part),
                this::tail);
        return Files.readString(file);
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(dir.resolve("spool/pid/master.pid"))) {
            postino("postino", "stop");
        }
        world.getOutputStream().close();
        try {
            if (!world.waitFor(20, TimeUnit.SECONDS)) {
                world.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
