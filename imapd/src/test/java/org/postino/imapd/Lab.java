// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.postino.kit.ReaderStage;
import org.postino.tls.SelfSigned;

/// imapd in this process; the stage of conversation files.
///
/// `deliver: FOLDER NAME text` puts a message with this text as its subject into bob's folder, as a foreign program would,
/// `tls: yes` gives it a certificate, `user: NAME PASSWORD` adds a user.
final class Lab {
    private static final int NOBODY = 65534;

    private Lab() {}

    static ReaderStage open() throws IOException {
        return new ReaderStage(Imapd.options(), Imapd::new, Lab::directive);
    }

    /// As [#open()], with users whose mail is that of another account than this process's: as in a suite of root's. Needs root.
    static ReaderStage openForOthers() throws IOException {
        var stage =
                new ReaderStage(
                        Imapd.options(),
                        Imapd::new,
                        (there, word, argument) -> {
                            directive(there, word, argument);
                            giveAway(there.maildir("bob"));
                        });
        Files.setPosixFilePermissions(
                stage.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (var user : Map.of("bob", "secret", "alice", "sesame").entrySet()) {
            stage.auth().user(user.getKey(), user.getValue(), "uid=" + NOBODY + "\tgid=" + NOBODY);
            Path home = stage.maildir(user.getKey()).resolveSibling("");
            Files.createDirectories(home);
            giveAway(home);
        }
        return stage;
    }

    private static void giveAway(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        for (Path path : all(directory)) {
            giveAwayOne(path);
        }
    }

    /// All that is there; sessions may make and remove files meanwhile.
    private static List<Path> all(Path directory) throws IOException {
        while (true) {
            try (var all = Files.walk(directory)) {
                return all.toList();
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e;
                }
            }
        }
    }

    private static void giveAwayOne(Path path) throws IOException {
        try {
            Files.setAttribute(path, "unix:uid", NOBODY);
            Files.setAttribute(path, "unix:gid", NOBODY);
        } catch (NoSuchFileException e) {
            // a session has moved it, and may do so again: the directory is its own
            return;
        }
    }

    private static void directive(ReaderStage stage, String word, String argument)
            throws IOException {
        String[] words = argument.split(" ", 3);
        switch (word) {
            case "deliver" -> {
                Path inbox = stage.maildir("bob");
                ReaderStage.deliver(
                        words[0].equals("INBOX") ? inbox : inbox.resolve("." + words[0]),
                        words[1],
                        ("Subject: " + words[2] + "\n\nbody of " + words[1] + "\n")
                                .getBytes(StandardCharsets.UTF_8));
            }
            case "tls" -> {
                Path file = stage.directory().resolve("server.pem");
                Files.writeString(file, SelfSigned.pem("localhost", List.of(), Clock.systemUTC()));
                stage.param("smtpd_tls_chain_files", file.toString());
            }
            case "user" -> stage.auth().user(words[0], words[1]);
            default -> throw new IOException("unknown directive " + word);
        }
    }
}
