// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.fts.Candidates;
import org.postino.imap.Attempts;
import org.postino.imap.Narrowing;
import org.postino.imap.Progress;
import org.postino.imap.Search;
import org.postino.imap.SearchKey;
import org.postino.imap.TextMatcher;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.StoreOwner;

/// SEARCH finds the same with and without the index, in mail as it comes.
class IndexedSearchTest {
    private static final String BOX = "Archive";

    @TempDir Path dir;
    private MailStores stores;
    private MailStore store;
    private final OpenIndexes indexes = new OpenIndexes();
    private int tried;

    @BeforeEach
    void open() throws IOException {
        stores = new MailStores(Clock.systemUTC());
        store = stores.open(new MailLocation.Maildir(dir.resolve("Maildir")), StoreOwner.self());
        store.create(BOX);
    }

    @AfterEach
    void close() throws IOException {
        indexes.close();
        store.close();
        stores.close();
    }

    private void append(String header, byte[] body) throws IOException {
        byte[] head = (header.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        add(all);
    }

    private void append(String message) throws IOException {
        add(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void add(byte[] message) throws IOException {
        store.append(BOX, Flags.NONE, null, new ByteArrayInputStream(message));
    }

    private long index() throws IOException {
        return index(BOX);
    }

    private long index(String name) throws IOException {
        return new MailboxIndexing(store, new MessageTexts(), () -> false).run(name);
    }

    private Path directory(String name) throws IOException {
        return store.beside(name).resolve(IndexFiles.NAME);
    }

    /// The UIDs that a search finds.
    private List<Long> search(SearchKey key, boolean indexed) throws IOException {
        try (var mailbox = store.open(BOX, true)) {
            tried = 0;
            var search =
                    new Search(
                            mailbox,
                            Instant.now(),
                            new long[0],
                            (box, one) -> indexed ? candidates(box, one) : Candidates.NONE);
            var attempts =
                    new Attempts(
                            (uid, fault) -> {
                                throw new AssertionError("UID " + uid, fault);
                            },
                            new Progress(_ -> {}, System::nanoTime));
            return Arrays.stream(search.find(key, attempts)).mapToObj(mailbox::uid).toList();
        }
    }

    private Candidates candidates(Mailbox box, SearchKey key) {
        var query = Narrowing.of(key);
        if (query.isEmpty()) {
            return Candidates.NONE;
        }
        try {
            var found = indexes.ask(store, directory(box.name()), query.get());
            assertEquals(box.uidValidity(), found.validity());
            tried = found.uids().length;
            return found;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Long> both(SearchKey key) throws IOException {
        var found = search(key, false);
        assertEquals(found, search(key, true), key.toString());
        return found;
    }

    private static SearchKey body(String text) {
        return new SearchKey.Text(new TextMatcher(text), false);
    }

    private static SearchKey text(String text) {
        return new SearchKey.Text(new TextMatcher(text), true);
    }

    private static SearchKey subject(String text) {
        return new SearchKey.Header("Subject", new TextMatcher(text));
    }

    private static SearchKey from(String text) {
        return new SearchKey.Addressed("From", new TextMatcher(text));
    }

    /// Four messages: plain in ISO 8859-1, Japanese in ISO-2022-JP, HTML in quoted-printable, and one within another.
    private void mail() throws IOException {
        append(
                """
                From: =?utf-8?q?J=C3=BCrgen?= "M. Gr\u00fcn" <jg@example.test>
                Subject: =?iso-8859-1?q?Gr=FC=DFe_aus?= =?iso-8859-1?q?_K=F6ln?=
                Content-Type: text/plain; charset=iso-8859-1
                """,
                "Stra\u00dfe und \u00c4rger\r\n".getBytes(StandardCharsets.ISO_8859_1));
        append(
                """
                From: a@example.test
                Subject: two
                Content-Type: text/plain; charset=iso-2022-jp
                """,
                "\u65e5\u672c\u8a9e\u306e\u6587\u3067\u3059\r\n"
                        .getBytes(Charset.forName("ISO-2022-JP")));
        append(
                """
                From: "Doe, John" (his desk) <john.doe@example.test>
                Subject: three
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                <p>caf=C3=A9 <b>au lait</b></p>
                --b
                Content-Type: application/octet-stream; name="secret-plans.bin"
                Content-Transfer-Encoding: base64

                aW52aXNpYmxl
                --b--
                """);
        var encoded =
                Base64.getMimeEncoder()
                        .encodeToString("deep within it".getBytes(StandardCharsets.UTF_8));
        append(
                """
                From: b@example.test
                Subject: four
                MIME-Version: 1.0
                Content-Type: multipart/digest; boundary=b

                --b

                From: inner@example.test
                Subject: =?utf-8?b?5YaF?=
                Content-Type: text/plain
                Content-Transfer-Encoding: base64

                %s
                --b--
                """
                        .formatted(encoded));
    }

    @Test
    void charsetsEncodingsAndPartsAreIndexed() throws IOException {
        mail();
        assertEquals(4, index());
        assertEquals(List.of(1L), both(subject("gr\u00fc\u00dfe aus k\u00f6")));
        assertEquals(List.of(1L), both(body("STRA\u00dfE")));
        assertEquals(List.of(1L), both(text("\u00e4RG")));
        assertEquals(List.of(2L), both(body("\u8a9e\u306e\u6587")));
        assertEquals(List.of(2L), both(body("\u65e5\u672c")));
        assertEquals(1, tried, "two characters of CJK are looked up");
        assertEquals(List.of(2L), both(text("\u3067")));
        assertEquals(1, tried, "so is one");
        assertEquals(List.of(3L), both(body("CAFE\u0301")));
        assertEquals(List.of(3L), both(text("secret-plans")));
        assertEquals(List.of(), both(body("secret-plans")));
        assertEquals(List.of(), both(text("invisible")));
        assertEquals(List.of(3L), both(from("Doe, John <john")));
        assertEquals(List.of(4L), both(body("p within i")));
        assertEquals(List.of(4L), both(text("\u5185")));
        assertEquals(List.of(4L), both(text("inner@")));
        assertEquals(List.of(1L, 2L, 3L, 4L), both(text("ex")));
        assertEquals(List.of(1L, 2L, 3L, 4L), both(from("")));
    }

    @Test
    void keysAreCombined() throws IOException {
        mail();
        index();
        var inverse = new SearchKey.Not(body("caf\u00e9"));
        assertEquals(List.of(1L, 2L, 4L), both(inverse));
        assertEquals(
                List.of(2L, 4L),
                both(new SearchKey.And(List.of(inverse, new SearchKey.Not(subject("aus"))))));
        assertEquals(List.of(3L, 4L), both(new SearchKey.Or(body("au lait"), body("deep"))));
        assertEquals(2, tried);
        assertEquals(List.of(1L, 3L), both(new SearchKey.Or(body("au lait"), subject("aus"))));
        assertEquals(List.of(1L, 2L, 4L), both(new SearchKey.Or(body("deep"), inverse)));
        assertEquals(
                List.of(3L),
                both(new SearchKey.And(List.of(body("au lait"), new SearchKey.All()))));
    }

    @Test
    void everyPartOfEveryTextIsFound() throws IOException {
        var random = new Random(11);
        var lines = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            var line = new StringBuilder();
            for (int n = 5 + random.nextInt(40); n > 0; n--) {
                line.append(character(random));
            }
            lines.add(line.toString());
            append("Subject: " + i + "\nContent-Type: text/plain; charset=utf-8\n\n" + line + "\n");
        }
        index();
        long candidates = 0;
        for (int round = 0; round < 600; round++) {
            int message = random.nextInt(lines.size());
            var line = lines.get(message);
            int start = random.nextInt(line.length());
            var part = line.substring(start, start + 1 + random.nextInt(line.length() - start));
            if (Character.isLowSurrogate(part.charAt(0))
                    || Character.isHighSurrogate(part.charAt(part.length() - 1))) {
                continue;
            }
            boolean isTurned = random.nextBoolean();
            var found = both(body(isTurned ? part.toUpperCase(Locale.ROOT) : part));
            assertTrue(isTurned || found.contains(message + 1L), part);
            candidates += tried;
        }
        assertTrue(candidates < 600 * 30, "candidates: " + candidates);
    }

    private static String character(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Character.toString(0x4e00 + random.nextInt(300));
            case 1 -> Character.toString(0xc0 + random.nextInt(0x40));
            case 2 -> Character.toString(0xac00 + random.nextInt(500));
            case 3 -> "e" + Character.toString(0x300 + random.nextInt(20));
            case 4 -> Character.toString(0x1f600 + random.nextInt(20));
            default -> Character.toString('a' + random.nextInt(6));
        };
    }

    @Test
    void theIndexFollowsTheMailbox() throws IOException {
        mail();
        index();
        try (var mailbox = store.open(BOX, false)) {
            mailbox.expunge(List.of(2L, 4L));
        }
        append("Subject: five\n\ncaf\u00e9 noir\n");
        assertEquals(List.of(3L, 5L), both(body("caf\u00e9")));
        assertEquals(3, index());
        assertEquals(List.of(3L, 5L), both(body("caf\u00e9")));
        assertEquals(List.of(), both(body("deep")));
        assertEquals(0, tried);
        assertEquals(3, index(), "nothing to do");
    }

    @Test
    void aRenameTakesItAlong() throws IOException {
        mail();
        index();
        store.rename(BOX, "Else");
        assertTrue(Files.isDirectory(directory("Else")));
        store.create(BOX);
        append("Subject: x\n\nanother mailbox of the name\n");
        assertTrue(!Files.exists(directory(BOX)));
        index();
        assertEquals(List.of(1L), both(body("another")));
        assertEquals(List.of(), both(body("caf\u00e9")));
        store.delete("Else");
        store.delete(BOX);
        store.create(BOX);
        append("Subject: y\n\na third one\n");
        index();
        assertEquals(List.of(1L), both(body("third")));
        assertEquals(List.of(), both(body("another")));
    }

    @Test
    void anMboxHasOneToo() throws IOException {
        store.close();
        var location = new MailLocation.Mbox(dir.resolve("mail"), dir.resolve("inbox"));
        store = stores.open(location, StoreOwner.self());
        store.create(BOX);
        mail();
        assertEquals(4, index());
        assertEquals(List.of(4L), both(body("p within i")));
        store.rename(BOX, "Else");
        assertTrue(Files.isDirectory(directory("Else")));
        store.delete("Else");
        assertTrue(!Files.exists(dir.resolve("mail/.imap/Else")));
    }

    @Test
    void aStopKeepsWhatWasDone() throws IOException {
        mail();
        int[] left = {2};
        new MailboxIndexing(store, new MessageTexts(), () -> left[0]-- == 0).run(BOX);
        assertEquals(2, indexes.ask(store, directory(BOX), null).last());
        assertEquals(List.of(4L), both(body("deep")));
        assertEquals(4, index());
    }

    @Test
    void aMessageThatNobodyCanReadIsACandidate() throws IOException {
        mail();
        new MailboxIndexing(
                        store,
                        (_, uid) -> {
                            throw new IOException("UID " + uid);
                        },
                        () -> false)
                .run(BOX);
        assertEquals(List.of(4L), both(body("deep")));
        assertEquals(4, tried);
    }
}
