// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.postino.kit.Await;

final class MaildirStoreTest extends StoreContract {
    private Path root() {
        return dir.resolve("Maildir");
    }

    @Override
    MailLocation location() {
        return new MailLocation.Maildir(root());
    }

    @Override
    void makeForeign(byte[] name) throws IOException {
        byte[] file = new byte[name.length + 1];
        file[0] = '.';
        System.arraycopy(name, 0, file, 1, name.length);
        Files.createDirectory(named(root(), file));
    }

    @Test
    void aListWithoutAnIdentifierGetsOneAndKeepsItsUids() throws IOException {
        add("one");
        long second = add("two").uid();
        Path list = root().resolve(UidList.NAME);
        String text = Files.readString(list);
        Files.writeString(list, text.replaceFirst(" G[0-9a-f]{32}", ""));
        String id = there.identity("INBOX");
        assertTrue(id.length() > 32, id);
        assertEquals(id, here.identity("INBOX"));
        assertTrue(Files.readString(list).contains(" G" + id.substring(0, 32) + "\n"));
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(second, box.uid(2));
        }
    }

    @Test
    void aRenameThatWouldMeetAnythingMovesNothing() throws IOException {
        here.create("a");
        here.create("a.b");
        here.create("c.b");
        var taken = assertThrows(MailStoreException.class, () -> here.rename("a", "c"));
        assertEquals(MailStoreException.Problem.EXISTS, taken.problem());
        assertTrue(here.exists("a") && here.exists("a.b") && here.exists("c.b"));
        Files.createDirectory(root().resolve(".a.d..e"));
        here.delete("c.b");
        here.rename("a", "c");
        assertTrue(here.exists("c") && here.exists("c.b") && here.exists("c.d..e"));
    }

    private void deliver(String name, String text) throws IOException {
        Path tmp = root().resolve("tmp").resolve(name);
        Files.writeString(tmp, text);
        Files.move(tmp, root().resolve("new").resolve(name));
    }

    private MailStore fresh() throws IOException {
        return new MailStores(Clock.systemUTC()).open(location(), StoreOwner.self());
    }

    @Test
    void newMailIsFoundGetsUidsInOrderAndMovesToCur() throws IOException {
        deliver("1700000002.M5P1.h", "Subject: b\n\nx\n");
        deliver("1700000001.M7P1.h", "Subject: a\n\nx\n");
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(2, box.recent());
            assertEquals("Subject: a\r\n\r\nx\r\n", content(box, box.uid(1)));
            assertEquals(List.of(1L, 2L), uids(box));
            assertTrue(Files.exists(root().resolve("cur/1700000001.M7P1.h:2,")));
            deliver("1700000003.M5P1.h", "Subject: c\n\n");
            assertTrue(box.sync().arrived());
            assertEquals(14, box.size(3));
        }
        String list = Files.readString(root().resolve("dovecot-uidlist"));
        assertTrue(
                list.matches(
                        """
                        3 V\\d+ N\\d+ G[0-9a-f]{32}
                        1 :1700000001.M7P1.h
                        2 :1700000002.M5P1.h
                        3 :1700000003.M5P1.h
                        """),
                list);
    }

    @Test
    void aDeletedIndexChangesNothing() throws IOException {
        for (int i = 0; i < 5; i++) {
            add("m" + i, i % 2 == 0 ? Flag.SEEN : Flag.FLAGGED);
        }
        List<Long> before;
        long modseq;
        try (Mailbox box = here.open("INBOX", false)) {
            box.expunge(List.of(box.uid(2)));
            box.sync();
            before = uids(box);
            modseq = box.highestModSeq();
            Files.delete(root().resolve(MaildirIndex.NAME));
            assertTrue(box.sync().isEmpty());
        }
        Files.deleteIfExists(root().resolve(MaildirIndex.NAME));
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(before, uids(box));
            assertTrue(box.highestModSeq() >= modseq);
        }
    }

    @Test
    void whatWentIsKnownToLaterProcessesAndAlsoIfAnotherProgramRemovedIt() throws IOException {
        var uids = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            uids.add(add("m" + i, Flag.SEEN).uid());
        }
        long before;
        try (Mailbox box = here.open("INBOX", false)) {
            before = box.highestModSeq();
            box.expunge(List.of(uids.get(0), uids.get(3)));
        }
        try (var files = Files.list(root().resolve("cur"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("Subject: m1")) {
                    Files.delete(file);
                }
            }
        }
        var expected =
                List.of(
                        new UidRange(uids.get(0), uids.get(1)),
                        new UidRange(uids.get(3), uids.get(3)));
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(expected, box.vanished(before));
            assertEquals(List.of(), box.vanished(box.highestModSeq()));
        }
        // without the index nobody knows what the log is worth: all that is missing is told
        Files.delete(root().resolve(MaildirIndex.NAME));
        try (Mailbox box = fresh().open("INBOX", false)) {
            box.expunge(List.of(uids.get(4)));
            box.sync();
            assertEquals(
                    List.of(new UidRange(1, uids.get(1)), new UidRange(uids.get(3), uids.get(4))),
                    box.vanished(before));
        }
    }

    @Test
    void aMoreModernNameOfAKeywordIsAChange() throws IOException {
        long uid =
                here.append(
                                "INBOX",
                                Flags.parse(List.of("Old")).orElseThrow(),
                                null,
                                text(message("m")))
                        .uid();
        long modseq;
        try (Mailbox box = here.open("INBOX", false)) {
            modseq = box.highestModSeq();
        }
        Path keywords = root().resolve("dovecot-keywords");
        Files.writeString(keywords, Files.readString(keywords).replace("Old", "Renamed"));
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(List.of("Renamed"), box.message(box.sequence(uid)).flags().names());
            assertTrue(box.message(box.sequence(uid)).modseq() > modseq);
            assertEquals(box.message(box.sequence(uid)).modseq(), box.highestModSeq());
        }
    }

    @Test
    void withoutItsIndexAMailboxThatChangedFastCountsOnFromAbove() throws IOException {
        add("m");
        long modseq;
        try (Mailbox box = here.open("INBOX", false)) {
            for (int i = 0; i < 300; i++) {
                StoreMode mode = i % 2 == 0 ? StoreMode.ADD : StoreMode.REMOVE;
                box.store(List.of(box.uid(1)), mode, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            }
            modseq = box.highestModSeq();
        }
        Files.delete(root().resolve(MaildirIndex.NAME));
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertTrue(box.highestModSeq() > modseq);
        }
    }

    @Test
    void aDamagedIndexIsNotBelieved() throws IOException {
        long uid = add("m", Flag.SEEN).uid();
        here.status("INBOX");
        Path index = root().resolve(MaildirIndex.NAME);
        byte[] bytes = Files.readAllBytes(index);
        bytes[128 + 19] ^= 2;
        Files.write(index, bytes);
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(uid, box.uid(1));
            assertEquals(Flags.of(Flag.SEEN), box.message(1).flags());
        }
        Files.write(index, new byte[] {1, 2, 3});
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(1, box.size());
        }
    }

    @Test
    void flagsChangedByOthersUnderUsAreFoundAgain() throws IOException {
        long uid = add("m", Flag.SEEN).uid();
        try (Mailbox box = here.open("INBOX", false)) {
            Path file;
            try (var files = Files.list(root().resolve("cur"))) {
                file = files.findFirst().orElseThrow();
            }
            Path renamed =
                    file.resolveSibling(file.getFileName().toString().replace(":2,S", ":2,RS"));
            Files.move(file, renamed);
            assertEquals(message("m"), content(box, uid));
            box.store(List.of(uid), StoreMode.ADD, Flags.of(Flag.FLAGGED), Long.MAX_VALUE);
            assertEquals(Flags.of(Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED), box.message(1).flags());
        }
    }

    @Test
    void aLockOfADeadProcessIsBroken() throws IOException {
        Path lock = root().resolve("dovecot-uidlist.lock");
        Files.writeString(lock, "4194999:" + DotLock.hostName());
        assertEquals(1, add("m").uid());
        assertTrue(Files.notExists(lock));
    }

    @Test
    void aLookThatFailedIsTakenUpByTheNextOne() throws Exception {
        Path lock = root().resolve("dovecot-uidlist.lock");
        try (Mailbox view = here.open("INBOX", false)) {
            deliver("1700000001.M1P1.h", message("no line"));
            deliver("1700000002.M1P1.h", message("line of another program"));
            Path list = root().resolve(UidList.NAME);
            Files.writeString(list, "7 :1700000002.M1P1.h\n", StandardOpenOption.APPEND);
            Files.writeString(lock, "1:" + DotLock.hostName());
            var failure = new CompletableFuture<Exception>();
            Thread looking =
                    Thread.ofPlatform()
                            .start(() ->
                                    failure.complete(assertThrows(IOException.class, view::sync)));
            Await.until(
                    "a wait for the lock", () -> looking.getState() == Thread.State.TIMED_WAITING);
            looking.interrupt();
            assertInstanceOf(InterruptedIOException.class, failure.get());
            Files.delete(lock);
            view.sync();
            assertEquals(List.of(7L, 8L), List.of(view.uid(1), view.uid(2)));
            var bases = new ArrayList<String>();
            for (String line : Files.readAllLines(list)) {
                bases.add(line.substring(line.indexOf(':') + 1));
            }
            assertEquals(
                    List.of("1700000002.M1P1.h", "1700000001.M1P1.h"),
                    bases.subList(1, bases.size()));
        }
    }

    @Test
    void aReturningFileGetsANewUid() throws IOException {
        deliver("1700000002.M5P1.h", "Subject: b\n\nx\n");
        try (Mailbox box = here.open("INBOX", false)) {
            Path file = root().resolve("cur/1700000002.M5P1.h:2,");
            Path aside = dir.resolve("aside");
            Files.move(file, aside);
            assertEquals(List.of(1), box.sync().expunged());
            Files.move(aside, file);
            box.sync();
            assertEquals(List.of(2L), uids(box));
        }
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(List.of(2L), uids(box));
        }
    }

    @Test
    void aKeywordThatNoResponseCanCarryIsUnknownAndKeepsItsLetter() throws IOException {
        here.open("INBOX", false).close();
        Path cur = root().resolve("cur");
        Path file = root().resolve("dovecot-keywords");
        Files.writeString(file, "0 \u010d\u010a* OK\n1 )\n2 Work\n");
        Files.writeString(cur.resolve("1700000001.M7P1.h:2,abc"), "Subject: a\n\nx\n");
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(List.of("unknown-0", "unknown-1", "Work"), box.message(1).flags().names());
            assertEquals(List.of("unknown-0", "unknown-1", "Work"), box.keywords());
            box.store(
                    List.of(1L),
                    StoreMode.REPLACE,
                    Flags.parse(List.of("unknown-1", "More")).orElseThrow(),
                    Long.MAX_VALUE);
            assertEquals(List.of("More", "unknown-1"), box.message(1).flags().names());
        }
        assertTrue(Files.exists(cur.resolve("1700000001.M7P1.h:2,bd")));
        assertEquals("0 \u010d\u010a* OK\n1 )\n2 Work\n3 More\n", Files.readString(file));
    }

    private Set<String> cur() throws IOException {
        var names = new TreeSet<String>();
        try (var files = Files.list(root().resolve("cur"))) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        return names;
    }

    @Test
    void whatStandsBehindTheLettersIsKeptAndMeansNothing() throws IOException {
        here.open("INBOX", false).close();
        Files.writeString(root().resolve("dovecot-keywords"), "0 Blue\n23 Xylophone\n");
        for (String name :
                List.of("1.a:2,FS,x", "2.b:2,Pa,ab", "3.c:1,S", "4.d:", "5.e:x:2,S", "6.f:2,,S")) {
            Files.writeString(root().resolve("cur").resolve(name), "Subject: a\n\nx\n");
        }
        var read = List.of("[\\Flagged, \\Seen]", "[Blue]", "[]", "[]", "[\\Seen]", "[]");
        try (Mailbox box = fresh().open("INBOX", false)) {
            for (int i = 1; i <= read.size(); i++) {
                assertEquals(read.get(i - 1), box.message(i).flags().names().toString(), "" + i);
            }
            box.store(uids(box), StoreMode.ADD, Flags.of(Flag.ANSWERED), Long.MAX_VALUE);
        }
        assertEquals(
                Set.of(
                        "1.a:2,FRS,x",
                        "2.b:2,PRa,ab",
                        "3.c:2,R",
                        "4.d:2,R",
                        "5.e:2,RS",
                        "6.f:2,R,S"),
                cur());
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), uids(box));
            box.store(
                    List.of(1L, 2L),
                    StoreMode.REPLACE,
                    Flags.parse(List.of("Xylophone")).orElseThrow(),
                    Long.MAX_VALUE);
            box.store(List.of(6L), StoreMode.REPLACE, Flags.NONE, Long.MAX_VALUE);
        }
        assertTrue(
                cur().containsAll(List.of("1.a:2,x,x", "2.b:2,Px,ab", "6.f:2,,S")),
                cur().toString());
    }

    @Test
    void aNameThatNoListCanHoldIsNoMessage() throws IOException {
        here.open("INBOX", false).close();
        for (String name : List.of("1.a\nb:2,S", "2.a\rb:2,S", "3.c:2,S")) {
            Files.writeString(root().resolve("cur").resolve(name), "Subject: a\n\nx\n");
        }
        deliver("4.d\ne", "x\n");
        add("after");
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(2, box.size());
            assertEquals("Subject: a\r\n\r\nx\r\n", content(box, box.uid(1)));
        }
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(List.of(1L, 2L), uids(box));
        }
        assertTrue(Files.exists(root().resolve("cur/1.a\nb:2,S")));
        assertTrue(Files.exists(root().resolve("new/4.d\ne")));
    }

    @Test
    void aFalseSizeInANameIsNotBelieved() throws IOException {
        here.open("INBOX", false).close();
        String text = "Subject: a\n\nbody\n";
        for (String name :
                List.of(
                        "1.a,S=5,W=7:2,",
                        "2.b,S=99999999999999999999:2,",
                        "3.c,W=3:2,",
                        "4.d,S=17,W=99:2,",
                        "5.e,S=17,W=20:2,",
                        "6.f,S=-1,W=:2,")) {
            Files.writeString(root().resolve("cur").resolve(name), text);
        }
        here.create("Copies");
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(6, box.size());
            for (long uid : uids(box)) {
                try (var bytes = box.read(uid)) {
                    assertEquals(20, bytes.size());
                    assertEquals(20, bytes.bytes().length);
                }
                assertEquals(20, box.size(uid));
            }
        }
        assertEquals(120, fresh().status("INBOX").size());
        try (Mailbox box = here.open("INBOX", false)) {
            here.copy(box, uids(box), "Copies");
        }
        try (Mailbox copies = fresh().open("Copies", false)) {
            for (long uid : uids(copies)) {
                assertEquals(20, copies.size(uid));
            }
        }
        try (var files = Files.list(root().resolve(".Copies/cur"))) {
            assertTrue(files.allMatch(f -> f.toString().contains(",S=17")));
        }
    }

    @Test
    void aLetterThatNoMessageHasIsGivenToAnotherKeyword() throws IOException {
        long one = add("one").uid();
        long two = add("two").uid();
        try (Mailbox box = here.open("INBOX", false)) {
            box.store(List.of(one), StoreMode.ADD, keywords("k", 10, 36), Long.MAX_VALUE);
            box.store(List.of(two), StoreMode.ADD, keywords("x", 0, 1), Long.MAX_VALUE);
            assertTrue(Files.readString(root().resolve(MoreKeywords.NAME)).endsWith("\nx0 2\n"));
            box.store(List.of(one), StoreMode.REMOVE, keywords("k", 14, 15), Long.MAX_VALUE);
            box.store(List.of(two), StoreMode.ADD, keywords("y", 0, 1), Long.MAX_VALUE);
            assertEquals(List.of("x0", "y0"), box.message(2).flags().names());
        }
        String letters = Files.readString(root().resolve("dovecot-keywords"));
        assertTrue(letters.contains("\n4 y0\n") && !letters.contains(" k14\n"), letters);
        assertTrue(cur().stream().anyMatch(name -> name.endsWith(":2,e")), cur().toString());
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(List.of("x0", "y0"), box.message(2).flags().names());
            box.store(List.of(one), StoreMode.REPLACE, Flags.NONE, Long.MAX_VALUE);
            box.store(List.of(two), StoreMode.ADD, keywords("x", 0, 2), Long.MAX_VALUE);
            assertEquals(List.of("x0", "x1", "y0"), box.message(2).flags().names());
        }
        assertTrue(cur().stream().anyMatch(name -> name.endsWith(":2,abe")), cur().toString());
        assertFalse(Files.readString(root().resolve(MoreKeywords.NAME)).contains("x0"));
    }

    @Test
    void keywordsWithoutLettersOutliveTheIndex() throws IOException {
        Flags all = keywords("k", 10, 50);
        for (int i = 0; i < 5; i++) {
            here.append("INBOX", i == 3 ? Flags.NONE : all, null, text(message("m" + i)));
        }
        String more = Files.readString(root().resolve(MoreKeywords.NAME));
        assertTrue(more.startsWith("1 V") && more.contains("\nk49 1:3,5\n"), more);
        Files.delete(root().resolve(MaildirIndex.NAME));
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(all, box.message(1).flags());
            assertEquals(Flags.NONE, box.message(4).flags());
            assertEquals(all, box.message(5).flags());
            box.expunge(List.of(1L));
            box.store(List.of(2L), StoreMode.REMOVE, keywords("k", 49, 50), Long.MAX_VALUE);
        }
        assertTrue(Files.readString(root().resolve(MoreKeywords.NAME)).contains("\nk49 3,5\n"));
    }

    @Test
    void aKeywordFileThatSaysSomethingElseIsNotBelieved() throws IOException {
        add("m");
        long validity = here.status("INBOX").uidValidity();
        Path file = root().resolve(MoreKeywords.NAME);
        for (String text :
                List.of(
                        "1 V" + (validity + 1) + "\nblue 1\n",
                        "1 V" + validity + "\nblue\nred 2:1\n) 1\nx 1,1\ny 1:\nz 1:4294967296\n",
                        "",
                        "blue 1\n")) {
            Files.writeString(file, text);
            try (Mailbox box = fresh().open("INBOX", true)) {
                assertEquals(Flags.NONE, box.message(1).flags(), text);
                assertEquals(List.of(), box.keywords());
            }
        }
        Files.writeString(file, "1 V" + validity + "\nblue 1:4294967295\n");
        try (Mailbox box = fresh().open("INBOX", true)) {
            assertEquals(List.of("blue"), box.message(1).flags().names());
        }
    }

    @Test
    void dovecotsLinesBeyondTheLettersStay() throws IOException {
        long uid = add("m").uid();
        var lines = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            lines.append(i).append(" d").append(i).append('\n');
        }
        Path file = root().resolve("dovecot-keywords");
        Files.writeString(file, lines);
        try (Mailbox box = here.open("INBOX", false)) {
            box.store(List.of(uid), StoreMode.ADD, keywords("d", 28, 29), Long.MAX_VALUE);
            assertEquals(List.of("d28"), box.message(1).flags().names());
        }
        String after = Files.readString(file);
        assertTrue(after.startsWith("0 d28\n1 d1\n"), after);
        assertTrue(after.endsWith("\n26 d26\n27 d27\n29 d29\n"), after);
    }

    @Test
    void tooManyKeywordsAreRefusedButStopNoCopy() throws IOException {
        long uid = add("m").uid();
        int most = Keywords.MOST + MoreKeywords.MOST;
        here.create("Full");
        here.append("Full", keywords("k", 0, most), null, text(message("full")));
        try (Mailbox full = here.open("Full", false);
                Mailbox inbox = here.open("INBOX", false)) {
            assertFalse(full.newKeywordsAllowed());
            var refused =
                    assertThrows(
                            MailStoreException.class,
                            () ->
                                    full.store(
                                            List.of(full.uid(1)),
                                            StoreMode.ADD,
                                            Flags.parse(List.of("\\Seen", "x")).orElseThrow(),
                                            Long.MAX_VALUE));
            assertEquals(MailStoreException.Problem.LIMIT, refused.problem());
            assertEquals(keywords("k", 0, most), full.message(1).flags());
            inbox.store(
                    List.of(uid),
                    StoreMode.ADD,
                    Flags.parse(List.of("\\Seen", "x", "k0")).orElseThrow(),
                    Long.MAX_VALUE);
            here.copy(inbox, List.of(uid), "Full");
            full.sync();
            assertEquals(List.of("\\Seen", "k0"), full.message(2).flags().names());
        }
    }

    @Test
    void anIndexOfAnotherUidListOfTheSameSizeAndTimeTellsNothingOfTheDirectories()
            throws IOException {
        add("a", Flag.SEEN);
        add("b", Flag.FLAGGED);
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(Flags.of(Flag.SEEN), box.message(1).flags());
        }
        Path list = root().resolve(UidList.NAME);
        var time = Files.getLastModifiedTime(list);
        List<String> lines = Files.readAllLines(list);
        String a = lines.get(1).substring(3);
        String b = lines.get(2).substring(3);
        Path other = dir.resolve("other");
        Files.writeString(other, String.join("\n", lines.getFirst(), "1 :" + b, "2 :" + a, ""));
        Files.setLastModifiedTime(other, time);
        assertEquals(Files.size(list), Files.size(other));
        Files.move(other, list, StandardCopyOption.REPLACE_EXISTING);
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(Flags.of(Flag.FLAGGED), box.message(1).flags());
            assertEquals(message("b"), content(box, 1));
        }
    }

    @Test
    void aCopyKeepsTheKeywordsThatThereIsRoomFor() throws IOException {
        long uid = add("m").uid();
        here.create("Nearly");
        int most = Keywords.MOST + MoreKeywords.MOST;
        here.append("Nearly", keywords("k", 0, most - 3), null, text(message("nearly full")));
        try (Mailbox nearly = here.open("Nearly", false);
                Mailbox inbox = here.open("INBOX", false)) {
            inbox.store(List.of(uid), StoreMode.ADD, keywords("x", 0, 5), Long.MAX_VALUE);
            here.copy(inbox, List.of(uid), "Nearly");
            nearly.sync();
            assertEquals(keywords("x", 0, 3), nearly.message(2).flags());
        }
    }

    @Test
    void anUnchangedMailboxIsOpenedWithoutListing() throws IOException {
        for (int i = 0; i < 3; i++) {
            add("m" + i, Flag.SEEN);
        }
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(3, box.size());
        }
        // With x alone the directory can be entered but not listed.
        Path cur = root().resolve("cur");
        Assumptions.assumeFalse(System.getProperty("user.name", "").equals("root"));
        Files.setPosixFilePermissions(cur, PosixFilePermissions.fromString("--x------"));
        try (Mailbox box = fresh().open("INBOX", false)) {
            assertEquals(3, box.size());
            assertEquals(message("m1"), content(box, 2));
        } finally {
            Files.setPosixFilePermissions(cur, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void theSubscriptionFileIsDovecots() throws IOException {
        here.subscribe("a.b");
        here.subscribe("Köln");
        assertEquals(
                "V\t2\n\na\tb\nK&APY-ln\n",
                Files.readString(root().resolve("subscriptions"), StandardCharsets.ISO_8859_1));
        Files.writeString(root().resolve("subscriptions"), "old.style\nK&APY-ln\n");
        assertEquals(Set.of("old.style", "Köln"), here.subscriptions());
    }

    @Test
    void whatCrashesLeftInTmpIsRemovedInTime() throws IOException {
        Path old = root().resolve("tmp/1.M1P1.h");
        Path fresh = root().resolve("tmp/2.M1P1.h");
        Files.writeString(old, "x");
        Files.writeString(fresh, "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        here.open("INBOX", false).close();
        assertTrue(Files.notExists(old));
        assertTrue(Files.exists(fresh));
    }
}
