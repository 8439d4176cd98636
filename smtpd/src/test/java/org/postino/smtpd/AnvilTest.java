// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Wire;

/// What anvil remembers: in its file, of clients, and asked by smtpd.
final class AnvilTest {
    @TempDir Path directory;

    private final Turned clock = new Turned();

    private static final class Turned extends Clock {
        private Instant now = Instant.parse("2026-11-29T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void turn(Duration by) {
            now = now.plus(by);
        }

        long in(Duration time) {
            return now.plus(time).getEpochSecond();
        }
    }

    private AnvilStore store(int limit) throws IOException {
        return new AnvilStore(directory.resolve("store"), limit, clock);
    }

    @Test
    void whatWasPutIsThereAfterACrash() throws IOException {
        var store = store(10);
        store.put("a", "1", clock.in(Duration.ofHours(1)));
        store.put("b", "1", clock.in(Duration.ofHours(1)));
        store.put("a", "2 \t3\n", clock.in(Duration.ofHours(2)));
        // nobody closes it, and the last line was cut off
        Files.writeString(directory.resolve("store"), "garbage\n12", StandardOpenOption.APPEND);
        try (var again = store(10)) {
            assertEquals(Optional.of("2  3 "), again.get("a"));
            assertEquals(Optional.of("1"), again.get("b"));
            again.put("c", "3", clock.in(Duration.ofHours(1)));
        }
        try (var third = store(10)) {
            assertEquals(Optional.of("3"), third.get("c"));
            clock.turn(Duration.ofMinutes(61));
            assertEquals(Optional.empty(), third.get("b"));
            assertEquals(Optional.of("2  3 "), third.get("a"));
        }
    }

    @Test
    void theFileDoesNotGrowWithoutEnd() throws IOException {
        try (var store = store(10)) {
            for (int i = 0; i < 5000; i++) {
                store.put("k" + i % 5, "v" + i, clock.in(Duration.ofHours(1)));
            }
            assertTrue(Files.size(directory.resolve("store")) < 1100 * 30);
            assertEquals(Optional.of("v4999"), store.get("k4"));
        }
        try (var again = store(10)) {
            assertEquals(Optional.of("v4995"), again.get("k0"));
            assertEquals(5, again.size());
        }
    }

    @Test
    void aLongKeyTakesNoMoreThanAnother() throws IOException {
        String start = "192.0.2.0/24/" + "x".repeat(5000);
        try (var store = store(10)) {
            store.put(start + "1", "one", clock.in(Duration.ofHours(1)));
            store.put(start + "2", "two", clock.in(Duration.ofHours(1)));
            store.put(start + "3", "v".repeat(5000), clock.in(Duration.ofHours(1)));
            assertTrue(Files.size(directory.resolve("store")) < 4 * 2 * AnvilStore.MAX_TEXT);
        }
        String line = clock.in(Duration.ofHours(1)) + "\t" + "y".repeat(900) + "\told\n";
        Files.writeString(directory.resolve("store"), line, StandardOpenOption.APPEND);
        try (var again = store(10)) {
            assertEquals(Optional.of("one"), again.get(start + "1"));
            assertEquals(Optional.of("two"), again.get(start + "2"));
            assertEquals(Optional.of("v".repeat(AnvilStore.MAX_TEXT)), again.get(start + "3"));
            assertEquals(Optional.of("old"), again.get("y".repeat(900)));
            assertEquals(Optional.empty(), again.get("y".repeat(901)));
        }
    }

    @Test
    void aLineWithoutEndIsNotTakenIntoMemory() throws IOException {
        Files.write(directory.resolve("store"), new byte[10_000_000]);
        Files.writeString(
                directory.resolve("store"),
                "\n" + clock.in(Duration.ofHours(1)) + "\ta\t1\n",
                StandardOpenOption.APPEND);
        try (var store = store(10)) {
            assertEquals(Optional.of("1"), store.get("a"));
        }
    }

    @Test
    void theOldestGoesWhenThereIsNoRoom() throws IOException {
        try (var store = store(10)) {
            for (int i = 0; i < 11; i++) {
                store.put("k" + i, "v", clock.in(Duration.ofHours(1)));
            }
            assertTrue(store.size() <= 10);
            assertEquals(Optional.empty(), store.get("k0"));
            assertEquals(Optional.of("v"), store.get("k10"));
        }
    }

    private static AnvilGreylist.Question question(String recipient) {
        return question(recipient, false);
    }

    private static AnvilGreylist.Question question(String recipient, boolean only) {
        return new AnvilGreylist.Question(
                "192.0.2.0/24",
                "s@b.test",
                recipient,
                Duration.ofMinutes(5),
                Duration.ofDays(2),
                Duration.ofDays(35),
                2,
                only);
    }

    @Test
    void whoOnlyAsksLeavesNoTrace() throws IOException {
        try (var triplets = store(100);
                var networks = new AnvilStore(directory.resolve("networks"), 100, clock)) {
            var greylist = new AnvilGreylist(triplets, networks, clock);
            var q = question("bob@local.test", true);
            assertEquals(new AnvilGreylist.Answer(300, 0), greylist.ask(q));
            clock.turn(Duration.ofMinutes(6));
            assertEquals(new AnvilGreylist.Answer(300, 0), greylist.ask(q));
            assertEquals(0, triplets.size());
        }
    }

    @Test
    void aTripletPassesWhenItComesAgainInTime() throws IOException {
        try (var triplets = store(100);
                var networks = new AnvilStore(directory.resolve("networks"), 100, clock)) {
            var greylist = new AnvilGreylist(triplets, networks, clock);
            var q = question("bob@local.test");
            assertEquals(new AnvilGreylist.Answer(300, 0), greylist.ask(q));
            clock.turn(Duration.ofMinutes(2));
            assertEquals(new AnvilGreylist.Answer(180, 0), greylist.ask(q));
            clock.turn(Duration.ofMinutes(4));
            assertEquals(new AnvilGreylist.Answer(0, 360), greylist.ask(q));
            assertEquals(new AnvilGreylist.Answer(0, 0), greylist.ask(q));
            var late = question("late@local.test");
            assertEquals(300, greylist.ask(late).left());
            clock.turn(Duration.ofDays(3));
            assertEquals(300, greylist.ask(late).left());
            clock.turn(Duration.ofDays(31));
            assertEquals(0, greylist.ask(q).left());
            clock.turn(Duration.ofDays(36));
            assertEquals(300, greylist.ask(q).left());
        }
    }

    @Test
    void aNetworkThatHasPassedOftenIsNotDelayed() throws IOException {
        try (var triplets = store(100);
                var networks = new AnvilStore(directory.resolve("networks"), 100, clock)) {
            var greylist = new AnvilGreylist(triplets, networks, clock);
            for (int i = 0; i < 3; i++) {
                assertEquals(300, greylist.ask(question("x" + i)).left());
            }
            clock.turn(Duration.ofMinutes(6));
            for (int i = 0; i < 3; i++) {
                assertEquals(0, greylist.ask(question("x" + i)).left()); // one pass in an hour
            }
            assertEquals(300, greylist.ask(question("y")).left());
            clock.turn(Duration.ofMinutes(61));
            assertEquals(0, greylist.ask(question("y")).left());
            assertEquals(0, greylist.ask(question("z")).left());
        }
    }

    @Test
    void aMessageThatWasDelayedSaysSo() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_recipient_restrictions", "reject_unauth_destination check_greylist");
            stage.param("smtpd_greylist_delay", "1s");
            stage.param("smtpd_greylist_header_enable", "yes");
            stage.anvil();
            assertTrue(attempt(stage).startsWith("450 4.2.0 "));
            stage.anvil(); // it has started anew meanwhile
            Await.until("the client is let in", () -> attempt(stage).startsWith("250 2.1.5"));
            try (var wire = new Wire(stage.connect())) {
                wire.line();
                wire.ask("HELO x");
                wire.ask("MAIL FROM:<s2@b.test>");
                wire.ask("RCPT TO:<bob@local.test>");
                wire.ask("DATA");
                wire.ask("x\r\n.");
            }
            String text = stage.queue.messages.getFirst().content();
            assertTrue(!text.contains("X-Greylist"), text); // it was known by then
        }
    }

    private static String attempt(SmtpdStage stage) {
        try (var wire = new Wire(stage.connect())) {
            wire.line();
            wire.ask("HELO x");
            wire.ask("MAIL FROM:<s1@b.test>");
            return String.valueOf(wire.ask("RCPT TO:<bob@local.test>"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static AnvilUsage.Message usage(long recipients, boolean takes, boolean only) {
        return new AnvilUsage.Message(
                "user bob", recipients, 10, List.of(3L, 5L, 0L, 0L, 8L, 0L), takes, only);
    }

    @Test
    void anHourAndADayHaveTheirLimits() throws IOException {
        try (var store = store(100)) {
            var usage = new AnvilUsage(store, clock);
            var none = new AnvilUsage.Verdict("", 0, false);
            assertEquals(none, usage.count(usage(2, false, false)));
            assertEquals(none, usage.count(usage(2, false, true)));
            assertEquals(none, usage.count(usage(3, false, false)));
            assertEquals(
                    new AnvilUsage.Verdict("recipients/hour", 6, true),
                    usage.count(usage(1, false, false)));
            assertEquals(
                    new AnvilUsage.Verdict("recipients/hour", 6, false),
                    usage.count(usage(1, false, false)));
            clock.turn(Duration.ofMinutes(61));
            assertEquals(none, usage.count(usage(3, true, false)));
            assertEquals(
                    new AnvilUsage.Verdict("recipients/day", 9, false),
                    usage.count(usage(1, true, false)));
            assertEquals(
                    new AnvilUsage.Verdict("recipients/day", 10, false),
                    usage.count(usage(1, true, false)));
            clock.turn(Duration.ofHours(24));
            assertEquals(none, usage.count(usage(1, true, false)));
        }
    }

    @Test
    void aClientThatSendsTooMuchIsRefusedAndThePostmasterToldOnce() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            stage.anvil();
            stage.param("smtpd_client_volume_limits", "messages/hour=1");
            assertTrue(sent(stage).startsWith("250 2.0.0"));
            assertEquals("450 4.7.1 Error: too much mail from 127.0.0.1", sent(stage));
            stage.awaitLog("reject: MAIL from localhost[127.0.0.1]: 450 4.7.1 Error: too much");
            stage.awaitLog("warning: volume limit exceeded: 2 messages/hour of 1 from 127.0.0.1");
        }
        try (var stage = new SmtpdStage(Files.createDirectory(directory.resolve("other")))) {
            stage.anvil();
            stage.param("smtpd_client_volume_limits", "recipients/day=2");
            stage.param("smtpd_client_volume_limit_action", "hold");
            stage.param("smtpd_volume_notice_recipient", "abuse");
            assertTrue(sent(stage).startsWith("250 2.0.0"));
            assertTrue(sent(stage).startsWith("250 2.0.0"));
            assertTrue(sent(stage).startsWith("250 2.0.0"));
            stage.awaitLog(
                    "hold: END-OF-MESSAGE from localhost[127.0.0.1]: volume limit exceeded: ");
            var notices =
                    stage.queue.messages.stream()
                            .filter(m -> m.recipients().contains("abuse"))
                            .toList();
            assertEquals(1, notices.size());
            String text = notices.getFirst().content();
            assertTrue(text.contains("Subject: Too much mail from 127.0.0.1\r\n"), text);
        }
    }

    private static String sent(SmtpdStage stage) throws IOException {
        try (var wire = new Wire(stage.connect())) {
            wire.line();
            wire.ask("HELO x");
            String mail = String.valueOf(wire.ask("MAIL FROM:<s1@b.test>"));
            if (!mail.startsWith("250")) {
                return mail;
            }
            wire.ask("RCPT TO:<bob@local.test>");
            wire.ask("DATA");
            return String.valueOf(wire.ask("x\r\n."));
        }
    }

    @Test
    void mailPassesWhileAnvilIsAway() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            stage.param("smtpd_greylist_enable", "yes");
            assertEquals("250 2.1.5 Ok", attempt(stage));
            stage.awaitLog("warning: cannot ask anvil, which remembers clients: ");
        }
    }

    @Test
    void clientsOfPostscreenAreKnownAfterARestart() throws IOException {
        var address = InetAddress.ofLiteral("192.0.2.1");
        try (var stage = new SmtpdStage(directory)) {
            stage.anvil();
            var client = new AnvilClient(directory, Clock.systemUTC(), w -> {});
            PostscreenCache cache = client.cache(Duration.ofDays(7));
            assertEquals(Optional.empty(), cache.find(address));
            var results = new PostscreenResults();
            results.passed(PostscreenCheck.DNSBL, Instant.now().plusSeconds(60));
            cache.store(address, results);
            stage.anvil();
            assertEquals(
                    Optional.of(results.print()),
                    cache.find(address).map(PostscreenResults::print));
        }
    }
}
