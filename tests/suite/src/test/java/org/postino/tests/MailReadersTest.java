// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.kit.Instance;

/// Programs that others wrote carry mail away, and back.
class MailReadersTest {
    private static final String USER = "bob@mx.test";

    @TempDir Path dir;
    private Instance mx;
    private Path maildir;

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user(USER, "secret").start();
        for (int i = 1; i <= 5; i++) {
            mx.send("ann@mx.test", USER, "Subject: letter " + i + "\n\ntext");
        }
        mx.awaitEmptyQueue();
        maildir = mx.maildir(USER);
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    @Test
    void mbsyncKeepsTwoStoresAlike() throws IOException {
        assumeTrue(Command.exists("mbsync"), "mbsync is not installed");
        Path local = Files.createDirectories(dir.resolve("local"));
        Path settings =
                Files.writeString(
                        dir.resolve("mbsyncrc"),
                        """
                        IMAPAccount mx
                        Host 127.0.0.1
                        Port %d
                        User %s
                        Pass secret
                        SSLType None

                        IMAPStore far
                        Account mx

                        MaildirStore near
                        Path %s/
                        Inbox %s/INBOX
                        SubFolders Verbatim

                        Channel both
                        Far :far:
                        Near :near:
                        Patterns *
                        Create Both
                        Expunge Both
                        SyncState *
                        """
                                .formatted(mx.port(143), USER, local, local));
        var sync = new Command("mbsync", "--config", settings.toString(), "both");
        sync.run().ok();
        assertEquals(subjects(maildir), subjects(local.resolve("INBOX")));

        // each side changes: one goes, one is seen, one comes, a mailbox is made
        Files.delete(file(maildir, "letter 2"));
        Path seen = file(local.resolve("INBOX"), "letter 3");
        Files.move(
                seen,
                local.resolve("INBOX/cur")
                        .resolve(seen.getFileName().toString().replaceFirst(":2,.*", "") + ":2,S"));
        Files.writeString(local.resolve("INBOX/new/1.M1.near"), "Subject: letter 6\n\ntext\n");
        for (String sub : List.of("cur", "new", "tmp")) {
            Files.createDirectories(local.resolve("Made").resolve(sub));
        }
        Files.writeString(local.resolve("Made/new/1.M2.near"), "Subject: elsewhere\n\ntext\n");
        sync.run().ok();
        sync.run().ok(); // nothing is left to be done
        var wanted = List.of("letter 1", "letter 3", "letter 4", "letter 5", "letter 6");
        assertEquals(wanted, subjects(maildir));
        assertEquals(wanted, subjects(local.resolve("INBOX")));
        assertEquals(List.of("elsewhere"), subjects(maildir.resolve(".Made")));
        assertTrue(file(maildir, "letter 3").toString().endsWith(":2,S"));
    }

    @Test
    void offlineimapKeepsTwoStoresAlike() throws IOException {
        assumeTrue(Command.exists("offlineimap"), "offlineimap is not installed");
        Path local = Files.createDirectories(dir.resolve("local"));
        Path settings =
                Files.writeString(
                        dir.resolve("offlineimaprc"),
                        """
                        [general]
                        accounts = a
                        metadata = %s
                        [Account a]
                        localrepository = near
                        remoterepository = far
                        [Repository near]
                        type = Maildir
                        localfolders = %s
                        [Repository far]
                        type = IMAP
                        remotehost = 127.0.0.1
                        remoteport = %d
                        remoteuser = %s
                        remotepass = secret
                        ssl = no
                        starttls = no
                        auth_mechanisms = PLAIN
                        """
                                .formatted(dir.resolve("metadata"), local, mx.port(143), USER));
        var sync = new Command("offlineimap", "-o", "-u", "quiet", "-c", settings.toString());
        sync.run().ok();
        assertEquals(subjects(maildir), subjects(local.resolve("INBOX")));
        Files.writeString(local.resolve("INBOX/new/1.M1.near"), "Subject: letter 6\n\ntext\n");
        Files.delete(file(maildir, "letter 2"));
        sync.run().ok();
        var wanted = List.of("letter 1", "letter 3", "letter 4", "letter 5", "letter 6");
        assertEquals(wanted, subjects(maildir));
        assertEquals(wanted, subjects(local.resolve("INBOX")));
    }

    @Test
    void fetchmailTakesEverythingAway() throws IOException {
        assumeTrue(Command.exists("fetchmail"), "fetchmail is not installed");
        Path fetched = dir.resolve("fetched");
        Path settings =
                Files.writeString(
                        dir.resolve("fetchmailrc"),
                        """
                        poll 127.0.0.1 service %d protocol imap user "%s" password "secret" \
                        sslproto '' mda "cat >> %s" nokeep
                        """
                                .formatted(mx.port(143), USER, fetched));
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
        new Command(
                        "fetchmail",
                        "-f",
                        settings.toString(),
                        "--all",
                        "--pidfile",
                        dir.resolve("pid").toString())
                .run()
                .ok();
        String all = Files.readString(fetched, StandardCharsets.ISO_8859_1);
        for (int i = 1; i <= 5; i++) {
            assertTrue(all.contains("Subject: letter " + i + "\n"), all);
        }
        assertEquals(List.of(), subjects(maildir));
    }

    @Test
    void getmailTakesEverythingAway() throws IOException {
        assumeTrue(Command.exists("getmail"), "getmail is not installed");
        Path fetched = Files.createDirectories(dir.resolve("fetched"));
        for (String sub : List.of("cur", "new", "tmp")) {
            Files.createDirectory(fetched.resolve(sub));
        }
        String user = "";
        if (System.getProperty("user.name").equals("root")) {
            // it does not deliver as root
            user = "user = nobody";
            new Command("chown", "-R", "nobody", fetched.toString()).run().ok();
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(
                dir.resolve("getmailrc"),
                """
                [retriever]
                type = SimpleIMAPRetriever
                server = 127.0.0.1
                port = %d
                username = %s
                password = secret
                [destination]
                type = Maildir
                path = %s/
                %s
                [options]
                delete = true
                """
                        .formatted(mx.port(143), USER, fetched, user));
        new Command("getmail", "--getmaildir", dir.toString(), "--rcfile", "getmailrc").run().ok();
        var all = List.of("letter 1", "letter 2", "letter 3", "letter 4", "letter 5");
        assertEquals(all, subjects(fetched));
        assertEquals(List.of(), subjects(maildir));
    }

    @Test
    void muttDeletesFlagsAndFiles() throws IOException {
        assumeTrue(Command.exists("mutt") && Command.exists("script"), "mutt or script is missing");
        Path settings =
                Files.writeString(
                        dir.resolve("muttrc"),
                        """
                        set folder = "imap://127.0.0.1:%d/"
                        set imap_user = "%s"
                        set imap_pass = "secret"
                        set ssl_force_tls = no
                        set ssl_starttls = no
                        set delete = yes
                        set confirmcreate = no
                        set confirmappend = no
                        set wait_key = no
                        push "<delete-pattern>~s 'letter 2'<enter>\\
                        <limit>~s 'letter 4'<enter><flag-message>\\
                        <limit>~s 'letter 3'<enter><save-message>=Made<enter>\\
                        <limit>all<enter><sync-mailbox><quit>"
                        """
                                .formatted(mx.port(143), USER));
        String words = "mutt -n -F " + settings + " -f imap://127.0.0.1:" + mx.port(143) + "/INBOX";
        new Command("script", "-qec", "env TERM=xterm HOME=" + dir + " " + words, "/dev/null")
                .run()
                .ok();
        assertEquals(List.of("letter 1", "letter 4", "letter 5"), subjects(maildir));
        assertEquals(List.of("letter 3"), subjects(maildir.resolve(".Made")));
        assertTrue(file(maildir, "letter 4").toString().contains(":2,F"));
    }

    private static List<Path> files(Path maildir) throws IOException {
        var all = new ArrayList<Path>();
        for (String sub : List.of("cur", "new")) {
            try (Stream<Path> files = Files.list(maildir.resolve(sub))) {
                files.forEach(all::add);
            }
        }
        return all;
    }

    private static String subject(Path file) throws IOException {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("Subject: ")) {
                return line.substring(9);
            }
        }
        throw new IOException(file + " has no subject");
    }

    private static List<String> subjects(Path maildir) throws IOException {
        var subjects = new TreeSet<String>();
        for (Path file : files(maildir)) {
            assertTrue(subjects.add(subject(file)), () -> "twice: " + file);
        }
        return List.copyOf(subjects);
    }

    private static Path file(Path maildir, String subject) throws IOException {
        for (Path file : files(maildir)) {
            if (subject(file).equals(subject)) {
                return file;
            }
        }
        throw new IOException("no " + subject + " in " + maildir);
    }
}
