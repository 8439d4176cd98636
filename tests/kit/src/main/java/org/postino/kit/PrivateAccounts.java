// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Accounts of the system that exist for some processes alone: these see a passwd, group and shadow file and a directory of
/// PAM services of their own, laid over `/etc` in a mount namespace. The real files are copied first and never touched.
///
/// Needs root and unshare(1); ask [#assumePossible()] first.
public final class PrivateAccounts {
    /// The shadow entry of an account whose password is `secret`.
    public static final String SECRET =
            "$6$postinotest$elwNqzRUWt3vWaXXDzjEdS7tUHLMsBTWShVLbGaJPFvEMDFQ/yVGdqLYxdrO4B41vVsmF7OggS.KkVUWgGQzX/:1::::::";

    /// The shadow entry of an account that nobody can log in to.
    public static final String LOCKED = "*:1::::::";

    private static final List<String> FILES = List.of("passwd", "group", "shadow");
    private static final List<String> SUITE =
            List.of(
                    "postino",
                    "postino-smtpd",
                    "postino-smtp",
                    "postino-imapd",
                    "postino-pop3d",
                    "postino-local",
                    "postino-auth",
                    "postino-indexer");

    private final Path dir;

    private PrivateAccounts(Path dir) {
        this.dir = dir;
    }

    /// The reason for which there can be none here; empty if there can.
    public static Optional<String> obstacle() throws IOException {
        if (!Command.exists("unshare") || !Command.exists("mount")) {
            return Optional.of("unshare(1) and mount(8) are not installed");
        }
        int status = new Command("unshare", "-m", "mount", "--make-rprivate", "/").run().status();
        return status == 0
                ? Optional.empty()
                : Optional.of("mount namespaces need root and are not to be had here");
    }

    /// Skips the test where there can be none.
    public static void assumePossible() throws IOException {
        Optional<String> obstacle = obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    /// Copies the system's files into an existing directory.
    public static PrivateAccounts create(Path dir) throws IOException {
        for (String file : FILES) {
            Path copy = dir.resolve(file);
            Files.copy(Path.of("/etc", file), copy);
            Files.setAttribute(
                    copy, "unix:mode", Files.getAttribute(Path.of("/etc", file), "unix:mode"));
            Files.setAttribute(
                    copy, "unix:gid", Files.getAttribute(Path.of("/etc", file), "unix:gid"));
        }
        Path services = Files.createDirectory(dir.resolve("pam.d"));
        if (Files.isDirectory(Path.of("/etc/pam.d"))) {
            try (Stream<Path> files = Files.list(Path.of("/etc/pam.d"))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, services.resolve(file.getFileName()));
                }
            }
        }
        return new PrivateAccounts(dir);
    }

    /// Adds an account with a group of its own.
    ///
    /// @param shadow what stands in the shadow file behind the name: `hash:last:min:max:warn:inactive:expires:`
    public PrivateAccounts add(String name, int uid, Path home, String shadow) throws IOException {
        append("passwd", name + ":x:" + uid + ":" + uid + "::" + home + ":/bin/sh");
        append("group", name + ":x:" + uid + ":");
        append("shadow", name + ":" + shadow);
        return this;
    }

    /// Adds the suite's accounts, locked and without a home: postino, postino-smtpd, -smtp, -imapd, -pop3d, -local, -auth and
    /// -indexer, with user numbers in this order.
    public PrivateAccounts suite(int firstUid) throws IOException {
        for (int i = 0; i < SUITE.size(); i++) {
            add(SUITE.get(i), firstUid + i, Path.of("/nonexistent"), LOCKED);
        }
        return this;
    }

    /// Gives a file to a user and to the group of the same number.
    ///
    /// @return the file
    public static Path own(Path file, int uid) throws IOException {
        Files.setAttribute(file, "unix:uid", uid);
        Files.setAttribute(file, "unix:gid", uid);
        return file;
    }

    /// Makes a user's home, `home/NAME` below the directory, closed to others.
    public static Path home(Path dir, String name, int uid) throws IOException {
        Path home = own(Files.createDirectories(dir.resolve("home").resolve(name)), uid);
        Files.setAttribute(home, "unix:mode", 0700);
        return home;
    }

    /// Replaces what the shadow file says of an account.
    public void shadow(String name, String shadow) throws IOException {
        Path file = dir.resolve("shadow");
        var lines = new ArrayList<String>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            lines.add(line.startsWith(name + ":") ? name + ":" + shadow : line);
        }
        Files.write(file, lines, StandardCharsets.ISO_8859_1); // in place: the file is mounted
    }

    /// Makes or replaces a PAM service.
    public PrivateAccounts service(String name, String text) throws IOException {
        Files.writeString(dir.resolve("pam.d").resolve(name), text);
        return this;
    }

    /// The words that run a command among these accounts.
    public List<String> command(List<String> words) {
        var script = new StringBuilder("mount --make-rprivate / && ");
        for (String file : FILES) {
            script.append("mount --bind ").append(dir.resolve(file)).append(" /etc/" + file);
            script.append(" && ");
        }
        script.append("mount --bind ").append(dir.resolve("pam.d")).append(" /etc/pam.d && ");
        script.append("exec \"$@\"");
        var all = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script.toString(), "sh"));
        all.addAll(words);
        return all;
    }

    private void append(String file, String line) throws IOException {
        Path path = dir.resolve(file);
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        Files.writeString(path, text + end + line + "\n", StandardCharsets.ISO_8859_1);
    }
}
