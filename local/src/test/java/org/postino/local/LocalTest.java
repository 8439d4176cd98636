// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postino.linux.Processes;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;
import org.postino.server.FatalException;
import org.postino.smtp.Delivery;

final class LocalTest {
    private Lab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(Local::start);
    }

    @AfterEach
    void close() throws IOException {
        lab.close();
    }

    private static void assertOutcome(
            Class<? extends Delivery> kind, String status, String reason, Delivery outcome) {
        assertEquals(status + " " + reason, outcome.dsn().status() + " " + outcome.dsn().reason());
        assertEquals(kind, outcome.getClass());
    }

    @Test
    void aUserOfThePasswdFileGetsAMaildirFileWithSizes() throws Exception {
        assertOutcome(
                Delivery.Sent.class, "2.0.0", "delivered to maildir", lab.deliver("bob@mx.test"));
        String text = lab.mail("bob").getFirst();
        assertEquals(
                """
                Return-Path: <sender@else.test>
                X-Original-To: original@mx.test
                Delivered-To: bob@mx.test
                Subject: hello

                From me
                body
                """,
                text);
        try (var files = Files.list(lab.maildir("bob").resolve("new"))) {
            String name = files.findFirst().orElseThrow().getFileName().toString();
            assertTrue(name.endsWith(",S=" + text.length() + ",W=" + (text.length() + 7)), name);
        }
    }

    @Test
    void theFullAddressIsLookedUpFirstAndExtensionsFallBack() throws Exception {
        lab.deliver("alice@mx.test");
        lab.deliver("alice+lists@mx.test");
        lab.deliver("bob+x@mx.test");
        assertEquals(2, lab.mail("alice@mx.test").size());
        assertTrue(lab.mail("bob").getFirst().contains("Delivered-To: bob+x@mx.test\n"));
    }

    @Test
    void anUnknownUserBounces() throws Exception {
        assertOutcome(
                Delivery.Bounced.class,
                "5.1.1",
                "unknown user: \"nobody-here\"",
                lab.deliver("nobody-here@mx.test"));
    }

    @Test
    void aFailingUserDatabaseDefers() throws Exception {
        lab.auth.failing(true);
        var outcome = lab.deliver("bob@mx.test");
        assertEquals(Delivery.Deferred.class, outcome.getClass());
        assertEquals("4.3.0", outcome.dsn().status().toString());
    }

    @Test
    void theNullSenderIsKept() throws Exception {
        lab.deliver("", "bob@mx.test", "\r\nx\r\n");
        assertTrue(lab.mail("bob").getFirst().startsWith("Return-Path: <>\n"));
    }

    @Test
    void aMessageThatComesRoundIsStopped() throws Exception {
        assertOutcome(
                Delivery.Bounced.class,
                "5.4.6",
                "mail forwarding loop for bob@mx.test",
                lab.deliver("bob@mx.test", "X: y\r\nDelivered-To: Bob@MX.test\r\n\r\nbody\r\n"));
        assertEquals(
                Delivery.Sent.class,
                lab.deliver("bob@mx.test", "X: y\r\n\r\nDelivered-To: bob@mx.test\r\n").getClass());
    }

    @Test
    void anAliasForOneUserIsDeliveredAtOnce() throws Exception {
        lab.aliases("postmaster root\nroot bob\n");
        assertOutcome(
                Delivery.Sent.class,
                "2.0.0",
                "delivered to maildir",
                lab.deliver("Postmaster@mx.test"));
        assertEquals(1, lab.mail("bob").size());
    }

    @Test
    void severalAddressesGoBackAsOneMessage() throws Exception {
        lab.aliases("all bob, \"alice@mx.test\", carol@else.test\n");
        assertOutcome(
                Delivery.Sent.class,
                "2.0.0",
                "forwarded as ABCDE12345",
                lab.deliver("all@mx.test"));
        var taken = lab.cleanup.taken().getFirst();
        assertEquals(
                List.of("bob@mx.test", "alice@mx.test", "carol@else.test"), taken.recipients());
        assertEquals("sender@else.test", taken.sender());
        assertTrue(
                taken.content().contains("\r\nDelivered-To: all@mx.test\r\nSubject: hello\r\n"),
                taken.content());
        assertTrue(
                taken.content().startsWith("Received: by mx.test (Postino)\r\n\tid ABCDE12345; "));
    }

    @Test
    void membersOfAnAliasNeedNoCommas() throws Exception {
        for (String members :
                List.of(
                        "bob dan@else.test",
                        "bob\tdan@else.test",
                        "bob; dan@else.test",
                        "team: bob, dan@else.test;",
                        "bob (of us) dan@else.test",
                        "Bob <bob@mx.test> Dan <dan@else.test>")) {
            lab.aliases("all " + members + "\n");
            lab.deliver("all@mx.test");
            assertEquals(
                    List.of("bob@mx.test", "dan@else.test"),
                    lab.cleanup.taken().getLast().recipients(),
                    members);
        }
    }

    @Test
    void anAliasOfNothingWaits() throws Exception {
        for (String nobody : List.of("(nobody)", "<>", ",", "none:;")) {
            lab.aliases("all " + nobody + "\n");
            assertOutcome(
                    Delivery.Deferred.class,
                    "4.3.0",
                    "alias database unavailable: no recipient in lookup result for all",
                    lab.deliver("all@mx.test"));
        }
    }

    @Test
    void membersKeepWhatTheSenderAskedForButOfAList() throws Exception {
        lab.aliases("all carol@else.test\nlist dan@else.test\nowner-list bob\n");
        lab.orcpt = "rfc822;first@else.test";
        var wishes =
                Map.of("SUCCESS,FAILURE", "FAILURE", "SUCCESS", "NEVER", "NEVER", "NEVER", "", "");
        for (var wish : wishes.entrySet()) {
            lab.notify = wish.getKey();
            lab.deliver("all@mx.test");
            var taken = lab.cleanup.taken().getLast();
            assertEquals(
                    List.of(
                            Recipient.of(
                                    "carol@else.test",
                                    "original@mx.test",
                                    wish.getValue(),
                                    "rfc822;first@else.test")),
                    taken.given());
            assertEquals("e1", taken.envelope().attribute(Envelope.ENVID));
            assertEquals("HDRS", taken.envelope().attribute(Envelope.RET));
        }
        lab.deliver("list@mx.test");
        var taken = lab.cleanup.taken().getLast();
        assertEquals(
                List.of(Recipient.of("dan@else.test", "dan@else.test", "", "")), taken.given());
        assertEquals("", taken.envelope().attribute(Envelope.ENVID));
        assertEquals("", taken.envelope().attribute(Envelope.RET));
    }

    @Test
    void whoAskedForSuccessHearsOfWhatAnAliasStandsFor() throws Exception {
        Path box = lab.dir.resolve("box");
        Files.setPosixFilePermissions(lab.dir, PosixFilePermissions.fromString("rwxrwxrwx"));
        lab.settings.put("luser_relay", "catch@else.test");
        lab.aliases(
                "one bob\nsaved "
                        + box
                        + "\nall bob carol@else.test\naway carol@else.test\nboth \\bob "
                        + box
                        + "\nlist \\bob dan@else.test\nowner-list bob\n"
                        + "plain \\bob\nowner-plain bob\n");
        var expected =
                Map.of(
                        "bob", Delivery.Goal.DELIVERED,
                        "one", Delivery.Goal.DELIVERED,
                        "saved", Delivery.Goal.DELIVERED,
                        "all", Delivery.Goal.EXPANDED,
                        "away", Delivery.Goal.EXPANDED,
                        "both", Delivery.Goal.EXPANDED,
                        "nobody", Delivery.Goal.EXPANDED,
                        "list", Delivery.Goal.DELIVERED,
                        "plain", Delivery.Goal.DELIVERED);
        for (var e : expected.entrySet()) {
            var sent = assertInstanceOf(Delivery.Sent.class, lab.deliver(e.getKey() + "@mx.test"));
            assertEquals(e.getValue(), sent.goal(), e.getKey());
        }
    }

    @Test
    void theLogTellsOfEveryDelivery() throws Exception {
        Path box = lab.dir.resolve("box");
        Files.setPosixFilePermissions(lab.dir, PosixFilePermissions.fromString("rwxrwxrwx"));
        lab.aliases(
                "original bob\nmix \\bob "
                        + box
                        + " \"|exit 0\" w@else.test\nboth \\bob \\nosuch\n\"first last\" bob\n");
        String end = "@mx.test>, relay=local, status=";
        String to = ", orig_to=<original" + end;
        assertEquals(
                List.of("to=<bob@mx.test>" + to + "sent (delivered to maildir)"),
                lab.lines("bob@mx.test"));
        assertEquals(
                List.of("to=<bob@mx.test>" + to + "sent (delivered to maildir)"),
                lab.lines("original@mx.test"));
        String mix = "to=<mix@mx.test>" + to;
        assertEquals(
                List.of(
                        "to=<bob@mx.test>" + to + "sent (delivered to maildir)",
                        mix + "sent (delivered to file: " + box + ")",
                        mix + "sent (delivered to command: exit 0)",
                        mix + "sent (forwarded as ABCDE12345)"),
                lab.lines("mix@mx.test"));
        assertEquals(
                List.of(
                        "to=<bob@mx.test>" + to + "sent (delivered to maildir)",
                        "to=<nosuch@mx.test>" + to + "bounced (unknown user: \"nosuch\")"),
                lab.lines("both@mx.test"));
        assertEquals(
                List.of("to=<\"no such\"@mx.test>" + to + "bounced (unknown user: \"no such\")"),
                lab.lines("no such@mx.test"));
    }

    @Test
    void anAliasWithBlanksInItsNameIsFound() throws Exception {
        lab.aliases("\"first last\" bob\n");
        assertOutcome(
                Delivery.Sent.class,
                "2.0.0",
                "delivered to maildir",
                lab.deliver("First Last@mx.test"));
    }

    @Test
    void theOwnerOfAListGetsItsErrors() throws Exception {
        lab.aliases("list carol@else.test\nowner-list bob\n");
        lab.deliver("list@mx.test");
        assertEquals("owner-list@mx.test", lab.cleanup.taken().getFirst().sender());
    }

    @Test
    void anAliasThatNamesItselfMeansItsMailbox() throws Exception {
        lab.aliases("bob bob, carol@else.test\n");
        assertOutcome(
                Delivery.Sent.class,
                "2.0.0",
                "forwarded as ABCDE12345",
                lab.deliver("bob@mx.test"));
        assertEquals(1, lab.mail("bob").size());
        assertEquals(List.of("carol@else.test"), lab.cleanup.taken().getFirst().recipients());
    }

    @Test
    void aliasLoopsEnd() throws Exception {
        lab.aliases("a b\nb a\n");
        assertOutcome(
                Delivery.Bounced.class,
                "5.4.6",
                "alias database loop for a",
                lab.deliver("a@mx.test"));
    }

    @Test
    void includesFilesAndCommandsAreDelivered() throws Exception {
        Path list = lab.dir.resolve("list");
        Path box = lab.dir.resolve("box/all");
        Path got = lab.dir.resolve("got");
        Files.createDirectories(box.getParent());
        Files.setPosixFilePermissions(lab.dir, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(
                box.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(list, "# people\ncarol@else.test\ndan@else.test, erin@else.test\n");
        lab.aliases("all :include:" + list + ", " + box + ", \"|cat >" + got + "; exit 0\"\n");
        var outcome = lab.deliver("all@mx.test");
        assertEquals(Delivery.Sent.class, outcome.getClass(), outcome.toString());
        assertEquals(3, lab.cleanup.taken().getFirst().recipients().size());
        String mbox = Files.readString(box);
        assertTrue(mbox.startsWith("From sender@else.test  "), mbox);
        assertTrue(mbox.endsWith("\n\n>From me\nbody\n\n"), mbox);
        assertTrue(Files.readString(got).contains("\nSubject: hello\n\nFrom me\nbody\n"));
    }

    @Test
    void aCommandsStatusDecides() throws Exception {
        lab.aliases(
                "temp \"|echo later; exit 75\"\nnouser \"|exit 67\"\nodd \"|echo why >&2; exit 3\"\nkilled \"|kill -9 $$\"\n");
        assertOutcome(
                Delivery.Deferred.class,
                "4.3.0",
                "temporary failure. Command output: later",
                lab.deliver("temp@mx.test"));
        assertOutcome(
                Delivery.Bounced.class, "5.1.1", "user unknown", lab.deliver("nouser@mx.test"));
        assertOutcome(
                Delivery.Bounced.class,
                "5.3.0",
                "Command died with status 3: \"echo why >&2; exit 3\". Command output: why",
                lab.deliver("odd@mx.test"));
        assertEquals(Delivery.Deferred.class, lab.deliver("killed@mx.test").getClass());
    }

    @Test
    void commandsAndFilesFromIncludesAreRestricted() throws Exception {
        Path list = lab.dir.resolve("list");
        Files.writeString(list, "|id\n");
        lab.aliases("all :include:" + list + "\n");
        assertOutcome(
                Delivery.Bounced.class,
                "5.7.0",
                "mail to command is restricted: id",
                lab.deliver("all@mx.test"));
    }

    @Test
    void whatFailsForAWhileKeepsTheRestFromBeingForwarded() throws Exception {
        lab.aliases("all \"|exit 75\", carol@else.test\n");
        assertEquals(Delivery.Deferred.class, lab.deliver("all@mx.test").getClass());
        assertTrue(lab.cleanup.taken().isEmpty());
    }

    @Test
    void aTableThatCannotBeReadDefers() throws Exception {
        lab.settings.put("alias_maps", "fail:broken");
        var outcome = lab.deliver("bob@mx.test");
        assertEquals(Delivery.Deferred.class, outcome.getClass());
        assertTrue(outcome.dsn().reason().startsWith("alias database unavailable"));
    }

    @Test
    void anUnwritableMaildirDefersWithPathAndReason() throws Exception {
        Path maildir = lab.maildir("bob");
        Files.createDirectories(maildir.getParent());
        Files.writeString(maildir, "not a directory");
        var outcome = lab.deliver("bob@mx.test");
        assertEquals(Delivery.Deferred.class, outcome.getClass());
        assertTrue(
                outcome.dsn().reason().startsWith("maildir delivery failed: " + maildir),
                outcome.dsn().reason());
        Files.delete(maildir);
        assertEquals(Delivery.Sent.class, lab.deliver("bob@mx.test").getClass());
    }

    @Test
    void theLocationOfTheUserDatabaseCounts() throws Exception {
        Path inbox = lab.dir.resolve("carol.mbox");
        lab.auth.user("carol", "x", "mail=mbox:~/mail:INBOX=" + inbox);
        assertOutcome(
                Delivery.Sent.class, "2.0.0", "delivered to mailbox", lab.deliver("carol@mx.test"));
        lab.deliver("carol@mx.test");
        assertEquals(2, Files.readString(inbox).split("(?m)^From sender", -1).length - 1);
    }

    @Test
    void aMailboxOverItsLimitBouncesAndStaysAsItWas() throws Exception {
        Path inbox = lab.dir.resolve("carol.mbox");
        lab.settings.put("mailbox_size_limit", "300");
        lab.settings.put("message_size_limit", "300");
        lab.auth.user("carol", "x", "mail=mbox:~/mail:INBOX=" + inbox);
        lab.deliver("carol@mx.test");
        long size = Files.size(inbox);
        assertOutcome(
                Delivery.Bounced.class,
                "5.2.2",
                "cannot update mailbox " + inbox + " for user carol. mailbox size limit exceeded",
                lab.deliver("carol@mx.test"));
        assertEquals(size, Files.size(inbox));
    }

    /// As in Postfix: local does not run, and qmgr defers its mail.
    @Test
    void aMailboxLimitBelowTheMessageLimitIsFatal() {
        lab.settings.put("mailbox_size_limit", "300");
        var e = assertThrows(FatalException.class, lab::agent);
        assertEquals(
                "main.cf configuration error: mailbox_size_limit is smaller than message_size_limit",
                e.getMessage());
        lab.settings.put("mailbox_size_limit", "0");
        lab.agent();
    }

    @Test
    void luserRelayTakesMailForNobody() throws Exception {
        lab.settings.put("luser_relay", "catch+$local@else.test");
        lab.deliver("who@mx.test");
        assertEquals(List.of("catch+who@else.test"), lab.cleanup.taken().getFirst().recipients());
    }

    @Test
    void aSystemUserGetsMailAsThatUser() throws Exception {
        Assumptions.assumeTrue(Processes.isRoot());
        Files.setPosixFilePermissions(lab.dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        lab.account("nobody", 65534);
        Path spool = lab.dir.resolve("spool");
        Files.setPosixFilePermissions(spool, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertOutcome(
                Delivery.Sent.class,
                "2.0.0",
                "delivered to mailbox",
                lab.deliver("nobody@mx.test"));
        assertEquals("nobody", Files.getOwner(spool.resolve("nobody")).getName());
        assertTrue(Files.notExists(spool.resolve("nobody.lock")));
    }

    @Test
    void manyAtOnceAllArriveWholeAndQuickly() throws Exception {
        int count = 400;
        var files = new ArrayList<Path>();
        String content =
                "Subject: bulk\r\n\r\n"
                        + "0123456789abcdef0123456789abcdef0123456789abcdef\r\n".repeat(80);
        for (int i = 0; i < count; i++) {
            files.add(lab.queueFile("s@else.test", "bob@mx.test", content));
        }
        lab.deliver(files.removeFirst(), "s@else.test");
        long start = System.nanoTime();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Delivery>>();
            for (Path file : files) {
                all.add(pool.submit(() -> lab.deliver(file, "s@else.test")));
            }
            for (var outcome : all) {
                assertEquals(Delivery.Sent.class, outcome.get().getClass());
            }
        }
        long ms = (System.nanoTime() - start) / 1_000_000;
        assertTrue(ms < 60_000, "took " + ms + " ms");
        var mail = lab.mail("bob");
        assertEquals(count, mail.size());
        assertTrue(
                mail.stream()
                        .allMatch(m ->
                                m.endsWith("cdef\n") && m.length() == mail.getFirst().length()));
        assertTrue(lab.auth.lookups() < 20, "users are remembered: " + lab.auth.lookups());
    }
}
