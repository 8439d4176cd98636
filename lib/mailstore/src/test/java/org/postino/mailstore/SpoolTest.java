// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.linux.AsUser;

/// An INBOX in the mail spool with the spool's group, everything else with the user's own; needs the right to act as others.
final class SpoolTest {
    private static final int ANN = 61_001;
    private static final int BEN = 61_002;
    private static final int MAIL = 61_008;
    private static final String LETTER = "Subject: x\r\n\r\nbody\r\n";

    @TempDir Path dir;
    private Path spool;
    private Path home;
    private MailStores stores;
    private AsUser ann;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(AsUser.isPossible(), "acts as other users: needs root");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        spool = Files.createDirectory(dir.resolve("spool"));
        Files.setAttribute(spool, "unix:gid", MAIL);
        Files.setAttribute(spool, "unix:mode", 02775);
        home = Files.createDirectory(dir.resolve("ann"));
        give(home, ANN, ANN);
        stores = new MailStores(Clock.systemUTC());
        ann = AsUser.of(ANN, ANN);
    }

    @AfterEach
    void close() throws IOException {
        if (stores != null) {
            stores.close();
        }
    }

    private static Path give(Path file, int uid, int gid) throws IOException {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        return file;
    }

    private static String ids(Path file) throws IOException {
        var about = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
        return about.get("uid")
                + " "
                + about.get("gid")
                + " "
                + Integer.toOctalString(
                        about.get("mode") instanceof Integer mode ? mode & 0777 : -1);
    }

    private MailStore store() throws IOException {
        return stores.open(
                new MailLocation.Mbox(home.resolve("mail"), spool.resolve("ann")),
                StoreOwner.of(ann));
    }

    private static ByteArrayInputStream letter() {
        return new ByteArrayInputStream(LETTER.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void onlyARealSpoolLendsItsGroup() throws IOException {
        assertEquals(OptionalInt.of(MAIL), MailSpool.groupOf(spool.resolve("ann")));
        assertEquals(OptionalInt.empty(), MailSpool.groupOf(home.resolve("mbox")));
        Path link = Files.createSymbolicLink(dir.resolve("link"), spool);
        assertEquals(OptionalInt.of(MAIL), MailSpool.groupOf(link.resolve("ann")));
        give(link, ANN, ANN);
        assertEquals(OptionalInt.empty(), MailSpool.groupOf(link.resolve("ann")));
        Path own = Files.createSymbolicLink(home.resolve("mail"), spool);
        assertEquals(OptionalInt.empty(), MailSpool.groupOf(own.resolve("ann")));
        Files.setAttribute(spool, "unix:mode", 01777);
        assertEquals(OptionalInt.empty(), MailSpool.groupOf(spool.resolve("ann")));
        Files.setAttribute(spool, "unix:mode", 0755);
        assertEquals(OptionalInt.empty(), MailSpool.groupOf(spool.resolve("ann")));
        Files.setAttribute(spool, "unix:mode", 02775);
        give(spool, BEN, MAIL);
        assertEquals(OptionalInt.empty(), MailSpool.groupOf(spool.resolve("ann")));
    }

    @Test
    void anInboxIsMadeWithTheSpoolsGroupAndFoldersWithTheUsers() throws IOException {
        try (MailStore store = store()) {
            store.append("INBOX", Flags.NONE, null, letter());
            store.create("saved");
            store.append("saved", Flags.NONE, null, letter());
            try (Mailbox box = store.open("INBOX", false)) {
                assertEquals(1, box.size());
                box.store(List.of(box.uid(1)), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
                box.expunge(List.of(box.uid(1)));
            }
        }
        assertEquals(ANN + " " + MAIL + " 600", ids(spool.resolve("ann")));
        assertEquals(ANN + " " + ANN + " 600", ids(home.resolve("mail/saved")));
        assertEquals(ANN + " " + ANN + " 700", ids(home.resolve("mail/.imap")));
        try (var files = Files.list(spool)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aLinkInTheHomeDoesNotReadMailOfOthers() throws IOException {
        Path victim =
                give(
                        Files.writeString(
                                spool.resolve("ben"),
                                "From x Sat Nov  1 10:00:00 2025\n\nsecret\n\n"),
                        BEN,
                        MAIL);
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-rw----"));
        try (MailStore store = store()) {
            give(Files.createSymbolicLink(home.resolve("mail/x"), victim), ANN, ANN);
            assertThrows(IOException.class, () -> store.open("x", false).close());
            assertThrows(IOException.class, () -> store.append("x", Flags.NONE, null, letter()));
            assertFalse(Files.exists(spool.resolve("x.lock")));
        }
    }

    @Test
    void anInboxThatIsALinkOrOfOthersIsNotOpened() throws IOException {
        Path victim = give(Files.writeString(spool.resolve("ben"), ""), BEN, MAIL);
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-rw----"));
        Path inbox = spool.resolve("ann");
        Files.createSymbolicLink(inbox, victim);
        try (MailStore store = store()) {
            assertThrows(IOException.class, () -> store.open("INBOX", false).close());
            Files.delete(inbox);
            Files.createLink(inbox, victim);
            assertThrows(IOException.class, () -> store.open("INBOX", false).close());
            Files.delete(inbox);
            store.open("INBOX", false).close();
        }
        assertEquals(0, Files.size(victim));
    }

    @Test
    void mailComesInWhileSessionsReadAndDelete() throws Exception {
        var delivery = new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT);
        int letters = 60;
        var seen = new HashSet<Long>();
        AsUser deliverer = AsUser.of(ANN, MAIL);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor();
                MailStore store = store()) {
            var sent =
                    pool.submit(() -> {
                        for (int i = 0; i < letters; i++) {
                            deliverer.call(() -> {
                                delivery.deliver(
                                        new MboxDelivery.Target(spool.resolve("ann"), ANN, 0),
                                        "s@x.test",
                                        new byte[0],
                                        letter());
                                return true;
                            });
                        }
                        return true;
                    });
            while (seen.size() < letters) {
                try (Mailbox box = store.open("INBOX", false)) {
                    for (int i = 1; i <= box.size(); i++) {
                        seen.add(box.uid(i));
                        assertEquals(LETTER.length(), box.size(box.uid(i)));
                    }
                    if (box.size() > 0) {
                        box.expunge(List.of(box.uid(1)));
                    }
                }
                assertTrue(!sent.isDone() || sent.get());
            }
        }
        assertEquals(letters, seen.size());
    }

    @Test
    void aWatchSeesWhatOthersDoInAClosedHome() throws Exception {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        var called = new CountDownLatch(1);
        try (MailStore store =
                        stores.open(
                                new MailLocation.Maildir(home.resolve("Maildir")),
                                StoreOwner.of(ann));
                Mailbox box = store.open("INBOX", false);
                Watch _ = box.watch(called::countDown)) {
            new MaildirDelivery(Clock.systemUTC())
                    .deliver(
                            new MaildirDelivery.Target(home.resolve("Maildir")),
                            new byte[0],
                            letter());
            assertTrue(called.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aDeliveryThatBreaksOffLeavesTheFileAsItWas() throws IOException {
        Path box =
                give(
                        Files.writeString(
                                spool.resolve("ann"), "From x Sat Nov  1 10:00:00 2025\n\nold\n\n"),
                        ANN,
                        MAIL);
        long size = Files.size(box);
        var broken =
                new SequenceInputStream(
                        new ByteArrayInputStream(new byte[300_000]),
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("No space left on device");
                            }

                            @Override
                            public int read(byte[] to, int from, int length) throws IOException {
                                return read();
                            }
                        });
        var delivery = new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT);
        AsUser as = AsUser.of(ANN, MAIL);
        assertThrows(
                IOException.class,
                () ->
                        as.call(() -> {
                            delivery.deliver(
                                    new MboxDelivery.Target(box, ANN, 0),
                                    "s@x.test",
                                    new byte[0],
                                    broken);
                            return true;
                        }));
        assertEquals(size, Files.size(box));
        assertFalse(Files.exists(spool.resolve("ann.lock")));
    }

    /// Dovecot's own delivery agent and ours, at the same time, with its locks in either order. Each order has a mailbox of its
    /// own: Dovecot keeps offsets of one that it knows, and stumbles over another file of the same name.
    @ParameterizedTest
    @ValueSource(strings = {"fcntl dotlock", "dotlock fcntl"})
    void dovecotsDeliveryAndOursLoseNothing(String order) throws Exception {
        Path lda = Path.of("/usr/lib/dovecot/dovecot-lda");
        Assumptions.assumeTrue(Files.isExecutable(lda), "dovecot-lda is not installed");
        Files.setAttribute(spool, "unix:mode", 01777);
        Path config = dir.resolve("dovecot.conf");
        Files.writeString(
                config,
                "base_dir = %s/run\nmail_location = mbox:~/mail:INBOX=%s\nlog_path = /dev/stderr\nssl = no\n"
                                .formatted(dir, spool.resolve("ann"))
                        + "mail_uid = 61001\n"
                        + "mail_gid = 61001\n"
                        + "first_valid_uid = 1\n"
                        + "postmaster_address = p@x.test\n"
                        + "default_internal_user = nobody\n"
                        + "default_login_user = nobody\n"
                        + "default_internal_group = nogroup\n"
                        + "mbox_write_locks = "
                        + order
                        + "\n");
        var delivery = new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT);
        var dovecots = new ArrayList<Process>();
        for (int i = 0; i < 6; i++) {
            var process =
                    new ProcessBuilder(
                            "setpriv",
                            "--reuid",
                            "61001",
                            "--regid",
                            "61001",
                            "--clear-groups",
                            "env",
                            "-i",
                            "HOME=" + home,
                            "USER=ann",
                            lda.toString(),
                            "-c",
                            config.toString(),
                            "-f",
                            "d@x.test");
            process.redirectErrorStream(true);
            Process started = process.start();
            started.getOutputStream()
                    .write("Subject: dovecot\n\nbody\n".getBytes(StandardCharsets.UTF_8));
            started.getOutputStream().close();
            dovecots.add(started);
            ann.call(() -> {
                delivery.deliver(
                        new MboxDelivery.Target(spool.resolve("ann"), ANN, 0),
                        "s@x.test",
                        new byte[0],
                        letter());
                return true;
            });
        }
        for (Process process : dovecots) {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
        }
        try (MailStore store = store();
                Mailbox box = store.open("INBOX", false)) {
            assertEquals(12, box.size(), order);
        }
    }
}
