// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every storage format must do. `here` and `there` act as two processes on one store.
abstract class StoreContract {
    @TempDir Path dir;
    MailStores processHere = new MailStores(Clock.systemUTC());
    MailStores processThere = new MailStores(Clock.systemUTC());
    MailStore here;
    MailStore there;

    abstract MailLocation location();

    @BeforeEach
    void open() throws IOException {
        here = processHere.open(location(), StoreOwner.self());
        there = processThere.open(location(), StoreOwner.self());
    }

    @AfterEach
    void close() throws IOException {
        here.close();
        there.close();
        processHere.close();
        processThere.close();
    }

    static InputStream text(String crlf) {
        return new ByteArrayInputStream(crlf.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String message(String subject) {
        return "Subject: " + subject + "\r\n\r\nbody of " + subject + "\r\n";
    }

    Appended add(String subject, Flag... flags) throws IOException {
        return here.append("INBOX", Flags.of(flags), null, text(message(subject)));
    }

    static String content(Mailbox box, long uid) throws IOException {
        try (var bytes = box.read(uid)) {
            return new String(bytes.bytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static List<Long> uids(Mailbox box) {
        var list = new ArrayList<Long>();
        for (int i = 1; i <= box.size(); i++) {
            list.add(box.uid(i));
        }
        return list;
    }

    @Test
    void aMessageComesBackOctetForOctet() throws IOException {
        String text =
                "Subject: x\r\n"
                        + "X: \0\r\n\r\n"
                        + "bare\r"
                        + "CR \r\r\n"
                        + ".dot\r\n"
                        + "From me\r\n"
                        + ">From you\r\n"
                        + "no end\r\n";
        var at = here.append("INBOX", Flags.NONE, Instant.ofEpochSecond(1_000_000_000), text(text));
        try (Mailbox box = there.open("INBOX", false)) {
            assertEquals(text, content(box, at.uid()));
            assertEquals(text.length(), box.size(at.uid()));
            assertEquals(Instant.ofEpochSecond(1_000_000_000), box.internalDate(at.uid()));
            assertEquals(at.uidValidity(), box.uidValidity());
            try (var bytes = box.read(at.uid())) {
                assertEquals(text.length(), bytes.size());
                assertEquals(
                        "Subject: x\r\nX: \0\r\n\r\n",
                        new String(bytes.header(), StandardCharsets.ISO_8859_1));
                for (int offset = 0; offset <= text.length() + 2; offset++) {
                    var out = new ByteArrayOutputStream();
                    bytes.writeTo(out, offset, 5);
                    int from = Math.min(offset, text.length());
                    assertEquals(
                            text.substring(from, Math.min(text.length(), from + 5)),
                            out.toString(StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    @Test
    void aLargeMessageIsReadInPartsAtAnyOffset() throws IOException {
        var big = new StringBuilder("Subject: big\r\n\r\n");
        for (int i = 0; big.length() < 700_000; i++) {
            big.append("line ").append(i).append("\r\n");
        }
        byte[] expected = big.toString().getBytes(StandardCharsets.ISO_8859_1);
        var at = here.append("INBOX", Flags.NONE, null, text(big.toString()));
        try (Mailbox box = here.open("INBOX", false);
                var bytes = box.read(at.uid())) {
            assertEquals(expected.length, bytes.size());
            assertArrayEquals(expected, bytes.bytes());
            for (int offset : new int[] {0, 1, 65_535, 400_001, expected.length - 3}) {
                var out = new ByteArrayOutputStream();
                bytes.writeTo(out, offset, 100);
                assertArrayEquals(
                        Arrays.copyOfRange(
                                expected, offset, Math.min(expected.length, offset + 100)),
                        out.toByteArray());
            }
            assertEquals("Subject: big\r\n\r\n".length(), bytes.header().length);
        }
    }

    @Test
    void uidsAscendAndSurviveReopening() throws IOException {
        long first = add("one").uid();
        long second = add("two", Flag.SEEN).uid();
        assertTrue(second > first);
        try (Mailbox box = there.open("INBOX", false)) {
            assertEquals(List.of(first, second), uids(box));
            assertEquals(second + 1, box.uidNext());
            box.expunge(List.of(second));
        }
        long third = add("three").uid();
        assertTrue(third > second);
        try (Mailbox box = there.open("INBOX", false)) {
            assertEquals(List.of(first, third), uids(box));
        }
    }

    @Test
    void aMailboxIsKnownByOneIdentityWhateverItsName() throws IOException {
        here.create("One");
        here.create("Two");
        String one = here.identity("One");
        assertTrue(one.matches("[0-9A-Za-z]+"), one);
        assertEquals(one, there.identity("One"));
        assertEquals(3, Set.of(one, here.identity("Two"), here.identity("INBOX")).stream().count());
        here.rename("One", "Other");
        assertEquals(one, there.identity("Other"));
        try (Mailbox box = there.open("Other", true)) {
            assertEquals(one, box.identity());
        }
        here.create("One");
        assertNotEquals(one, here.identity("One"));
        here.delete("Other");
        here.create("Other");
        assertNotEquals(one, there.identity("Other"));
    }

    @Test
    void numbersChangeInSyncAlone() throws IOException {
        for (int i = 0; i < 4; i++) {
            add("m" + i);
        }
        try (Mailbox a = here.open("INBOX", false);
                Mailbox b = there.open("INBOX", false)) {
            long second = a.uid(2);
            b.store(List.of(a.uid(1)), StoreMode.ADD, Flags.of(Flag.FLAGGED), Long.MAX_VALUE);
            b.expunge(List.of(second, b.uid(4)));
            b.append(Flags.of(Flag.SEEN), null, text(message("new")));
            assertEquals(4, a.size());
            Changes kept = a.syncKeepingNumbers();
            assertEquals(List.of(), kept.expunged());
            assertTrue(kept.arrived());
            assertEquals(5, kept.exists());
            assertEquals(List.of(1), kept.changed());
            assertEquals(second, a.uid(2));
            var gone = assertThrows(MailStoreException.class, () -> a.read(second));
            assertEquals(MailStoreException.Problem.EXPUNGED, gone.problem());
            Changes all = a.sync();
            assertEquals(List.of(4, 2), all.expunged());
            assertEquals(3, all.exists());
            assertFalse(all.arrived());
            assertTrue(a.sync().isEmpty());
        }
    }

    @Test
    void flagsAndKeywordsAreSharedAndKept() throws IOException {
        long uid = add("flags", Flag.SEEN).uid();
        try (Mailbox a = here.open("INBOX", false);
                Mailbox b = there.open("INBOX", false)) {
            var given = Flags.parse(List.of("\\Flagged", "$Forwarded", "Work")).orElseThrow();
            assertEquals(
                    List.of(uid),
                    a.store(List.of(uid), StoreMode.ADD, given, Long.MAX_VALUE).stored());
            var expected =
                    Flags.parse(List.of("\\Seen", "\\Flagged", "$forwarded", "work")).orElseThrow();
            assertEquals(expected, a.message(1).flags());
            assertTrue(a.sync().isEmpty(), "own changes are not reported again");
            assertEquals(List.of(1), b.sync().changed());
            assertEquals(expected, b.message(1).flags());
            assertTrue(b.keywords().contains("Work"));
            b.store(
                    List.of(uid),
                    StoreMode.REMOVE,
                    Flags.parse(List.of("\\Seen", "WORK")).orElseThrow(),
                    Long.MAX_VALUE);
            a.sync();
            assertEquals(
                    Flags.parse(List.of("\\Flagged", "$Forwarded")).orElseThrow(),
                    a.message(1).flags());
        }
        try (Mailbox c =
                new MailStores(Clock.systemUTC())
                        .open(location(), StoreOwner.self())
                        .open("INBOX", true)) {
            assertEquals(List.of("\\Flagged", "$Forwarded"), c.message(1).flags().names());
        }
    }

    @Test
    void aStoreConditionLeavesNewerMessagesAlone() throws IOException {
        long one = add("one").uid();
        long two = add("two").uid();
        try (Mailbox a = here.open("INBOX", false)) {
            long known = a.highestModSeq();
            a.store(List.of(one), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            var result =
                    a.store(List.of(one, two, 999L), StoreMode.ADD, Flags.of(Flag.DRAFT), known);
            assertEquals(List.of(two), result.stored());
            assertEquals(List.of(one), result.modified());
            assertEquals(List.of(999L), result.gone());
            assertTrue(a.highestModSeq() > known);
        }
    }

    @Test
    void everyChangeHasAModSeqOfItsOwn() throws IOException {
        long one = add("one").uid();
        long two = add("two").uid();
        try (Mailbox a = here.open("INBOX", false);
                Mailbox b = there.open("INBOX", false)) {
            long before = a.highestModSeq();
            a.store(List.of(one), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            long seen = a.message(a.sequence(one)).modseq();
            assertTrue(seen > before);
            assertTrue(a.message(a.sequence(two)).modseq() <= before);
            b.sync();
            b.store(List.of(two), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            a.sync();
            assertTrue(a.message(a.sequence(two)).modseq() > seen);
            assertEquals(a.message(a.sequence(two)).modseq(), a.highestModSeq());
        }
    }

    @Test
    void whatWentIsToldByUid() throws IOException {
        var uids = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            uids.add(add("m" + i).uid());
        }
        try (Mailbox a = here.open("INBOX", false);
                Mailbox b = there.open("INBOX", false)) {
            long before = a.highestModSeq();
            b.expunge(List.of(uids.get(1), uids.get(2), uids.get(4)));
            assertEquals(
                    List.of(
                            new UidRange(uids.get(1), uids.get(2)),
                            new UidRange(uids.get(4), uids.get(4))),
                    a.sync().vanished());
            var went = a.vanished(before);
            for (int gone : new int[] {1, 2, 4}) {
                assertTrue(
                        went.stream()
                                .anyMatch(r ->
                                        r.first() <= uids.get(gone) && r.last() >= uids.get(gone)),
                        () -> gone + " in " + went);
            }
            for (int there : new int[] {0, 3, 5}) {
                assertTrue(
                        went.stream()
                                .noneMatch(r ->
                                        r.first() <= uids.get(there)
                                                && r.last() >= uids.get(there)),
                        () -> there + " not in " + went);
            }
            assertEquals(List.of(), a.vanished(a.highestModSeq()));
        }
    }

    @Test
    void onlyOneSessionIsToldOfARecentMessage() throws IOException {
        try (Mailbox a = here.open("INBOX", false)) {
            add("new");
            assertEquals(1, here.status("INBOX").recent());
            a.sync();
            assertEquals(1, a.recent());
            assertTrue(a.message(1).recent());
            try (Mailbox b = here.open("INBOX", false)) {
                assertEquals(0, b.recent());
            }
        }
    }

    @Test
    void anAppendedMessageWithFlagsIsRecentToTheFirstSessionAfterwards() throws IOException {
        add("plain");
        add("seen", Flag.SEEN);
        here.append("INBOX", Flags.parse(List.of("work")).orElseThrow(), null, text(message("k")));
        assertEquals(List.of(1L, 2L, 3L), recentAfterwards("INBOX"));
        try (Mailbox told = there.open("INBOX", false)) {
            told.store(List.of(2L), StoreMode.REPLACE, Flags.NONE, Long.MAX_VALUE);
        }
        assertEquals(List.of(), recentAfterwards("INBOX"));
    }

    @Test
    void aCopyIsRecentAndItsOriginalIsNot() throws IOException {
        here.create("Archive");
        add("seen", Flag.SEEN);
        add("plain");
        assertEquals(List.of(1L, 2L), recentAfterwards("INBOX"));
        try (Mailbox inbox = here.open("INBOX", false)) {
            here.copy(inbox, List.of(1L, 2L), "Archive");
            assertEquals(0, inbox.sync().recent());
        }
        assertEquals(List.of(1L, 2L), recentAfterwards("Archive"));
        assertEquals(List.of(), recentAfterwards("Archive"));
        assertEquals(List.of(), recentAfterwards("INBOX"));
    }

    @Test
    void aSessionOfAnotherProcessIsToldOnlyOfWhatNobodyElseWas() throws IOException {
        try (Mailbox waiting = here.open("INBOX", false)) {
            add("told here", Flag.SEEN);
            assertEquals(1, waiting.sync().recent());
            try (Mailbox other = there.open("INBOX", false)) {
                assertEquals(0, other.recent());
                add("told there", Flag.SEEN);
                assertEquals(1, other.sync().recent());
                assertTrue(other.message(2).recent());
                assertEquals(1, waiting.sync().recent());
            }
        }
    }

    /// What the next session calls recent, which one that only looks does not take away; all in a process that has nothing open.
    private List<Long> recentAfterwards(String name) throws IOException {
        var recent = new ArrayList<Long>();
        try (Mailbox looking = there.open(name, true);
                Mailbox first = there.open(name, false)) {
            for (int i = 1; i <= first.size(); i++) {
                assertEquals(first.message(i).recent(), looking.message(i).recent());
                if (first.message(i).recent()) {
                    recent.add(first.uid(i));
                }
            }
            assertEquals(recent.size(), looking.recent());
        }
        assertEquals(0, there.status(name).recent());
        return recent;
    }

    @Test
    void statusCountsWithoutOpening() throws IOException {
        add("one", Flag.SEEN);
        add("two", Flag.DELETED);
        long uid = add("three").uid();
        MailboxStatus status = there.status("inbox");
        assertEquals(3, status.messages());
        assertEquals(2, status.unseen());
        assertEquals(1, status.deleted());
        assertEquals(uid + 1, status.uidNext());
        assertEquals(
                message("one").length() + message("two").length() + message("three").length(),
                status.size());
    }

    @Test
    void copiesKeepFlagsAndDates() throws IOException {
        here.create("Archive");
        var flags = Flags.parse(List.of("\\Answered", "Blue")).orElseThrow();
        var old = Instant.ofEpochSecond(1_500_000_000);
        long uid = here.append("INBOX", flags, old, text(message("kept"))).uid();
        here.append("Archive", Flags.parse(List.of("Red")).orElseThrow(), null, text(message("r")));
        try (Mailbox a = here.open("INBOX", false)) {
            Copied copied = here.copy(a, List.of(uid, 4711L), "Archive");
            assertEquals(List.of(uid), copied.from());
            try (Mailbox archive = there.open("Archive", true)) {
                long to = copied.to().getFirst();
                int seq = archive.sequence(to);
                assertEquals(copied.uidValidity(), archive.uidValidity());
                assertEquals(flags, archive.message(seq).flags());
                assertEquals(old, archive.internalDate(to));
                assertEquals(message("kept"), content(archive, to));
            }
            Copied moved = here.move(a, List.of(uid), "Archive");
            assertEquals(1, moved.to().size());
            assertEquals(List.of(1), a.sync().expunged());
            assertThrows(NoSuchMailboxException.class, () -> here.copy(a, List.of(), "Nowhere"));
        }
        assertEquals(3, here.status("Archive").messages());
    }

    @Test
    void readOnlyMailboxesRefuseChanges() throws IOException {
        long uid = add("x").uid();
        try (Mailbox a = here.open("INBOX", true)) {
            assertThrows(MailStoreException.class, () -> a.expunge(List.of(uid)));
            assertThrows(
                    MailStoreException.class,
                    () -> a.store(List.of(uid), StoreMode.ADD, Flags.NONE, Long.MAX_VALUE));
        }
        assertEquals(1, here.status("INBOX").recent());
    }

    @Test
    void mailboxesAreMadeListedRenamedAndDeleted() throws IOException {
        char s = here.separator();
        here.create("Grüße");
        here.create("a" + s + "b");
        assertEquals(
                MailStoreException.Problem.EXISTS,
                assertThrows(MailStoreException.class, () -> here.create("Grüße")).problem());
        assertTrue(there.exists("Grüße"));
        var listed = there.list();
        assertEquals("INBOX", listed.getFirst().name());
        assertTrue(listed.contains(new MailboxInfo("a", false, true)), listed.toString());
        assertTrue(listed.contains(leaf("a" + s + "b")));
        assertTrue(listed.contains(leaf("Grüße")));
        here.append("a" + s + "b", Flags.NONE, null, text(message("deep")));
        here.rename("a", "c");
        assertEquals(1, there.status("c" + s + "b").messages());
        assertFalse(there.exists("a" + s + "b"));
        here.delete("c" + s + "b");
        assertFalse(there.exists("c" + s + "b"));
        assertThrows(NoSuchMailboxException.class, () -> here.open("c" + s + "b", false));
        assertThrows(MailStoreException.class, () -> here.delete("INBOX"));
        for (String bad : List.of("", "../x", "a" + s + s + "b", s + "x", "x\ny")) {
            assertThrows(MailStoreException.class, () -> here.create(bad), bad);
        }
    }

    /// A mailbox without children; where it is a file it can never have any.
    private MailboxInfo leaf(String name) {
        return new MailboxInfo(name, true, false, here.separator() == '/');
    }

    @Test
    void renamingInboxMovesItsMessages() throws IOException {
        add("one");
        add("two");
        here.rename("INBOX", "Old");
        assertEquals(2, here.status("Old").messages());
        assertEquals(0, here.status("INBOX").messages());
    }

    @Test
    void inboxHasChildrenLikeAnyOther() throws IOException {
        char s = here.separator();
        here.create("inbox" + s + "Sent");
        here.append("InBox" + s + "Sent", Flags.NONE, null, text(message("kept")));
        assertEquals(new MailboxInfo("INBOX", true, true), there.list().getFirst());
        var names = there.list().stream().map(MailboxInfo::name).toList();
        assertEquals(List.of("INBOX", "INBOX" + s + "Sent"), names);
        try (Mailbox box = there.open("inbox" + s + "Sent", false)) {
            assertEquals("INBOX" + s + "Sent", box.name());
            assertEquals(1, box.size());
        }
        assertEquals(MailStoreException.Problem.EXISTS, refusal("INBOX" + s + "Sent"));
        assertEquals(MailStoreException.Problem.EXISTS, refusal("INBOX" + s));
        here.subscribe("inbox" + s + "Sent");
        assertEquals(Set.of("INBOX" + s + "Sent"), there.subscriptions());
        add("one");
        here.rename("INBOX", "INBOX" + s + "Old");
        assertEquals(1, there.status("INBOX" + s + "Old").messages());
        assertEquals(1, there.status("INBOX" + s + "Sent").messages());
        assertEquals(0, there.status("INBOX").messages());
        here.rename("inbox" + s + "Sent", "Sent");
        assertEquals(1, there.status("Sent").messages());
        here.rename("Sent", "inbox" + s + "Sent");
        here.delete("Inbox" + s + "Sent");
        here.delete("INBOX" + s + "Old");
        assertEquals(new MailboxInfo("INBOX", true, false), there.list().getFirst());
    }

    @Test
    void aViewFollowsItsMailboxToAnotherName() throws IOException {
        char s = here.separator();
        here.create("a" + s + "b");
        for (int i = 0; i < 3; i++) {
            here.append("a" + s + "b", Flags.NONE, null, text(message("m" + i)));
        }
        try (Mailbox box = here.open("a" + s + "b", false);
                Mailbox inbox = here.open("INBOX", false)) {
            long validity = box.uidValidity();
            box.expunge(List.of(box.uid(1)));
            here.rename("a", "c");
            here.follow(box, "a", "c");
            here.follow(inbox, "a", "c");
            assertEquals("c" + s + "b", box.name());
            assertTrue(here.isOf(box, "c" + s + "b"));
            assertEquals("INBOX", inbox.name());
            assertEquals(List.of(1L, 2L, 3L), uids(box), "numbers stay until the next sync");
            assertEquals(message("m2"), content(box, 3));
            box.store(List.of(2L), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            here.append("c" + s + "b", Flags.NONE, null, text(message("m3")));
            Changes changes = box.sync();
            assertEquals(List.of(1), changes.expunged());
            assertTrue(changes.arrived());
            assertEquals(List.of(2L, 3L, 4L), uids(box));
            assertEquals(validity, box.uidValidity());
            assertEquals(4, box.recent() + 1);
        }
        assertEquals(2, there.status("c" + s + "b").unseen());
    }

    static Flags keywords(String prefix, int from, int to) {
        var names = new ArrayList<String>();
        for (int i = from; i < to; i++) {
            names.add(prefix + i);
        }
        return Flags.parse(names).orElseThrow();
    }

    @Test
    void aKeywordNeverStopsACopy() throws IOException {
        here.create("Full");
        long uid = here.append("Full", keywords("old", 0, 60), null, text(message("a"))).uid();
        long plain = here.append("Full", Flags.NONE, null, text(message("b"))).uid();
        add("c");
        Flags wanted = keywords("new", 0, 3).plus(Flags.of(Flag.FLAGGED));
        try (Mailbox inbox = here.open("INBOX", false);
                Mailbox other = there.open("Full", false)) {
            assertTrue(other.newKeywordsAllowed());
            inbox.store(uids(inbox), StoreMode.ADD, wanted, Long.MAX_VALUE);
            here.copy(inbox, uids(inbox), "Full");
            here.append("Full", wanted, null, text(message("d")));
            here.move(inbox, uids(inbox), "Full");
            other.sync();
            assertEquals(keywords("old", 0, 60), other.message(1).flags());
            assertEquals(Flags.NONE, other.message(2).flags());
            for (int i = 3; i <= 5; i++) {
                assertEquals(wanted, other.message(i).flags());
            }
            assertTrue(other.keywords().containsAll(List.of("old59", "new0", "new2")));
            other.store(List.of(plain), StoreMode.ADD, keywords("more", 0, 2), Long.MAX_VALUE);
            other.store(List.of(plain), StoreMode.ADD, keywords("OLD", 50, 51), Long.MAX_VALUE);
            other.store(List.of(uid), StoreMode.REMOVE, keywords("OLD", 1, 59), Long.MAX_VALUE);
        }
        try (MailStores third = new MailStores(Clock.systemUTC());
                MailStore store = third.open(location(), StoreOwner.self());
                Mailbox full = store.open("Full", false)) {
            assertEquals(List.of("old0", "old59"), full.message(1).flags().names());
            assertEquals(
                    keywords("more", 0, 2).plus(keywords("old", 50, 51)), full.message(2).flags());
            full.store(List.of(uid), StoreMode.REPLACE, keywords("last", 0, 1), Long.MAX_VALUE);
            assertEquals(List.of("last0"), full.message(1).flags().names());
        }
        try (Mailbox full = here.open("Full", true)) {
            assertEquals(List.of("last0"), full.message(1).flags().names());
            assertEquals(wanted, full.message(5).flags());
        }
    }

    /// Makes a mailbox as a foreign program does, which calls it what it likes.
    abstract void makeForeign(byte[] name) throws IOException;

    static Path named(Path directory, byte[] name) {
        var uri = new StringBuilder(directory.toUri().toString());
        for (byte b : name) {
            uri.append('%').append(HexFormat.of().toHexDigits(b));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /// Whether this process, unlike our daemons, lacks a text for a file name.
    private boolean isBeyondUs(byte[] name) {
        Path path = named(dir, name);
        try {
            return !Path.of(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return true;
        }
    }

    @Test
    void whateverIsListedOpens() throws IOException {
        here.create("Grüße");
        here.append("Grüße", Flags.NONE, null, text(message("regular")));
        var foreign = new TreeMap<String, byte[]>();
        foreign.put("Grüße (2)", "Grüße".getBytes(StandardCharsets.UTF_8));
        foreign.put("Köln", "Köln".getBytes(StandardCharsets.UTF_8));
        foreign.put("lé", new byte[] {'l', (byte) 0xe9});
        foreign.put("a&b", "a&b".getBytes(StandardCharsets.US_ASCII));
        foreign.put("x\ny", "x\ny".getBytes(StandardCharsets.US_ASCII));
        foreign.values().removeIf(this::isBeyondUs);
        for (byte[] name : foreign.values()) {
            makeForeign(name);
        }
        var names = new HashSet<String>();
        for (MailboxInfo info : there.list()) {
            names.add(info.name());
            here.append(info.name(), Flags.NONE, null, text(message("new")));
            int more = info.name().equals("Grüße") ? 1 : 0;
            assertEquals(1 + more, there.status(info.name()).messages(), info.name());
        }
        var expected = new HashSet<>(foreign.keySet());
        expected.addAll(List.of("INBOX", "Grüße"));
        assertEquals(expected, names);
        for (String name : foreign.keySet()) {
            if (!name.contains("\n")) {
                assertEquals(MailStoreException.Problem.EXISTS, refusal(name));
            }
            here.rename(name, "Bonn");
            assertTrue(there.exists("Bonn"));
            assertFalse(there.exists(name));
            here.delete("Bonn");
        }
        assertEquals(2, there.status("Grüße").messages());
    }

    private MailStoreException.Problem refusal(String name) {
        return assertThrows(MailStoreException.class, () -> here.create(name)).problem();
    }

    @Test
    void aRenameThatCannotBeIsRefused() throws IOException {
        here.create("a");
        here.create("b");
        add("one");
        assertEquals(MailStoreException.Problem.EXISTS, refused("a", "b"));
        assertEquals(MailStoreException.Problem.EXISTS, refused("a", "inbox"));
        assertEquals(MailStoreException.Problem.EXISTS, refused("INBOX", "b"));
        assertEquals(MailStoreException.Problem.NO_SUCH_MAILBOX, refused("none", "c"));
        char s = here.separator();
        assertEquals(MailStoreException.Problem.INVALID_NAME, refused("a", "a" + s + "b"));
        assertEquals(MailStoreException.Problem.INVALID_NAME, refused("none", "x" + s + s + "y"));
        assertEquals(MailStoreException.Problem.INVALID_NAME, refused("INBOX", "x" + s));
        assertTrue(here.exists("a") && here.exists("b"));
        assertEquals(1, here.status("INBOX").messages());
    }

    private MailStoreException.Problem refused(String from, String to) {
        return assertThrows(MailStoreException.class, () -> here.rename(from, to)).problem();
    }

    @Test
    void inboxIsMeantInAnyCase() throws IOException {
        add("one");
        assertTrue(here.exists("inBox"));
        assertEquals(1, here.status("inbox").messages());
        try (Mailbox box = here.open("Inbox", false)) {
            assertEquals("INBOX", box.name());
        }
        here.subscribe("inbox");
        assertEquals(Set.of("INBOX"), there.subscriptions());
        assertEquals(
                MailStoreException.Problem.CANNOT,
                assertThrows(MailStoreException.class, () -> here.delete("iNBOX")).problem());
    }

    @Test
    void aSessionLearnsThatItsMailboxWasDeleted() throws IOException {
        here.create("Short");
        here.append("Short", Flags.NONE, null, text(message("x")));
        try (Mailbox box = there.open("Short", false)) {
            here.delete("Short");
            var gone = assertThrows(MailStoreException.class, box::sync);
            assertEquals(MailStoreException.Problem.MAILBOX_GONE, gone.problem());
        }
    }

    @Test
    void subscriptionsAreKept() throws IOException {
        here.subscribe("INBOX");
        here.subscribe("Grüße");
        here.subscribe("a" + here.separator() + "b");
        here.unsubscribe("never");
        assertEquals(
                new HashSet<>(List.of("INBOX", "Grüße", "a" + here.separator() + "b")),
                there.subscriptions());
        there.unsubscribe("inbox");
        assertEquals(2, here.subscriptions().size());
    }

    @Test
    void nothingStaysBehindWhenTheContentBreaksOff() throws IOException {
        var broken =
                new SequenceInputStream(text("x".repeat(100_000)), InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        int n = super.read(into, offset, length);
                        if (n < 0) {
                            throw new IOException("peer gone");
                        }
                        return n;
                    }
                };
        assertThrows(IOException.class, () -> here.append("INBOX", Flags.NONE, null, broken));
        assertEquals(0, there.status("INBOX").messages());
        assertEquals(1, there.status("INBOX").uidNext());
    }

    @Test
    void watchersHearOfBothOwnAndForeignChanges() throws Exception {
        try (Mailbox a = here.open("INBOX", false)) {
            var foreign = new CountDownLatch(1);
            try (var _ = a.watch(foreign::countDown)) {
                there.append("INBOX", Flags.NONE, null, text(message("x")));
                assertTrue(foreign.await(10, TimeUnit.SECONDS));
            }
            var own = new CountDownLatch(1);
            try (var _ = a.watch(own::countDown)) {
                here.append("INBOX", Flags.NONE, null, text(message("y")));
                assertTrue(own.await(10, TimeUnit.SECONDS));
            }
            assertTrue(a.sync().arrived());
        }
    }

    @Test
    void concurrentSessionsLoseNothingAndAgree() throws Exception {
        int writers = 4;
        int each = 25;
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Future<Integer>>();
            for (int w = 0; w < writers; w++) {
                MailStore store = w % 2 == 0 ? here : there;
                int id = w;
                work.add(
                        pool.submit(() -> {
                            try (Mailbox box = store.open("INBOX", false)) {
                                int dropped = 0;
                                for (int i = 0; i < each; i++) {
                                    var at =
                                            box.append(
                                                    Flags.NONE, null, text(message(id + "-" + i)));
                                    box.sync();
                                    box.store(
                                            List.of(at.uid()),
                                            StoreMode.ADD,
                                            Flags.of(Flag.SEEN),
                                            Long.MAX_VALUE);
                                    if (i % 5 == 0) {
                                        box.expunge(List.of(at.uid()));
                                        dropped++;
                                    }
                                    List<Long> uids = uids(box);
                                    assertEquals(uids.stream().sorted().distinct().toList(), uids);
                                }
                                return dropped;
                            }
                        }));
            }
            int dropped = 0;
            for (var w : work) {
                dropped += w.get();
            }
            try (Mailbox a = here.open("INBOX", false);
                    Mailbox b = there.open("INBOX", false)) {
                a.sync();
                b.sync();
                assertEquals(writers * each - dropped, a.size());
                assertEquals(uids(a), uids(b));
                var subjects = new HashSet<String>();
                for (long uid : uids(a)) {
                    subjects.add(content(a, uid));
                    assertEquals(content(a, uid), content(b, uid));
                    assertTrue(a.message(a.sequence(uid)).flags().contains(Flag.SEEN));
                }
                assertEquals(a.size(), subjects.size());
            }
        }
    }

    @Test
    void messagesAreAddedTogetherOrNotAtAll() throws IOException {
        add("before");
        try (Adding adding = here.adding("INBOX")) {
            adding.add(Flags.of(Flag.SEEN), Instant.ofEpochSecond(5), text(message("one")));
            adding.add(Flags.NONE, null, text(message("two")));
            adding.add(Flags.of(Flag.DRAFT), null, text(message("three")));
            var added = adding.commit();
            assertEquals(List.of(2L, 3L, 4L), added.stream().map(Appended::uid).toList());
        }
        try (Adding adding = here.adding("INBOX")) {
            adding.add(Flags.NONE, null, text(message("four")));
            adding.add(Flags.NONE, null, text(message("five")));
        }
        try (Mailbox box = there.open("INBOX", true)) {
            assertEquals(List.of(1L, 2L, 3L, 4L), uids(box));
            assertEquals(Flags.of(Flag.SEEN), box.message(2).flags());
            assertEquals(Instant.ofEpochSecond(5), box.internalDate(2));
            assertEquals(message("two"), content(box, 3));
            assertEquals(Flags.of(Flag.DRAFT), box.message(4).flags());
            assertEquals(message("three"), content(box, 4));
        }
        assertThrows(NoSuchMailboxException.class, () -> here.adding("nope"));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void annotationsStayAndFollowTheirMailbox() throws IOException {
        char sep = here.separator();
        here.create("Wörk" + sep + "sub");
        here.annotate("", Map.of("/private/comment", Optional.of(octets("store"))));
        here.annotate(
                "Wörk" + sep + "sub",
                Map.of(
                        "/private/comment", Optional.of(octets("a\0\n\t")),
                        "/shared/comment", Optional.of(new byte[0])));
        here.annotate(
                "Wörk" + sep + "sub",
                Map.of("/shared/comment", Optional.empty(), "/private/x", Optional.empty()));
        here.rename("Wörk", "Dóne");
        var all = there.annotations();
        assertEquals(Set.of("", "Dóne" + sep + "sub"), all.keySet());
        var kept = Objects.requireNonNull(all.get("Dóne" + sep + "sub"));
        assertEquals(Set.of("/private/comment"), kept.keySet());
        assertArrayEquals(octets("a\0\n\t"), kept.get("/private/comment"));
        there.delete("Dóne" + sep + "sub");
        assertEquals(Set.of(""), here.annotations().keySet());
    }

    @Test
    void annotationsAreBounded() throws IOException {
        byte[] large = new byte[400_000];
        here.annotate("INBOX", Map.of("/private/a", Optional.of(large)));
        var e =
                assertThrows(
                        MailStoreException.class,
                        () -> here.annotate("INBOX", Map.of("/private/b", Optional.of(large))));
        assertEquals(MailStoreException.Problem.LIMIT, e.problem());
        assertEquals(
                Set.of("/private/a"),
                Objects.requireNonNull(here.annotations().get("INBOX")).keySet());
        assertThrows(NoSuchMailboxException.class, () -> here.annotate("nope", Map.of()));
    }
}
