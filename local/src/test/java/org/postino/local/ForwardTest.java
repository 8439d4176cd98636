// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postino.kit.Await;
import org.postino.log.EventLog;
import org.postino.queue.Envelope;
import org.postino.routing.AddressClass;
import org.postino.routing.Resolver;
import org.postino.smtp.Delivery;

/// `.forward` files of accounts with uids of their own, and commands run as them; needs the right to act as them.
final class ForwardTest {
    private static final int ANN = 61_001;
    private static final int BEN = 61_002;

    private Lab lab;
    private Path spool;
    private Path ann;
    private Path ben;

    @BeforeEach
    void open() throws IOException {
        lab = Lab.forAccounts();
        spool = lab.dir.resolve("spool");
        Files.setAttribute(spool, "unix:mode", 01777);
        ann = lab.account("ann", ANN);
        ben = lab.account("ben", BEN);
    }

    @AfterEach
    void close() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    private void forward(String text) throws IOException {
        Lab.write(ann.resolve(".forward"), text, ANN);
    }

    private void assertOutcome(String expected, String recipient) throws Exception {
        assertEquals(expected.replace("$ann", ann.toString()), Lab.text(lab.deliver(recipient)));
    }

    private void assertInMailbox(String user) throws Exception {
        assertOutcome("sent 2.0.0 delivered to mailbox", user + "@mx.test");
        assertTrue(Files.size(spool.resolve(user)) > 0);
        Files.delete(spool.resolve(user));
    }

    private static int uid(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid");
    }

    @Test
    void addressesAreForwarded() throws Exception {
        forward("# my other accounts\nann@else.test, \"ann b\"@else.test\n\nBen B <ben@mx.test>\n");
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
        assertEquals(
                List.of("ann@else.test", "ann b@else.test", "ben@mx.test"),
                lab.cleanup.taken().getFirst().recipients());
        assertFalse(Files.exists(spool.resolve("ann")));
    }

    /// It was released, or has come back from its filter, when it is delivered.
    @Test
    void whatIsForwardedIsNeitherHeldNorFilteredOnceMore() throws Exception {
        forward("ann@else.test\n");
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
        assertEquals(
                Map.of(Envelope.ENVID, "e1", Envelope.RET, "HDRS"),
                lab.cleanup.taken().getFirst().envelope().attributes());
    }

    /// Forms of an address of Ben's that only the rewritten address shows to be here.
    private static final List<String> ROUTES_HERE =
            List.of(
                    "ben%mx.test",
                    "mx.test!ben",
                    "\"ben@mx.test\"",
                    "\"ben@mx.test\"@mx.test",
                    "ben%mx.test@mx.test",
                    "mx.test!ben@mx.test",
                    "mx.test!ben%mx.test",
                    "@gate.test:ben@mx.test",
                    "<@gate.test,@mx.test:ben%mx.test@mx.test>",
                    "<@gate.test:ben@mx.test>",
                    "ben@mx.test.");

    /// The same for somebody elsewhere.
    private static final List<String> ROUTES_AWAY =
            List.of(
                    "user%other.test",
                    "other.test!user",
                    "\"user@other.test\"",
                    "\"user@other.test\"@mx.test",
                    "user%other.test@mx.test",
                    "other.test!user@mx.test",
                    "mx.test!other.test!user",
                    "@gate.test:user@other.test",
                    "@mx.test:user%other.test@mx.test",
                    "<@gate.test,@mx.test:user@other.test>",
                    "user@other.test.");

    @Test
    void aRouteThatLeadsHereIsDeliveredHere() throws Exception {
        for (String form : ROUTES_HERE) {
            forward(form + "\n");
            assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
            assertTrue(Files.deleteIfExists(spool.resolve("ben")), form);
            assertFalse(Files.exists(spool.resolve("ann")), form);
        }
        assertTrue(lab.cleanup.taken().isEmpty());
    }

    @Test
    void aRouteToTheOwnersNameIsTheOwnersMailbox() throws Exception {
        for (String form : ROUTES_HERE) {
            forward(form.replace("ben", "ann") + ", ann@else.test\n");
            assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
            assertTrue(Files.deleteIfExists(spool.resolve("ann")), form);
            assertEquals(
                    List.of("ann@else.test"), lab.cleanup.taken().getLast().recipients(), form);
        }
    }

    @Test
    void aRouteThatLeadsAwayGoesWhereItIsResolvedTo() throws Exception {
        Resolver resolver = lab.resolver();
        for (String form : ROUTES_AWAY) {
            forward(form + "\n");
            assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
            var recipients = lab.cleanup.taken().getLast().recipients();
            assertEquals(1, recipients.size(), form);
            var resolved = resolver.resolve("sender@else.test", recipients.getFirst());
            assertEquals("user@other.test", resolved.recipient(), form);
            assertEquals(AddressClass.DEFAULT, resolved.addressClass(), form);
        }
        assertFalse(Files.exists(spool.resolve("ann")));
    }

    @Test
    void routesAreTakenAsTheConfigurationSays() throws Exception {
        lab.settings.put("swap_bangpath", "no");
        lab.settings.put("allow_percent_hack", "no");
        forward("ben%mx.test\nmx.test!ben\n");
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
        assertEquals(
                List.of("ben%mx.test@mx.test", "mx.test!ben@mx.test"),
                lab.cleanup.taken().getFirst().recipients());
    }

    @Test
    void whatIsNotTakenIsToldAndTheRestGoesOn() throws Exception {
        Map<String, String> expected =
                Map.of(
                        "user%other.test@mx.test <joe@other.test>", "user%other.test@mx.test",
                        "@, joe@other.test", "@",
                        "joe@other.test (never closed user@third.test",
                                "(never closed user@third.test");
        for (var e : expected.entrySet()) {
            var told = new CopyOnWriteArrayList<String>();
            forward(e.getKey() + "\n");
            try (var _ = EventLog.listen(event -> told.add(event.text()))) {
                assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
            }
            String warning = "not taken as a destination: " + e.getValue();
            assertTrue(
                    told.stream()
                            .anyMatch(line ->
                                    line.equals(
                                            "file " + ann.resolve(".forward") + ": " + warning)),
                    e.getKey() + told);
            assertEquals(
                    List.of("joe@other.test"),
                    lab.cleanup.taken().getLast().recipients(),
                    e.getKey());
        }
    }

    @Test
    void aBackslashMeansTheMailbox() throws Exception {
        forward("\\ann, ann@else.test\n");
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
        assertTrue(Files.exists(spool.resolve("ann")));
        assertEquals(List.of("ann@else.test"), lab.cleanup.taken().getFirst().recipients());
    }

    @Test
    void aCopyIsKeptOnceThoughForwardingWaits() throws Exception {
        forward("\\ann, ann@else.test\n");
        lab.cleanup.full(true);
        assertOutcome("deferred 4.3.0 cannot forward message: queue is full", "ann@mx.test");
        assertFalse(Files.exists(spool.resolve("ann")));
        lab.cleanup.full(false);
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
        assertEquals(1, Files.readString(spool.resolve("ann")).split("Return-Path", -1).length - 1);
        assertEquals(1, lab.cleanup.taken().size());
    }

    @Test
    void nothingElseIsDoneWhileTheMailboxWaits() throws Exception {
        Path ran = ann.resolve("ran");
        Path file = ann.resolve("saved");
        forward("\"|echo x >>" + ran + "\"\n" + file + "\n\\ann, ann@else.test\n");
        Files.createDirectory(spool.resolve("ann"));
        assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass());
        assertFalse(Files.exists(ran));
        assertFalse(Files.exists(file));
        assertTrue(lab.cleanup.taken().isEmpty());
        Files.delete(spool.resolve("ann"));
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
        assertEquals("x\n", Files.readString(ran));
        assertTrue(Files.exists(file));
    }

    @Test
    void commandsComeLastAndNoneAfterOneThatWaits() throws Exception {
        Path ran = ann.resolve("ran");
        forward("\"|exit 75\"\n\"|echo x >>" + ran + "\"\nann@else.test\n");
        assertOutcome("deferred 4.3.0 temporary failure", "ann@mx.test");
        assertFalse(Files.exists(ran));
        assertTrue(lab.cleanup.taken().isEmpty());
    }

    @Test
    void aFileThatCannotBeReturnsTheMessage() throws Exception {
        Files.createDirectory(ann.resolve("directory"));
        Files.writeString(ann.resolve("plain"), "");
        Files.createSymbolicLink(ann.resolve("loop"), Path.of("loop"));
        Lab.write(ann.resolve("others"), "", BEN);
        Files.createDirectory(ann.resolve("closed"));
        for (String name :
                List.of(
                        "no/such/file",
                        "plain/maildir/",
                        "directory",
                        "plain/x",
                        "plain/",
                        "loop",
                        "others",
                        "closed/x",
                        "n".repeat(300))) {
            forward(ann.resolve("x").getParent() + "/" + name + "\n");
            Delivery outcome = lab.deliver("ann@mx.test");
            assertEquals("bounced 5.2.0", Lab.text(outcome).substring(0, 13), name + outcome);
        }
    }

    @Test
    void filesAndCommandsAreTheUsers() throws Exception {
        Path file = ann.resolve("saved");
        Path said = ann.resolve("said");
        forward(
                file
                        + "\n\"|(id -u; id -g; id -G; pwd; echo $LOGNAME $USER $EXTENSION $DOMAIN; cat) >"
                        + said
                        + "\"\n");
        assertEquals(Delivery.Sent.class, lab.deliver("ann+x@mx.test").getClass());
        assertEquals(ANN, uid(file));
        assertEquals(ANN, uid(said));
        List<String> lines = Files.readAllLines(said);
        assertEquals(
                List.of(ANN + "", ANN + "", ANN + "", ann.toString(), "ann ann x mx.test"),
                lines.subList(0, 5));
        assertTrue(lines.get(5).startsWith("From sender@else.test  "), lines.get(5));
        assertEquals("Return-Path: <sender@else.test>", lines.get(6));
        assertEquals("X-Original-To: original@mx.test", lines.get(7));
        assertEquals("Delivered-To: ann+x@mx.test", lines.get(8));
    }

    @Test
    void anExtensionHasAFileOfItsOwnThatLeadsNowhereElse() throws Exception {
        Lab.write(ann.resolve(".forward+work"), "boss@else.test\n", ANN);
        Files.createDirectories(ann.resolve(".forward+"));
        Lab.write(ann.resolve("trap"), "trap@else.test\n", ANN);
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann+work@mx.test");
        assertEquals(List.of("boss@else.test"), lab.cleanup.taken().getFirst().recipients());
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann+/../trap@mx.test");
        assertInMailbox("ann");
    }

    @Test
    void whatOthersMayHaveWrittenIsNotUsed() throws Exception {
        for (String mode : new String[] {"rw-rw-rw-", "rw-rw-r--", "rw-r--rw-"}) {
            forward("evil@else.test\n");
            Files.setPosixFilePermissions(
                    ann.resolve(".forward"), PosixFilePermissions.fromString(mode));
            assertInMailbox("ann");
        }
        Lab.write(ann.resolve(".forward"), "evil@else.test\n", BEN);
        Files.setPosixFilePermissions(
                ann.resolve(".forward"), PosixFilePermissions.fromString("rw-r--r--"));
        assertInMailbox("ann");
        assertTrue(lab.cleanup.taken().isEmpty());
    }

    @Test
    void whatIsNoTextFileIsNotUsed() throws Exception {
        Path file = ann.resolve(".forward");
        new ProcessBuilder("mkfifo", file.toString()).inheritIO().start().waitFor();
        Lab.give(file, ANN);
        assertInMailbox("ann");
        Files.delete(file);
        Files.createDirectory(file);
        Lab.give(file, ANN);
        assertInMailbox("ann");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/etc/passwd"));
        assertInMailbox("ann");
        Files.delete(file);
        Files.createSymbolicLink(file, file);
        assertInMailbox("ann");
        Files.delete(file);
        forward("evil@else.test\n\0/etc/passwd\n");
        assertInMailbox("ann");
        forward("a@else.test\n".repeat(100_000));
        assertInMailbox("ann");
        forward("");
        assertInMailbox("ann");
        forward("# nothing\n\n");
        assertInMailbox("ann");
    }

    @Test
    void aHomeThatCannotBeReadHasNoForwarding() throws Exception {
        forward("evil@else.test\n");
        Lab.give(ann, BEN);
        Files.setPosixFilePermissions(ann, PosixFilePermissions.fromString("rwx------"));
        assertInMailbox("ann");
    }

    @Test
    void aForwardThatNamesItselfIsItsMailbox() throws Exception {
        forward("ann@mx.test\n");
        assertInMailbox("ann");
        forward("ann+again@mx.test\n");
        assertInMailbox("ann");
    }

    @Test
    void aRingOfTwoEndsInAMailboxAndNotInAlias() throws Exception {
        forward("ben\n");
        Lab.write(ben.resolve(".forward"), "ann\n", BEN);
        assertInMailbox("ann");
        assertInMailbox("ben");
        lab.aliases("carl ann\nann2 carl\n");
        forward("ann2\n");
        assertOutcome("bounced 5.4.6 alias database loop for carl", "carl@mx.test");
    }

    @Test
    void whatIsForwardedComesBackNoSecondTime() throws Exception {
        forward("ann@else.test, x@else.test\n");
        lab.deliver("ann@mx.test");
        String content = lab.cleanup.taken().getFirst().content();
        Delivery outcome = lab.deliver("ann@mx.test", content);
        assertEquals("mail forwarding loop for ann@mx.test", outcome.dsn().reason());
    }

    @Test
    void anIncludeOfAForwardIsReadAsItsUser() throws Exception {
        Path secret = Lab.write(ben.resolve("secret"), "told@else.test\n", BEN);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        forward(":include:" + secret + "\n");
        assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass());
        forward(":include:" + ann.resolve("list") + "\n");
        Lab.write(ann.resolve("list"), "one@else.test\ntwo@else.test\n", ANN);
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann@mx.test");
    }

    @Test
    void filesOfOthersAreNotWrittenTo() throws Exception {
        Path target = Lab.write(ben.resolve("target"), "ben's\n", BEN);
        forward(target + "\n");
        assertEquals(Delivery.Bounced.class, lab.deliver("ann@mx.test").getClass());
        Files.delete(ann.resolve(".forward"));
        Files.createSymbolicLink(ann.resolve("saved"), target);
        forward(ann.resolve("saved") + "\n");
        assertEquals(Delivery.Bounced.class, lab.deliver("ann@mx.test").getClass());
        assertEquals("ben's\n", Files.readString(target));
        forward("/no/such/directory/file\n");
        assertOutcome(
                "bounced 5.2.0 cannot append message to file /no/such/directory/file: /no/such/directory/file: No such file or directory",
                "ann@mx.test");
    }

    @Test
    void whereForwardingMayGoIsConfigured() throws Exception {
        lab.settings.put("allow_mail_to_commands", "alias");
        forward("|id\n");
        assertOutcome("bounced 5.7.0 mail to command is restricted: id", "ann@mx.test");
        lab.close();
        open();
        lab.settings.put("forward_path", lab.dir + "/fw/${user}${recipient_delimiter}${extension}");
        Files.createDirectories(lab.dir.resolve("fw"));
        Files.writeString(lab.dir.resolve("fw/ann+x"), "x@else.test\n");
        assertOutcome("sent 2.0.0 forwarded as ABCDE12345", "ann+x@mx.test");
        assertOutcome("sent 2.0.0 delivered to mailbox", "ann@mx.test");
    }

    // Commands

    @Test
    void everyExitStatusHasItsAnswer() throws Exception {
        var expected =
                Map.ofEntries(
                        Map.entry(0, "sent 2.0.0 delivered to command: exit 0"),
                        Map.entry(1, "bounced 5.3.0 Command died with status 1: \"exit 1\""),
                        Map.entry(64, "bounced 5.3.0 command line usage error"),
                        Map.entry(65, "bounced 5.6.0 data format error"),
                        Map.entry(66, "bounced 5.3.0 cannot open input"),
                        Map.entry(67, "bounced 5.1.1 user unknown"),
                        Map.entry(68, "bounced 5.1.2 host name unknown"),
                        Map.entry(69, "bounced 5.3.0 service unavailable"),
                        Map.entry(70, "bounced 5.3.0 internal software error"),
                        Map.entry(71, "deferred 4.3.0 system resource problem"),
                        Map.entry(72, "bounced 5.3.0 critical OS file missing"),
                        Map.entry(73, "bounced 5.2.0 can't create user output file"),
                        Map.entry(74, "bounced 5.3.0 input/output error"),
                        Map.entry(75, "deferred 4.3.0 temporary failure"),
                        Map.entry(76, "bounced 5.5.0 remote error in protocol"),
                        Map.entry(77, "bounced 5.7.0 permission denied"),
                        Map.entry(78, "bounced 5.3.5 local configuration error"),
                        Map.entry(127, "bounced 5.3.0 Command died with status 127: \"exit 127\""));
        for (var entry : expected.entrySet()) {
            forward("\"|exit " + entry.getKey() + "\"\n");
            assertOutcome(entry.getValue(), "ann@mx.test");
        }
        forward("\"|kill -9 $$\"\n");
        assertOutcome("deferred 4.3.0 Command died with signal 9: \"kill -9 $$\"", "ann@mx.test");
    }

    @Test
    void whatStrangersWroteIsNothingToAShell() throws Exception {
        Path said = ann.resolve("said");
        forward("\"|echo $SENDER/$EXTENSION/$LOCAL/$RECIPIENT/$HOME >" + said + "\"\n");
        lab.deliver("$(id)`id`;*@else.test", "ann+'a b'|x@mx.test", "Subject: x\r\n\r\n");
        assertEquals(
                "__id__id___@else.test/_a_b__x/ann+_a_b__x/ann+_a_b__x@mx.test/" + ann + "\n",
                Files.readString(said));
    }

    @Test
    void aCommandThatHangsIsKilledWithItsChildren() throws Exception {
        lab.settings.put("command_time_limit", "1s");
        Path pid = ann.resolve("pid");
        forward("\"|sleep 1000 & echo $! >" + pid + "; wait\"\n");
        Delivery outcome = lab.deliver("ann@mx.test");
        assertEquals(Delivery.Deferred.class, outcome.getClass());
        assertTrue(
                outcome.dsn().reason().startsWith("Command time limit exceeded: \"sleep 1000"),
                outcome.dsn().reason());
        long child = Long.parseLong(Files.readString(pid).strip());
        Await.until(
                "the child is killed",
                () ->
                        !Files.exists(Path.of("/proc/" + child))
                                || Files.readString(Path.of("/proc/" + child + "/stat"))
                                        .contains(") Z "));
    }

    @Test
    void nobodyWaitsForWhatACommandLeavesBehind() throws Exception {
        Path pid = ann.resolve("pid");
        forward("\"|setsid sleep 1000 <&0 & echo $! >" + pid + "; echo done; exit 0\"\n");
        long start = System.nanoTime();
        String large = "Subject: large\r\n\r\n" + "0123456789abcdef\r\n".repeat(20_000);
        assertEquals("sent", lab.deliver("ann@mx.test", large).word());
        assertTrue(System.nanoTime() - start < 60_000_000_000L);
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aCommandNeedNotReadTheMessage() throws Exception {
        forward("\"|exec <&-; exit 0\"\n");
        String large = "Subject: large\r\n\r\n" + "0123456789abcdef\r\n".repeat(20_000);
        assertEquals(Delivery.Sent.class, lab.deliver("ann@mx.test", large).getClass());
    }

    @Test
    void aTalkativeCommandIsHeardInPart() throws Exception {
        forward("\"|yes no | head -c 1000000; exit 69\"\n");
        Delivery outcome = lab.deliver("ann@mx.test");
        assertTrue(outcome.dsn().reason().startsWith("service unavailable. Command output: no no"));
        assertTrue(outcome.dsn().reason().length() < 9000);
    }

    // What delivers to mailboxes instead

    @Test
    void aMailboxCommandRunsAsTheUserWithItsTextAsItIs() throws Exception {
        Path said = ann.resolve("said");
        lab.settings.put(
                "mailbox_command",
                "echo \"$USER/$EXTENSION/$LOCAL/$HOME\" >\"$HOME\"/said; cat >>\"$HOME\"/said");
        assertOutcome(
                "sent 2.0.0 delivered to command: echo \"$USER/$EXTENSION/$LOCAL/$HOME\" >\"$HOME\"/said; cat >>\"$HOME\"/said",
                "ann+x@mx.test");
        assertEquals(ANN, uid(said));
        List<String> lines = Files.readAllLines(said);
        assertEquals("ann/x/ann+x/" + ann, lines.getFirst());
        assertTrue(lines.get(1).startsWith("From sender@else.test  "), lines.get(1));
    }

    @Test
    void aTableGivesSomeUsersAnotherCommand() throws Exception {
        Path map = lab.dir.resolve("commands");
        Files.writeString(map, "ann exit 77\n");
        lab.settings.put("mailbox_command_maps", "texthash:" + map);
        assertOutcome("bounced 5.7.0 permission denied", "ann@mx.test");
        assertOutcome("sent 2.0.0 delivered to mailbox", "ben@mx.test");
    }

    @Test
    void aTransportThatIsNotThereDefers() throws Exception {
        lab.settings.put("mailbox_transport", "lmtp:unix:/dev/null");
        assertOutcome("deferred 4.3.0 mail transport unavailable: lmtp", "ann@mx.test");
        assertOutcome("deferred 4.3.0 mail transport unavailable: lmtp", "nobody-here@mx.test");
    }

    @Test
    void tablesChooseTransportsForUsersAndForNobody() throws Exception {
        Path map = lab.dir.resolve("transports");
        Files.writeString(map, "ann first:\n");
        lab.settings.put("mailbox_transport_maps", "texthash:" + map);
        lab.settings.put("fallback_transport_maps", "static:second:");
        assertOutcome("deferred 4.3.0 mail transport unavailable: first", "ann@mx.test");
        assertOutcome("sent 2.0.0 delivered to mailbox", "ben@mx.test");
        assertOutcome("deferred 4.3.0 mail transport unavailable: second", "nobody-here@mx.test");
    }

    @Test
    void anAliasFileThatIsMissingOrClosedDefers() throws Exception {
        Files.delete(lab.dir.resolve("aliases"));
        assertEquals(Delivery.Deferred.class, lab.deliver("ann@mx.test").getClass());
    }
}
