// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.message.HeaderBlock;

/// A mailbox that its last session has left: the next one finds what was known, and all that others did meanwhile.
final class RestingFolderTest {
    @TempDir Path dir;
    private final MailStores stores = new MailStores(Clock.systemUTC());
    private MailStore store;

    private Path root() {
        return dir.resolve("Maildir");
    }

    private static MailStore open(MailStores stores, Path root) throws IOException {
        return stores.open(new MailLocation.Maildir(root), StoreOwner.self());
    }

    @BeforeEach
    void fill() throws IOException {
        store = open(stores, root());
        for (String subject : List.of("a", "b", "c")) {
            add(store, "INBOX", subject);
        }
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        stores.close();
    }

    private static void add(MailStore to, String mailbox, String subject) throws IOException {
        byte[] text = ("Subject: " + subject + "\r\n\r\nx\r\n").getBytes(StandardCharsets.US_ASCII);
        to.append(mailbox, Flags.NONE, null, new ByteArrayInputStream(text));
    }

    private Folder folder(String mailbox) throws IOException {
        try (Mailbox box = store.open(mailbox, false)) {
            return box.folder();
        }
    }

    private List<Long> uids() throws IOException {
        try (Mailbox box = store.open("INBOX", false)) {
            var uids = new ArrayList<Long>();
            for (int i = 1; i <= box.size(); i++) {
                uids.add(box.uid(i));
            }
            return uids;
        }
    }

    private Path file(String subject) throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("cur"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).startsWith("Subject: " + subject)) {
                    return file;
                }
            }
        }
        throw new IOException("no " + subject);
    }

    @Test
    void theNextSessionFindsIt() throws IOException {
        Folder first = folder("INBOX");
        assertSame(first, folder("INBOX"));
        assertEquals(3, first.current().messages().size());
    }

    @Test
    void itHoldsNoFile() throws IOException {
        folder("INBOX");
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path one : open.toList()) {
                Path target;
                try {
                    target = Files.readSymbolicLink(one);
                } catch (IOException e) {
                    continue; // this listing's own
                }
                assertFalse(target.startsWith(root().toRealPath()), () -> "open: " + target);
            }
        }
    }

    @Test
    void whatOtherProgramsDidIsSeen() throws IOException {
        assertEquals(List.of(1L, 2L, 3L), uids());
        Files.delete(file("a"));
        Path b = file("b");
        Files.move(b, b.resolveSibling(b.getFileName() + "S"));
        Files.writeString(root().resolve("new/1700000001.M7P1.h"), "Subject: d\n\n");
        assertEquals(List.of(2L, 3L, 4L), uids());
        try (Mailbox box = store.open("INBOX", false)) {
            assertTrue(box.message(1).flags().contains(Flag.SEEN));
        }
    }

    @Test
    void whatAnotherProcessOfOursDidIsSeen() throws IOException {
        assertEquals(List.of(1L, 2L, 3L), uids());
        try (var others = new MailStores(Clock.systemUTC())) {
            MailStore other = open(others, root());
            add(other, "INBOX", "d");
            try (Mailbox box = other.open("INBOX", false)) {
                box.store(List.of(2L), StoreMode.ADD, Flags.of(Flag.FLAGGED), Long.MAX_VALUE);
                box.expunge(List.of(1L));
            }
        }
        assertEquals(List.of(2L, 3L, 4L), uids());
        try (Mailbox box = store.open("INBOX", false)) {
            assertTrue(box.message(1).flags().contains(Flag.FLAGGED));
        }
    }

    @Test
    void anIndexThatWentAwayIsWrittenAgain() throws IOException {
        folder("INBOX");
        Path index = root().resolve(MaildirIndex.NAME);
        Files.delete(index);
        assertEquals(List.of(1L, 2L, 3L), uids());
        assertTrue(Files.exists(index));
        Files.write(index, new byte[] {1, 2, 3});
        assertEquals(List.of(1L, 2L, 3L), uids());
        assertTrue(Files.size(index) > MaildirIndexLayout.HEADER);
    }

    @Test
    void anotherMailboxInItsPlaceIsAnother() throws IOException {
        assertEquals(List.of(1L, 2L, 3L), uids());
        store.create("box");
        add(store, "box", "old");
        long before = validity("box");
        store.delete("box");
        store.create("box");
        add(store, "box", "new");
        add(store, "box", "newer");
        assertFalse(before == validity("box"));
        try (Mailbox box = store.open("box", false)) {
            assertEquals(2, box.size());
        }
        Path moved = dir.resolve("moved");
        Files.move(root().resolve(".box"), moved);
        Files.move(root().resolve("cur"), root().resolve("cur.old"));
        Files.move(moved.resolve("cur"), root().resolve("cur"));
        Files.move(
                moved.resolve(UidList.NAME),
                root().resolve(UidList.NAME),
                StandardCopyOption.REPLACE_EXISTING);
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(2, box.size());
            try (MessageBytes message = box.read(box.uid(1))) {
                assertEquals(
                        "Subject: new\r\n\r\n",
                        new String(message.header(), StandardCharsets.US_ASCII));
            }
        }
    }

    @Test
    void aMailboxMadeAgainWithinASecondIsAnother() throws IOException {
        for (int i = 0; i < 20; i++) {
            store.create("box");
            Path box = root().resolve(".box");
            String text = "Subject: " + "x".repeat(i) + "\n\n";
            Files.writeString(box.resolve("cur/1700000001.M1P1.h:2,"), text);
            if (i % 2 == 0) {
                Files.writeString(box.resolve("cur/1700000002.M1P1.h:2,"), text);
            }
            try (Mailbox view = store.open("box", false)) {
                assertEquals(i % 2 == 0 ? 2 : 1, view.size());
                assertEquals(text.length() + 2, view.size(1));
                assertEquals(ParsedMessage.NOTHING, view.parsed(1));
                assertEquals(Cached.NOTHING, view.cached(1));
                view.remember(1, new ParsedMessage(HeaderBlock.of(new byte[0], _ -> true), null));
                view.cache(1, Cached.NOTHING.with(Cached.Part.ENVELOPE, new byte[1]));
            }
            // not by the store, which gives another UIDVALIDITY
            MaildirDirectory.deleteTree(box);
            Files.deleteIfExists(root().resolve("dovecot-uidvalidity"));
        }
    }

    @Test
    void aMailboxThatIsReplacedUnderItsLastSessionIsAnotherToTheNext() throws IOException {
        assertEquals(List.of(1L, 2L, 3L), uids());
        Path old = dir.resolve("old");
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(3, box.size());
            Files.move(root(), old);
            for (String sub : List.of("cur", "new", "tmp")) {
                Files.createDirectories(root().resolve(sub));
            }
            // as if made in the same second, with files of the same names
            Files.copy(old.resolve(UidList.NAME), root().resolve(UidList.NAME));
            try (Stream<Path> files = Files.list(old.resolve("cur"))) {
                for (Path file : files.sorted().skip(1).toList()) {
                    Files.writeString(root().resolve("cur").resolve(file.getFileName()), "other");
                }
            }
        }
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(2, box.size());
            assertEquals(5, box.size(box.uid(1)));
        }
    }

    private long validity(String mailbox) throws IOException {
        try (Mailbox box = store.open(mailbox, false)) {
            return box.uidValidity();
        }
    }

    @Test
    void theOnesLeftLongestAgoAreForgotten() throws IOException {
        Folder inbox = folder("INBOX");
        for (int i = 0; i < 64; i++) {
            store.create("box" + i);
            folder("box" + i);
        }
        Folder last = folder("box63");
        assertSame(last, folder("box63"));
        assertNotSame(inbox, folder("INBOX"));
        assertEquals(List.of(1L, 2L, 3L), uids());
    }
}
