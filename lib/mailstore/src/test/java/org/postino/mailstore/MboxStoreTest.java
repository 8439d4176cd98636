// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MboxStoreTest extends StoreContract {
    private static final String TWO =
            """
            From a@b Sat Nov  1 10:00:00 2025
            Subject: one
            X-UID: 77

            body one
            >From quoted
            From nowhere

            From c@d.test Sat Nov  1 11:00:00 2025
            Subject: two
            Status: RO
            X-Status: AF

            body two

            """;

    private Path inbox() {
        return dir.resolve("spool/user");
    }

    private Path state() {
        return dir.resolve("mail/.imap/INBOX");
    }

    @Override
    MailLocation location() {
        try {
            Files.createDirectories(dir.resolve("spool"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MailLocation.Mbox(dir.resolve("mail"), inbox());
    }

    @Override
    void makeForeign(byte[] name) throws IOException {
        Files.createFile(named(dir.resolve("mail"), name));
    }

    @Test
    void aMissingWayToTheInboxIsMade() throws IOException {
        var location = new MailLocation.Mbox(dir.resolve("other"), dir.resolve("a/b/inbox"));
        try (MailStore store = processHere.open(location, StoreOwner.self())) {
            assertEquals("INBOX", store.list().getFirst().name());
            store.open("INBOX", false).close();
            store.append("INBOX", Flags.NONE, null, text(message("x")));
            assertEquals(1, store.status("INBOX").messages());
        }
        assertEquals(
                PosixFilePermissions.fromString("rwx------"),
                Files.getPosixFilePermissions(dir.resolve("a/b")));
    }

    private void given(String text) throws IOException {
        Files.writeString(inbox(), text, StandardCharsets.ISO_8859_1);
    }

    private String file() throws IOException {
        return Files.readString(inbox(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void foreignMailIsReadAndItsStateFieldsAreHidden() throws IOException {
        given(TWO);
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(List.of(1L, 2L), uids(box));
            assertEquals(
                    "Subject: one\r\n\r\nbody one\r\n>From quoted\r\nFrom nowhere\r\n",
                    content(box, 1));
            assertEquals("Subject: two\r\n\r\nbody two\r\n", content(box, 2));
            assertEquals("Subject: two\r\n\r\nbody two\r\n".length(), box.size(2));
            assertEquals(Flags.of(Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED), box.message(2).flags());
            assertEquals(1, box.recent());
        }
        String text = file();
        assertTrue(text.contains("X-IMAPbase: "), text);
        assertFalse(text.contains("X-UID: 77"), text);
        assertTrue(text.contains("body one\n>From quoted\nFrom nowhere\n\nFrom c@d.test"), text);
    }

    @Test
    void aSecondFlagChangeIsWrittenOver() throws IOException {
        given(TWO);
        try (Mailbox box = here.open("INBOX", false)) {
            box.store(List.of(1L), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
            long size = Files.size(inbox());
            box.store(
                    List.of(1L),
                    StoreMode.ADD,
                    Flags.parse(List.of("\\Deleted", "k")).orElseThrow(),
                    Long.MAX_VALUE);
            assertEquals(size, Files.size(inbox()));
        }
    }

    @Test
    void uidsGoOnAfterAllMailIsGone() throws IOException {
        given(TWO);
        long validity;
        try (Mailbox box = here.open("INBOX", false)) {
            box.expunge(uids(box));
            assertEquals(List.of(2, 1), box.sync().expunged());
            validity = box.uidValidity();
        }
        assertEquals("", file());
        given(TWO);
        try (Mailbox box =
                new MailStores(Clock.systemUTC())
                        .open(location(), StoreOwner.self())
                        .open("INBOX", false)) {
            assertEquals(List.of(3L, 4L), uids(box));
            assertEquals(validity, box.uidValidity());
        }
    }

    @Test
    void onlyKeywordsThatAResponseCanCarryComeFromAFile() throws IOException {
        // U+010D and U+010A end a line for who writes the low byte of each character
        String bad = " \u010d\u010ax ) {99} * x\u007f a\"b \\Seen x]y % " + "k".repeat(256);
        Files.writeString(
                inbox(),
                "From a@b Sat Nov  1 10:00:00 2025\nX-IMAPbase: 5 0000000001"
                        + bad
                        + " Base\nX-UID: 1\nX-Keywords: $Good"
                        + bad
                        + " Work\n\nbody\n\n");
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(List.of("$Good", "Work"), box.message(1).flags().names());
            assertEquals(List.of("Base", "$Good", "Work"), box.keywords());
        }
    }

    @Test
    void aStateFieldInANewMessageIsNotBelieved() throws IOException {
        String evil =
                "Subject: evil\r\nStatus: RO\r\nX-UID: 9\r\nContent-Length: 4000\r\nX-IMAPbase: 1 2\r\n\r\nx\r\n";
        long uid = here.append("INBOX", Flags.NONE, null, text(evil)).uid();
        add("next");
        try (Mailbox box = there.open("INBOX", false)) {
            assertEquals(2, box.size());
            assertEquals(1, uid);
            assertEquals(Flags.NONE, box.message(1).flags());
            assertEquals("Subject: evil\r\n\r\nx\r\n", content(box, 1));
        }
    }

    @Test
    void mailDeliveredWhileASessionIsOpenIsFound() throws IOException {
        var delivery = new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT);
        try (Mailbox box = here.open("INBOX", false)) {
            delivery.deliver(
                    new MboxDelivery.Target(inbox(), null, 0),
                    "s@x.test",
                    "Return-Path: <s@x.test>\n".getBytes(StandardCharsets.UTF_8),
                    text("Subject: new\r\n\r\nFrom me\r\nlast"));
            assertTrue(box.sync().arrived());
            assertEquals(
                    "Return-Path: <s@x.test>\r\nSubject: new\r\n\r\n>From me\r\nlast\r\n",
                    content(box, box.uid(1)));
        }
    }

    private void deliver(InputStream content) throws IOException {
        new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT)
                .deliver(
                        new MboxDelivery.Target(inbox(), null, 0),
                        "s@x.test",
                        "Status: ours\nDelivered-To: u\n".getBytes(StandardCharsets.UTF_8),
                        content);
    }

    @Test
    void aStateFieldInADeliveredMessageIsNotBelieved() throws IOException {
        String evil =
                """
                Status: RO
                Subject: evil
                X-IMAPbase: 1 4294967295
                X-Status: D
                X-UID: 9
                X-Keywords: Work

                x
                """;
        deliver(text(evil.replace("\n", "\r\n")));
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(Flags.NONE, box.message(1).flags());
            assertEquals(List.of(1L), uids(box));
            assertEquals(2, box.uidNext());
            assertEquals("Delivered-To: u\r\nSubject: evil\r\n\r\nx\r\n", content(box, 1));
        }
    }

    /// Whole, and byte by byte.
    @Test
    void stateFieldsOfADeliveredHeaderAreLeftOutWithTheirContinuations() throws IOException {
        String lines =
                """
                status: R
                 folded
                \tX: y
                Subject: a
                 Status: stays
                X-UIDL: stays
                X-Status\t:D
                noColonStatus
                Status
                 : stays
                Content-Length: 1
                \s
                X-IMAP: 1 2
                """;
        String left =
                """
                Subject: a
                 Status: stays
                X-UIDL: stays
                noColonStatus
                Status
                 : stays
                """;
        String body = "\nStatus: body\n\nX-UID: 3\n";
        for (String end : new String[] {"\n", "\r\n"}) {
            for (String rest : new String[] {"", body, "\n"}) {
                String given = (lines + rest).replace("\n", end);
                String expected = (left + rest).replace("\n", end);
                try (var all = new WithoutStateFields(text(given));
                        var single =
                                new WithoutStateFields(
                                        new InputStream() {
                                            private final InputStream in = text(given);

                                            @Override
                                            public int read() throws IOException {
                                                return in.read();
                                            }

                                            @Override
                                            public int read(byte[] into, int offset, int length)
                                                    throws IOException {
                                                return in.read(into, offset, 1);
                                            }
                                        })) {
                    for (InputStream in : new InputStream[] {all, single}) {
                        assertEquals(
                                expected,
                                new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        deliver(text(lines + body));
        String file = file();
        assertTrue(file.contains("\nStatus: ours\nDelivered-To: u\n" + left + body), file);
    }

    /// So large that its fields are found by reading it, not in memory; its state stands at its end.
    @Test
    void aMonstrousHeaderKeepsItsStateAndComesBackWhole() throws IOException {
        String junk = "X-Junk: junk junk junk junk junk junk\n".repeat(130_000);
        String second = TWO.substring(TWO.indexOf("From c@d"));
        // with a body, without one, and with no empty line at all
        for (String end : new String[] {"\nbody\n\n", "\n\n", "\n", ""}) {
            given(
                    "From a@b Sat Nov  1 10:00:00 2025\nX-UID: 7\nSubject: a\nStatus: R\n folded\n"
                            + junk
                            + "X-Keywords: one\n"
                            + end
                            + second);
            String body = end.contains("body") ? "body\n" : "";
            String expected = ("Subject: a\n" + junk + "\n" + body).replace("\n", "\r\n");
            List<Long> uids;
            try (Mailbox box = here.open("INBOX", false)) {
                uids = uids(box);
                var seen = Flags.parse(List.of("\\Seen", "one")).orElseThrow();
                assertEquals(seen, box.message(1).flags());
                var flags = Flags.parse(List.of("\\Answered", "two")).orElseThrow();
                box.store(uids.subList(0, 1), StoreMode.ADD, flags, Long.MAX_VALUE);
                long size = Files.size(inbox());
                box.store(uids.subList(0, 1), StoreMode.ADD, Flags.of(Flag.DRAFT), Long.MAX_VALUE);
                assertEquals(size, Files.size(inbox()), "written over");
            }
            try (Mailbox box = there.open("INBOX", false)) {
                assertEquals(uids, uids(box));
                assertEquals(
                        Flags.parse(List.of("\\Seen", "\\Answered", "\\Draft", "one", "two"))
                                .orElseThrow(),
                        box.message(1).flags());
                assertEquals(expected, content(box, uids.get(0)));
                assertEquals(expected.length(), box.size(uids.get(0)));
                assertEquals("Subject: two\r\n\r\nbody two\r\n", content(box, uids.get(1)));
            }
        }
    }

    @Test
    void aLastUidThatLeavesNoneToGiveIsNone() throws IOException {
        given(TWO.replace("X-UID: 77", "X-IMAPbase: 1 4294967295\nX-UID: 4294967294"));
        long validity;
        try (Mailbox box = here.open("INBOX", false)) {
            validity = box.uidValidity();
            assertNotEquals(1, validity);
            assertEquals(List.of(1L, 2L), uids(box));
            assertEquals(3, box.uidNext());
            assertEquals(3, add("next").uid());
        }
        try (Mailbox box = there.open("INBOX", false)) {
            assertEquals(List.of(1L, 2L, 3L), uids(box));
            assertEquals(validity, box.uidValidity());
        }
    }

    @Test
    void aRememberedUidThatLeavesNoneToGiveIsNone() throws IOException {
        Files.createDirectories(state());
        Files.writeString(state().resolve("postino.uids"), "1 7 4294967296\n");
        assertEquals(1, add("first").uid());
    }

    @Test
    void whatIsNoMboxIsLeftAlone() throws IOException {
        given("something else\n");
        assertThrows(IOException.class, () -> here.open("INBOX", false));
        assertEquals("something else\n", file());
    }

    /// Cuts a rewriting off after any of its writes and lets others deliver: nothing is lost and nothing comes twice.
    @Test
    void aCrashWhileRewritingLosesNothing() throws IOException {
        given(TWO);
        String grown;
        try (Mailbox box = here.open("INBOX", false)) {
            grown = file();
            assertEquals(2, box.size());
        }
        String late = "From l@x Sat Nov  1 12:00:00 2025\nSubject: late\n\nlate\n\n";
        for (String[] change :
                new String[][] {
                    {TWO, grown}, {grown, grown.substring(grown.indexOf("From c@d"))}
                }) {
            String before = change[0];
            String after = change[1];
            for (int done = 0; done <= after.length() + 1; done += 37) {
                for (boolean appended : new boolean[] {false, true}) {
                    given(before);
                    Files.createDirectories(state());
                    journal(before, after);
                    torn(before, after, done);
                    if (appended) {
                        Files.writeString(inbox(), late, StandardOpenOption.APPEND);
                    }
                    try (var mbox =
                            FileChannel.open(
                                    inbox(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                        new MboxJournal(state()).recover(mbox);
                    }
                    assertEquals(
                            after + (appended ? late : ""), file(), "after " + done + " octets");
                }
            }
        }
    }

    /// The recovery is cut off as well, in the same way, and others deliver again.
    @Test
    void aCrashWhileRecoveringLosesNothing() throws IOException {
        given(TWO);
        here.open("INBOX", false).close();
        String grown = file();
        String second = grown.substring(grown.indexOf("From c@d"));
        // grown by a little, by much, and cut
        String[][] changes = {
            {second, second + "From x@y Sat Nov  1 12:00:00 2025\n\n\n"},
            {TWO, grown},
            {grown, second}
        };
        String late = "From l@x Sat Nov  1 13:00:00 2025\n\n\n";
        for (String[] change : changes) {
            String after = change[1];
            for (int done = 0; done <= after.length() + 1; done += 83) {
                for (int again = 0; again <= after.length() + late.length() + 1; again += 59) {
                    for (String later : new String[] {"", late.replace("l@x", "z@x")}) {
                        given(change[0]);
                        Files.createDirectories(state());
                        journal(change[0], after);
                        torn(change[0], after, done);
                        Files.writeString(inbox(), late, StandardOpenOption.APPEND);
                        recover(false);
                        torn(file(), after + late, again);
                        Files.writeString(inbox(), later, StandardOpenOption.APPEND);
                        recover(true);
                        assertEquals(
                                after + late + later, file(), "after " + done + " and " + again);
                    }
                }
            }
        }
    }

    /// @param whole apply the journal, too, once it has all that was appended
    private void recover(boolean whole) throws IOException {
        var journal = new MboxJournal(state());
        try (var mbox =
                FileChannel.open(inbox(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (whole) {
                journal.recover(mbox);
            } else {
                journal.takeUpAppended(mbox);
            }
        }
    }

    /// Leaves a journal behind as a crash right after writing it would.
    private void journal(String before, String after) throws IOException {
        Path copy = dir.resolve("copy");
        Files.writeString(copy, before, StandardCharsets.ISO_8859_1);
        Path journal = state().resolve("postino.journal");
        try (var mbox = FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var patch =
                    new MboxJournal.Patch(
                            0,
                            List.of(
                                    new MboxJournal.Piece.Bytes(
                                            after.getBytes(StandardCharsets.ISO_8859_1))));
            new MboxJournal(state()).write(mbox, List.of(patch), after.length());
        }
        assertTrue(Files.exists(journal));
    }

    /// The first steps of applying: longer first, then `done` octets, then shorter.
    private void torn(String before, String after, int done) throws IOException {
        var text = new StringBuilder(before);
        if (done == 0) {
            return;
        }
        while (text.length() < after.length()) {
            text.append('\0');
        }
        int n = Math.min(done, after.length());
        text.replace(0, n, after.substring(0, n));
        if (done > after.length()) {
            text.setLength(after.length());
        }
        given(text.toString());
    }

    @Test
    void aDamagedJournalIsForgotten() throws IOException {
        given(TWO);
        Files.createDirectories(state());
        journal(TWO, "From x");
        Path journal = state().resolve("postino.journal");
        byte[] bytes = Files.readAllBytes(journal);
        bytes[60] ^= 1;
        Files.write(journal, bytes);
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(2, box.size());
        }
        assertTrue(Files.notExists(journal));
    }
}
