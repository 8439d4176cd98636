// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postino.kit.Await;
import org.postino.linux.AsUser;
import org.postino.linux.Processes;

/// One store, used by Dovecot's own imap and by us in turn; skipped where Dovecot is not installed.
final class DovecotTest {
    private static final Path IMAP = Path.of("/usr/lib/dovecot/imap");
    private static final int NOBODY = 65534;

    private Path dir = Path.of("/nonexistent");
    private final List<Closeable> closing = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Files.isExecutable(IMAP));
        dir = Files.createTempDirectory("dovecot");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void clean() throws IOException {
        for (Closeable c : closing.reversed()) {
            c.close();
        }
        if (Files.isDirectory(dir)) {
            try (Stream<Path> all = Files.walk(dir)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /// Dovecot's imap, logged in, over pipes.
    private final class Dovecot implements Closeable {
        private final Process process;
        private final BufferedReader in;
        private int tag;

        Dovecot(String location, String settings) throws IOException {
            Path config = dir.resolve("dovecot.conf");
            Files.writeString(
                    config,
                    "base_dir = "
                            + dir
                            + "/run\nmail_location = "
                            + location
                            + "\nlog_path = "
                            + dir
                            + "/log\nssl = no\nprotocols = imap\nmail_uid = 65534\nmail_gid = 65534\nfirst_valid_uid = 1\n"
                            + "default_internal_user = nobody\ndefault_login_user = nobody\ndefault_internal_group = nogroup\n"
                            + "mbox_write_locks = dotlock fcntl\n"
                            + settings);
            var command = new ArrayList<String>();
            if (Processes.isRoot()) {
                command.addAll(
                        List.of(
                                "setpriv",
                                "--reuid",
                                "65534",
                                "--regid",
                                "65534",
                                "--clear-groups"));
            }
            command.addAll(List.of(IMAP.toString(), "-c", config.toString()));
            var builder = new ProcessBuilder(command);
            builder.environment().put("HOME", dir.toString());
            builder.environment().put("USER", "nobody");
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            process = builder.start();
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.ISO_8859_1));
            String greeting = String.valueOf(in.readLine());
            assumeTrue(greeting.startsWith("* PREAUTH"), greeting);
        }

        List<String> command(String text) throws IOException {
            String id = "t" + ++tag;
            process.getOutputStream()
                    .write((id + " " + text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            process.getOutputStream().flush();
            var lines = new ArrayList<String>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (line.startsWith(id + " ")) {
                    assertTrue(line.startsWith(id + " OK"), text + " -> " + lines);
                    return lines;
                }
            }
            throw new IOException("Dovecot ended: " + lines);
        }

        void append(String mailbox, String flags, String message) throws IOException {
            command(
                    "APPEND "
                            + mailbox
                            + " ("
                            + flags
                            + ") {"
                            + message.length()
                            + "+}\r\n"
                            + message);
        }

        /// `uid flags` of all messages.
        Set<String> fetch(String mailbox) throws IOException {
            command("SELECT " + mailbox);
            var found = new TreeSet<String>();
            for (String line : command("UID FETCH 1:* (FLAGS)")) {
                int uid = line.indexOf("UID ");
                int flags = line.indexOf("FLAGS (");
                if (uid > 0 && flags > 0) {
                    String number = line.substring(uid + 4).split("[ )]", -1)[0];
                    String names = line.substring(flags + 7, line.indexOf(')', flags));
                    var sorted = new TreeSet<>(List.of(names.split(" ", -1)));
                    sorted.remove("\\Recent");
                    sorted.remove("");
                    found.add(number + " " + sorted);
                }
            }
            return found;
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Dovecot dovecot(String location) throws IOException {
        var d = new Dovecot(location, "");
        closing.add(d);
        return d;
    }

    private MailStore ours(MailLocation location) throws IOException {
        var stores = new MailStores(Clock.systemUTC());
        var user =
                Processes.isRoot()
                        ? AsUser.of(NOBODY, NOBODY)
                        : AsUser.of(Processes.ownUid(), Processes.ownGid());
        var store = stores.open(location, StoreOwner.of(user));
        closing.add(stores);
        closing.add(store);
        return store;
    }

    private static Set<String> view(Mailbox box) {
        var found = new TreeSet<String>();
        for (int i = 1; i <= box.size(); i++) {
            MessageEntry m = box.message(i);
            found.add(m.uid() + " " + new TreeSet<>(m.flags().names()));
        }
        return found;
    }

    private static String validity(List<String> select) {
        for (String line : select) {
            int at = line.indexOf("[UIDVALIDITY ");
            if (at > 0) {
                return line.substring(at + 13, line.indexOf(']', at));
            }
        }
        return "";
    }

    private void takeOverAndGiveBack(String location, MailLocation ours, String folder)
            throws IOException {
        String message = "Subject: %s\r\n\r\nbody\r\n";
        List<String> select;
        try (var d = new Dovecot(location, "")) {
            d.append("INBOX", "\\Seen $Forwarded", message.formatted("one"));
            d.append("INBOX", "", message.formatted("two"));
            d.append("INBOX", "\\Flagged blue", message.formatted("three"));
            d.command("CREATE \"K&APY-ln\"");
            d.command("SUBSCRIBE \"K&APY-ln\"");
            d.command("CREATE " + folder);
            select = d.command("SELECT INBOX");
            d.command("STORE 2 +FLAGS.SILENT (\\Deleted)");
            d.command("EXPUNGE");
            d.append("INBOX", "\\Draft", message.formatted("four"));
        }
        MailStore store = ours(ours);
        assertEquals(Set.of("Köln"), store.subscriptions());
        assertTrue(store.exists("Köln"));
        assertTrue(store.exists(folder));
        Set<String> left;
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(validity(select), Long.toString(box.uidValidity()));
            assertEquals(
                    Set.of("1 [$Forwarded, \\Seen]", "3 [\\Flagged, blue]", "4 [\\Draft]"),
                    view(box));
            assertEquals("Subject: three\r\n\r\nbody\r\n", StoreContract.content(box, 3));
            box.store(
                    List.of(3L),
                    StoreMode.ADD,
                    Flags.parse(List.of("\\Answered", "green")).orElseThrow(),
                    Long.MAX_VALUE);
            box.store(List.of(1L), StoreMode.REMOVE, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            assertEquals(
                    5,
                    box.append(
                                    Flags.of(Flag.SEEN),
                                    null,
                                    StoreContract.text(message.formatted("five")))
                            .uid());
            box.expunge(List.of(4L));
            box.sync();
            left = view(box);
        }
        store.subscribe("INBOX");
        var d = dovecot(location);
        assertEquals(left, d.fetch("INBOX"));
        assertEquals(validity(select), validity(d.command("SELECT INBOX")));
        assertTrue(d.command("LSUB \"\" *").stream().anyMatch(l -> l.endsWith("INBOX")));
        d.append("INBOX", "green", message.formatted("six"));
        d.command("STORE 1 +FLAGS.SILENT (\\Seen blue)");
        d.command("CHECK"); // in an mbox flags are written late
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(d.fetch("INBOX"), view(box));
            assertEquals(7, box.uidNext());
        }
    }

    @Test
    void aMaildirIsTakenOverAndGivenBack() throws IOException {
        Path root = dir.resolve("Maildir");
        takeOverAndGiveBack("maildir:" + root, new MailLocation.Maildir(root), "a.b");
    }

    @Test
    void aMaildirInSeveralPlacesIsTakenOverAndGivenBack() throws IOException {
        String location = "maildir:%1$s/M:INBOX=%1$s/B:CONTROL=%1$s/C:INDEX=%1$s/I".formatted(dir);
        takeOverAndGiveBack(
                location, MailLocation.parse(location, dir, "nobody").orElseThrow(), "a.b");
    }

    private static final Path ZLIB = Path.of("/usr/lib/dovecot/modules/lib20_zlib_plugin.so");

    /// One message that Dovecot has compressed, one that we have, and one that nobody has, read by both.
    @Test
    void compressedMessagesAreReadByBoth() throws IOException {
        assumeTrue(Files.exists(ZLIB), "Dovecot's plugin zlib is not installed");
        Path root = dir.resolve("Maildir");
        String settings = "mail_plugins = zlib\nplugin {\n  zlib_save = gz\n}\n";
        String message = "Subject: %s\r\n\r\n" + "much the same\r\n".repeat(100);
        var d = new Dovecot("maildir:" + root, settings);
        closing.add(d);
        d.append("INBOX", "\\Seen", message.formatted("theirs"));
        var user =
                Processes.isRoot()
                        ? AsUser.of(NOBODY, NOBODY)
                        : AsUser.of(Processes.ownUid(), Processes.ownGid());
        try (var stores =
                        new MailStores(
                                Clock.systemUTC(),
                                MboxLocking.DEFAULT,
                                MailSpool.ANY,
                                Compression.GZIP);
                var store = stores.open(new MailLocation.Maildir(root), StoreOwner.of(user))) {
            store.append("INBOX", Flags.NONE, null, StoreContract.text(message.formatted("ours")));
            try (var plain = new MailStores(Clock.systemUTC());
                    var there = plain.open(new MailLocation.Maildir(root), StoreOwner.of(user))) {
                String text = message.formatted("plain");
                there.append("INBOX", Flags.NONE, null, StoreContract.text(text));
            }
            try (Mailbox box = store.open("INBOX", false)) {
                for (var expected : List.of("theirs", "ours", "plain")) {
                    long uid = List.of("theirs", "ours", "plain").indexOf(expected) + 1L;
                    assertEquals(message.formatted(expected), StoreContract.content(box, uid));
                    assertEquals(message.formatted(expected).length(), box.size(uid));
                }
            }
        }
        d.command("SELECT INBOX");
        var told = String.join("\r\n", d.command("FETCH 1:3 (RFC822.SIZE BODY.PEEK[])"));
        for (String name : List.of("theirs", "ours", "plain")) {
            String text = message.formatted(name);
            assertTrue(told.contains("RFC822.SIZE " + text.length()), told);
            assertTrue(told.contains(text), told);
        }
        try (Stream<Path> files = Files.list(root.resolve("cur"))) {
            var sizes = new ArrayList<Long>();
            for (Path file : files.toList()) {
                sizes.add(Files.size(file));
            }
            assertEquals(2, sizes.stream().filter(size -> size < 200).count(), sizes.toString());
        }
    }

    @Test
    void anMboxIsTakenOverAndGivenBack() throws IOException {
        Path root = dir.resolve("mail");
        Path inbox = dir.resolve("inbox");
        takeOverAndGiveBack(
                "mbox:" + root + ":INBOX=" + inbox, new MailLocation.Mbox(root, inbox), "a/b");
    }

    @Test
    void aLetterThatWeGiveToAnotherKeywordIsUnderstood() throws IOException {
        Path root = dir.resolve("Maildir");
        var d = dovecot("maildir:" + root);
        var old = new StringBuilder();
        for (int i = 0; i < 26; i++) {
            old.append(" old").append(i);
        }
        d.append("INBOX", old.toString().strip(), "Subject: one\r\n\r\nx\r\n");
        d.append("INBOX", "old3", "Subject: two\r\n\r\nx\r\n");
        assertEquals(2, d.fetch("INBOX").size());
        d.command("STORE 1 FLAGS ()");
        MailStore store = ours(new MailLocation.Maildir(root));
        var given = Flags.parse(List.of("fresh", "old3", "other")).orElseThrow();
        try (Mailbox box = store.open("INBOX", false)) {
            box.store(List.of(1L), StoreMode.ADD, given, Long.MAX_VALUE);
        }
        var expected = Set.of("1 [fresh, old3, other]", "2 [old3]");
        assertEquals(expected, d.fetch("INBOX"));
        d.command("STORE 2 +FLAGS.SILENT (other \\Seen)");
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(Set.of("1 [fresh, old3, other]", "2 [\\Seen, old3, other]"), view(box));
        }
    }

    @Test
    void anMboxWithInternalDataOfCClientIsTheSameToBoth() throws IOException {
        Path root = Files.createDirectory(dir.resolve("mail"));
        Path inbox =
                Files.writeString(
                        dir.resolve("inbox"),
                        MboxForeignTest.INTERNAL_DATA + MboxForeignTest.TWO,
                        StandardCharsets.ISO_8859_1);
        if (Processes.isRoot()) {
            for (Path path : List.of(root, inbox)) {
                Files.setAttribute(path, "unix:uid", NOBODY);
                Files.setAttribute(path, "unix:gid", NOBODY);
            }
        }
        MailStore store = ours(new MailLocation.Mbox(root, inbox));
        var d = dovecot("mbox:" + root + ":INBOX=" + inbox);
        assertEquals(Set.of("5 [\\Seen]", "7 []"), d.fetch("INBOX"));
        assertEquals("1761991200", validity(d.command("SELECT INBOX")));
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(d.fetch("INBOX"), view(box));
            assertEquals(1761991200, box.uidValidity());
            box.expunge(List.of(5L, 7L));
            box.append(
                    Flags.parse(List.of("\\Flagged", "green")).orElseThrow(),
                    null,
                    StoreContract.text("Subject: ours\r\n\r\nx\r\n"));
        }
        assertEquals(Set.of("8 [\\Flagged, green]"), d.fetch("INBOX"));
        d.append("INBOX", "\\Seen", "Subject: theirs\r\n\r\nx\r\n");
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(Set.of("8 [\\Flagged, green]", "9 [\\Seen]"), view(box));
            assertEquals(1761991200, box.uidValidity());
        }
        String log = Files.exists(dir.resolve("log")) ? Files.readString(dir.resolve("log")) : "";
        assertTrue(!log.contains("Error") && !log.contains("Warning"), log);
    }

    @Test
    void bothWorkOnOneMaildirAtTheSameTime() throws Exception {
        Path root = dir.resolve("Maildir");
        var d = dovecot("maildir:" + root);
        MailStore store = ours(new MailLocation.Maildir(root));
        d.command("SELECT INBOX");
        var worker =
                new FutureTask<Integer>(() -> {
                    for (int i = 0; i < 60; i++) {
                        d.append("INBOX", "\\Seen", "Subject: d" + i + "\r\n\r\nx\r\n");
                        if (i % 3 == 0) {
                            d.command("STORE 1:* +FLAGS.SILENT (\\Flagged k" + i % 7 + ")");
                        }
                    }
                    return 60;
                });
        Thread.ofVirtual().start(worker);
        try (Mailbox box = store.open("INBOX", false)) {
            for (int i = 0; i < 60; i++) {
                box.append(
                        Flags.of(Flag.DRAFT),
                        null,
                        StoreContract.text("Subject: p" + i + "\r\n\r\nx\r\n"));
                box.sync();
                long uid = box.uid(1 + i % box.size());
                box.store(
                        List.of(uid),
                        StoreMode.ADD,
                        Flags.parse(List.of("\\Answered", "p" + i % 5)).orElseThrow(),
                        Long.MAX_VALUE);
            }
            assertEquals(60, worker.get());
        }
        d.command("NOOP");
        var fresh = ours(new MailLocation.Maildir(root));
        try (Mailbox box = fresh.open("INBOX", true)) {
            // what others do in the clock tick of our last look shows when cur is listed again, two
            // seconds later
            Await.until(
                    "all messages",
                    () -> {
                        box.sync();
                        return box.size() >= 120;
                    });
            assertEquals(d.fetch("INBOX"), view(box));
        }
        String log = Files.exists(dir.resolve("log")) ? Files.readString(dir.resolve("log")) : "";
        assertTrue(!log.contains("Error") && !log.contains("Warning"), log);
    }
}
