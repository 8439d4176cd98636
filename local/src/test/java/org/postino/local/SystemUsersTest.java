// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postino.linux.AsUser;
import org.postino.smtp.Delivery;

/// Accounts of the system with uids of their own; needs the right to act as them.
final class SystemUsersTest {
    private static final int ANN = 61_001;
    private static final int BEN = 61_002;
    private static final int MAIL = 61_008;

    private Lab lab;
    private Path spool;
    private Path ann;
    private Path ben;

    @BeforeEach
    void open() throws IOException {
        lab = Lab.forAccounts();
        spool = lab.dir.resolve("spool");
        Files.setAttribute(spool, "unix:gid", MAIL);
        Files.setAttribute(spool, "unix:mode", 02775);
        lab.settings.put("deliver_lock_attempts", "1");
        lab.settings.put("deliver_lock_delay", "1s");
        ann = lab.account("ann", ANN);
        ben = lab.account("ben", BEN);
    }

    @AfterEach
    void close() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    private static void mode(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static Map<String, Object> about(Path file) throws IOException {
        return Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static void assertIs(int uid, int gid, int mode, Path file) throws IOException {
        var about = about(file);
        assertEquals(
                uid + " " + gid + " " + Integer.toOctalString(mode),
                about.get("uid")
                        + " "
                        + about.get("gid")
                        + " "
                        + Integer.toOctalString(
                                about.get("mode") instanceof Integer is ? is & 07777 : -1));
    }

    private Delivery assertOutcome(String expected, String recipient) throws Exception {
        Delivery outcome = lab.deliver(recipient);
        assertEquals(expected.replace("$dir", lab.dir.toString()), Lab.text(outcome));
        return outcome;
    }

    private int count(Path mbox) throws IOException {
        return Files.exists(mbox)
                ? Files.readString(mbox).split("(?m)^From sender", -1).length - 1
                : 0;
    }

    @Test
    void aMailboxInTheSpoolIsTheUsersWithTheSpoolsGroup() throws Exception {
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann+ext@mx.test");
        Path box = spool.resolve("ann");
        assertIs(ANN, MAIL, 0600, box);
        assertEquals(2, count(box));
        assertTrue(Files.readString(box).matches("(?s)From sender@else.test  .*"));
        try (var files = Files.list(spool)) {
            assertEquals(1, files.count(), "no lock file is left");
        }
    }

    @Test
    void aSpoolThatEverybodyMayWriteNeedsNoGroup() throws Exception {
        Files.setAttribute(spool, "unix:mode", 01777);
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
        assertIs(ANN, ANN, 0600, spool.resolve("ann"));
    }

    @Test
    void aMaildirIsMadeAsTheUser() throws Exception {
        lab.settings.put("home_mailbox", "Maildir/");
        mode(ann, "rwx------");
        assertOutcome("sent 2.0.0 delivered to maildir", "ann@mx.test");
        assertIs(ANN, ANN, 0700, ann.resolve("Maildir/new"));
        try (var files = Files.list(ann.resolve("Maildir/new"))) {
            assertIs(ANN, ANN, 0600, files.findFirst().orElseThrow());
        }
    }

    @Test
    void aMailboxFileInTheHomeIsMadeWithTheUsersGroup() throws Exception {
        lab.settings.put("home_mailbox", "mbox");
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
        assertIs(ANN, ANN, 0600, ann.resolve("mbox"));
    }

    @Test
    void rootsMailGoesIntoTheSpoolAlone() throws Exception {
        Path home = lab.account("root", 0);
        Path bait = lab.dir.resolve("bait");
        Lab.write(home.resolve(".forward"), bait + "\n", 0);
        lab.settings.put("home_mailbox", "Maildir/");
        lab.settings.put("mailbox_command", "touch " + bait);
        assertOutcome("sent 2.0.0 delivered to mailbox", "root@mx.test");
        assertEquals(1, count(spool.resolve("root")));
        assertFalse(Files.exists(bait));
        assertFalse(Files.exists(home.resolve("Maildir")));
    }

    @Test
    void aFileThatAUserMadeForRootsMailGetsNone() throws Exception {
        lab.account("root", 0);
        Files.setAttribute(spool, "unix:mode", 01777);
        Path box = Lab.write(spool.resolve("root"), "", BEN);
        mode(box, "rw-rw-rw-");
        assertOutcome(
                "deferred 4.2.0 cannot update mailbox $dir/spool/root for user root. $dir/spool/root is not owned by recipient",
                "root@mx.test");
        assertEquals(0, Files.size(box));
        Lab.give(box, 0);
        assertOutcome("sent 2.0.0 delivered to mailbox", "root@mx.test");
    }

    @Test
    void aMailboxOfRootsThatWeMayNotWriteToHasItsRemedyInTheLog() throws Exception {
        Path box = Lab.write(spool.resolve("root"), "", 0);
        mode(box, "rw-------");
        var place = new Deliveries.Place.Mbox(box, "root", 0);
        AsUser ben = AsUser.of(BEN, BEN);
        Delivery outcome = Deliveries.unwritable(place, ben).orElseThrow();
        assertEquals(
                "deferred 4.2.0 cannot update mailbox $ for user root. $: Permission denied: chown 61002 $, or send its mail elsewhere by an alias"
                        .replace("$", box.toString()),
                Lab.text(outcome));
        Lab.give(box, BEN);
        assertTrue(Deliveries.unwritable(place, ben).isEmpty());
    }

    // The home directory

    @Test
    void aHomeThatIsMissingDefers() throws Exception {
        lab.auth.user(
                "gone",
                "x",
                "uid=61003\tgid=61003\tsystem_groups_user=gone\thome="
                        + lab.dir.resolve("no/home"));
        assertOutcome("sent 2.0.0 delivered to mailbox", "gone@mx.test");
        try (var again = new Lab(Local::start)) {
            again.settings.put("home_mailbox", "Maildir/");
            again.auth.user(
                    "gone",
                    "x",
                    "uid=61003\tgid=61003\tsystem_groups_user=gone\thome=/no/such/home");
            Delivery outcome = again.deliver("gone@mx.test");
            assertEquals(Delivery.Deferred.class, outcome.getClass());
            assertEquals("maildir delivery failed: /no: Permission denied", outcome.dsn().reason());
        }
    }

    @Test
    void aHomeOfSomebodyElseIsNotWrittenTo() throws Exception {
        lab.settings.put("home_mailbox", "Maildir/");
        lab.auth.user(
                "ann",
                "x",
                "uid=" + ANN + "\tgid=" + ANN + "\tsystem_groups_user=ann\thome=" + ben);
        Delivery outcome = lab.deliver("ann@mx.test");
        assertEquals(Delivery.Deferred.class, outcome.getClass());
        assertFalse(Files.exists(ben.resolve("Maildir")));
    }

    @Test
    void linksToNastyPlacesLeadNowhere() throws Exception {
        lab.settings.put("home_mailbox", "Maildir/");
        for (String target : new String[] {"/etc", ben.toString(), spool.toString()}) {
            Path link = ann.resolve("Maildir");
            Files.createSymbolicLink(link, Path.of(target));
            assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass(), target);
            assertFalse(Files.exists(Path.of(target, "new")), target);
            assertFalse(Files.exists(Path.of(target, "tmp")), target);
            Files.delete(link);
        }
        assertOutcome("sent 2.0.0 delivered to maildir", "ann@mx.test");
    }

    @Test
    void aMaildirThatIsALinkWithinTheHomeIsFollowed() throws Exception {
        lab.settings.put("home_mailbox", "Maildir/");
        Files.createDirectory(ann.resolve("real"));
        Lab.give(ann.resolve("real"), ANN);
        Files.createSymbolicLink(ann.resolve("Maildir"), ann.resolve("real"));
        assertOutcome("sent 2.0.0 delivered to maildir", "ann@mx.test");
        assertEquals(1, Lab.messages(ann.resolve("real")).size());
    }

    // The mailbox file

    @Test
    void aMailboxThatIsALinkIsNotFollowed() throws Exception {
        Path victim = Lab.write(lab.dir.resolve("victim"), "mine\n", ANN);
        Files.createSymbolicLink(spool.resolve("ann"), victim);
        assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass());
        assertEquals("mine\n", Files.readString(victim));
    }

    @Test
    void aMailboxWithTwoNamesIsNotWrittenTo() throws Exception {
        Path victim = Lab.write(ann.resolve("victim"), "", ANN);
        Files.createLink(spool.resolve("ann"), victim);
        assertOutcome(
                "deferred 4.2.0 cannot update mailbox $dir/spool/ann for user ann. $dir/spool/ann has more than one name",
                "ann@mx.test");
        Files.delete(victim);
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
    }

    @Test
    void aMailboxOfSomebodyElseIsDeferredForUntilTheOwnerIsRight() throws Exception {
        Path box = Lab.write(spool.resolve("ann"), "", BEN);
        mode(box, "rw-rw-rw-");
        assertOutcome(
                "deferred 4.2.0 cannot update mailbox $dir/spool/ann for user ann. $dir/spool/ann is not owned by recipient",
                "ann@mx.test");
        Lab.give(box, ANN);
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
    }

    @Test
    void aMailboxThatMayNotBeReadIsDeferredFor() throws Exception {
        Path box = Lab.write(spool.resolve("ann"), "", ANN);
        mode(box, "---------");
        assertOutcome(
                "deferred 4.2.0 cannot update mailbox $dir/spool/ann for user ann. $dir/spool/ann: Permission denied",
                "ann@mx.test");
    }

    @Test
    void aMailboxThatIsNoFileIsDeferredFor() throws Exception {
        Files.createDirectory(spool.resolve("ann"));
        assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass());
        Files.delete(spool.resolve("ann"));
        fifo(spool.resolve("ann"));
        assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass());
    }

    private static void fifo(Path path) throws Exception {
        var made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        assertEquals(0, made.waitFor());
    }

    // Locks

    @Test
    void aForeignDotlockDefersAndThenTheMailArrives() throws Exception {
        for (String content : new String[] {"", "1:elsewhere", "77777777"}) {
            Path lock = Lab.write(spool.resolve("ann.lock"), content, BEN);
            mode(lock, "---------");
            Delivery outcome = lab.deliver("ann@mx.test");
            assertEquals(Delivery.Deferred.class, outcome.getClass());
            assertEquals(
                    "cannot update mailbox "
                            + spool
                            + "/ann for user ann. unable to lock for exclusive access: another program holds "
                            + lock,
                    outcome.dsn().reason());
            Files.delete(lock);
        }
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
    }

    @Test
    void aForeignKernelLockDefersAndThenTheMailArrives() throws Exception {
        Path box = Lab.write(spool.resolve("ann"), "", ANN);
        var holder =
                new ProcessBuilder(
                                "python3",
                                "-c",
                                "import fcntl,sys\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint('held',flush=True)\nsys.stdin.read()",
                                box.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            holder.inputReader().readLine();
            Delivery outcome = lab.deliver("ann@mx.test");
            assertEquals(Delivery.Deferred.class, outcome.getClass());
            assertTrue(
                    outcome.dsn().reason().contains("unable to lock for exclusive access"),
                    outcome.dsn().reason());
            assertFalse(Files.exists(spool.resolve("ann.lock")), "all locks are given back");
        } finally {
            holder.outputWriter().close();
            holder.waitFor();
        }
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
    }

    @Test
    void aStaleDotlockIsTakenAway() throws Exception {
        Path lock = Lab.write(spool.resolve("ann.lock"), "", BEN);
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(10))));
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
        assertFalse(Files.exists(lock));
    }

    @Test
    void aLockFileThatIsAFifoDelaysNobodyElse() throws Exception {
        lab.settings.put("home_mailbox", "mbox");
        fifo(ann.resolve("mbox.lock"));
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var stuck = pool.submit(() -> lab.deliver("ann@mx.test"));
            assertEquals(Delivery.Sent.class, lab.deliver("ben@mx.test").getClass());
            assertEquals(Delivery.Deferred.class, stuck.get().getClass());
        }
    }

    @Test
    void mailIsWrittenToTheFileThatHasTheNameNow() throws Exception {
        Path box = Lab.write(spool.resolve("ann"), "", ANN);
        lab.settings.put("deliver_lock_attempts", "20");
        try (var channel = FileChannel.open(box, StandardOpenOption.WRITE);
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var lock = channel.lock();
            var waiting = pool.submit(() -> lab.deliver("ann@mx.test"));
            while (lab.auth.lookups() == 0 && !waiting.isDone()) {
                Thread.onSpinWait();
            }
            Path fresh = Lab.write(spool.resolve("fresh"), "", ANN);
            Files.move(fresh, box, StandardCopyOption.REPLACE_EXISTING);
            lock.release();
            assertEquals(Delivery.Sent.class, waiting.get().getClass());
        }
        assertEquals(1, count(box));
    }

    @Test
    void aLimitLeavesTheFileAsItWas() throws Exception {
        lab.settings.put("mailbox_size_limit", "300");
        lab.settings.put("message_size_limit", "300");
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
        long size = Files.size(spool.resolve("ann"));
        assertOutcome(
                "bounced 5.2.2 cannot update mailbox $dir/spool/ann for user ann. mailbox size limit exceeded",
                "ann@mx.test");
        assertEquals(size, Files.size(spool.resolve("ann")));
    }

    @Test
    void aUserWhoIsDeletedWhileMailWaitsIsUnknown() throws Exception {
        lab.auth.user("eve", "x", "uid=61009\tgid=61009\tsystem_groups_user=eve");
        Path lock = Lab.write(spool.resolve("eve.lock"), "", BEN);
        assertEquals(Delivery.Deferred.class, lab.deliver("eve@mx.test").getClass());
        Files.delete(lock);
        try (var later = new Lab(Local::start)) {
            assertEquals("unknown user: \"eve\"", later.deliver("eve@mx.test").dsn().reason());
        }
        lab.auth.failing(true);
        assertEquals(Delivery.Deferred.class, lab.deliver("frank@mx.test").getClass());
    }
}
