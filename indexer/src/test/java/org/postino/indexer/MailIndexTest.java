// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.lucene.store.LockObtainFailedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.fts.Candidates;
import org.postino.fts.TextQuery;
import org.postino.fts.TextQuery.Place;

/// The index beside a plain search through the same texts: no message that contains what is looked for is missing among the candidates.
class MailIndexTest {
    private static final long VALIDITY = 7;

    /// Characters of one to four octets, of scripts with blanks and without, and half a character.
    private static final String[] ALPHABETS = {
        "AB",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ .-",
        "\u00c4\u00d6\u00dfE\u0301 ",
        "\u65e5\u672c\u8a9e\u6587A",
        "\u1100\u1161\u11a8\u1112",
        "\ud83d\ude00\ud83d\ude01x",
        "\ud800A\u4e00"
    };

    @TempDir Path dir;
    private Path index;

    @BeforeEach
    void place() {
        index = dir.resolve(IndexFiles.NAME);
    }

    /// A message: texts by place.
    private record Texts(List<String> header, List<String> body) {
        List<String> in(Place place) {
            return place == Place.HEADER ? header : body;
        }

        IndexedTexts indexed() {
            var indexed = new IndexedTexts();
            for (var place : Place.values()) {
                for (String text : in(place)) {
                    var grams = indexed.grams(place);
                    grams.startText();
                    int cut = text.length() / 2;
                    grams.add(text.substring(0, cut));
                    grams.add(text.substring(cut));
                }
            }
            return indexed;
        }
    }

    private static boolean matches(TextQuery query, Texts texts) {
        return switch (query) {
            case TextQuery.Contains(var place, var text) ->
                    texts.in(place).stream().anyMatch(one -> one.contains(text));
            case TextQuery.And(var all) -> all.stream().allMatch(one -> matches(one, texts));
            case TextQuery.Or(var any) -> any.stream().anyMatch(one -> matches(one, texts));
        };
    }

    private static Texts texts(Random random) {
        return new Texts(several(random), several(random));
    }

    private static List<String> several(Random random) {
        var several = new ArrayList<String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            several.add(text(random, random.nextInt(60)));
        }
        return several;
    }

    private static String text(Random random, int length) {
        var alphabet = ALPHABETS[random.nextInt(ALPHABETS.length)];
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /// Parts of the texts of a message, or others, in any combination.
    private static TextQuery query(Random random, Texts texts, int depth) {
        int kind = depth == 0 ? 2 : random.nextInt(3);
        if (kind < 2) {
            var inner = new ArrayList<TextQuery>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                inner.add(query(random, texts, depth - 1));
            }
            return kind == 0 ? new TextQuery.And(inner) : new TextQuery.Or(inner);
        }
        var place = random.nextBoolean() ? Place.HEADER : Place.BODY;
        while (true) {
            var from = texts.in(place);
            var text =
                    from.isEmpty() || random.nextInt(8) == 0
                            ? text(random, 6)
                            : from.get(random.nextInt(from.size()));
            int start = random.nextInt(text.length() + 1);
            var part = text.substring(start, start + random.nextInt(text.length() - start + 1));
            part = part.isEmpty() ? text(random, 3) : part;
            if (TextQuery.narrows(part)) {
                return new TextQuery.Contains(place, part);
            }
        }
    }

    private void write(Map<Long, Texts> messages) throws IOException {
        try (var writing = IndexWriting.open(index, VALIDITY)) {
            for (var message : messages.entrySet()) {
                if (message.getKey() > writing.last()) {
                    writing.add(message.getKey(), message.getValue().indexed());
                }
            }
            writing.commit(0);
        }
    }

    private Candidates ask(TextQuery query) throws IOException {
        var opened = IndexReading.open(index);
        if (opened.isEmpty()) {
            return Candidates.NONE;
        }
        try (var reading = opened.get()) {
            // as it goes over the wire
            var asked = TextQuery.parse(query.toBytes());
            return Candidates.parse(reading.search(asked).toBytes());
        }
    }

    private static Map<Long, Texts> messages(Random random, int n) {
        var messages = new TreeMap<Long, Texts>();
        for (long uid = 1; messages.size() < n; uid += 1 + random.nextInt(3)) {
            messages.put(uid, texts(random));
        }
        return messages;
    }

    @Test
    void noMessageWithTheTextIsMissing() throws IOException {
        var random = new Random(34);
        var messages = messages(random, 300);
        write(messages);
        var all = new ArrayList<>(messages.values());
        int superfluous = 0;
        int found = 0;
        try (var reading = IndexReading.open(index).orElseThrow()) {
            for (int round = 0; round < 5000; round++) {
                var query = query(random, all.get(random.nextInt(all.size())), 2);
                var candidates = reading.search(TextQuery.parse(query.toBytes()));
                for (var message : messages.entrySet()) {
                    boolean matches = matches(query, message.getValue());
                    boolean isCandidate = candidates.has(message.getKey());
                    assertTrue(isCandidate || !matches, () -> query + " in " + message);
                    found += matches ? 1 : 0;
                    superfluous += isCandidate && !matches ? 1 : 0;
                }
            }
        }
        assertTrue(found > 10_000, "found " + found);
        assertTrue(superfluous < found, superfluous + " candidates more than " + found);
    }

    @Test
    void longTextsAreLookedForByTheirBeginning() throws IOException {
        var random = new Random(35);
        var text = text(random, 20) + "X".repeat(3) + ALPHABETS[1].repeat(100);
        write(Map.of(1L, new Texts(List.of(), List.of("..." + text + "..."))));
        assertTrue(ask(new TextQuery.Contains(Place.BODY, text)).has(1));
        var other = new TextQuery.Contains(Place.BODY, "QZ".repeat(300));
        assertEquals(0, ask(other).uids().length);
    }

    @Test
    void messagesBehindTheIndexAreCandidates() throws IOException {
        write(Map.of(5L, new Texts(List.of(), List.of("HELLO"))));
        var found = ask(new TextQuery.Contains(Place.BODY, "WORLD"));
        assertEquals(VALIDITY, found.validity());
        assertEquals(5, found.last());
        assertTrue(!found.has(5) && found.has(6));
    }

    @Test
    void whatCannotBeReadMayContainAnything() throws IOException {
        var full = new Grams();
        full.startText();
        for (int c = 0; c < 300; c++) {
            for (int d = 0; d < 300; d++) {
                full.add(new String(new char[] {(char) c, (char) d, 'X'}));
            }
        }
        assertTrue(full.isFull());
        try (var writing = IndexWriting.open(index, VALIDITY)) {
            var unknown = new IndexedTexts();
            unknown.setUnknown();
            writing.add(1, unknown);
            writing.commit(1);
        }
        assertTrue(ask(new TextQuery.Contains(Place.BODY, "ANYTHING")).has(1));
    }

    @Test
    void expungedMessagesGo() throws IOException {
        var hello = new Texts(List.of(), List.of("HELLO"));
        write(Map.of(1L, hello));
        write(new TreeMap<>(Map.of(1L, hello, 2L, hello, 3L, hello)));
        try (var writing = IndexWriting.open(index, VALIDITY)) {
            writing.keep(new long[] {1, 3});
            writing.commit(0);
            assertEquals(2, writing.size());
        }
        assertEquals(List.of(1L, 3L), uids(ask(new TextQuery.Contains(Place.BODY, "ELL"))));
    }

    @Test
    void anotherUidValidityBeginsAnew() throws IOException {
        write(Map.of(9L, new Texts(List.of(), List.of("HELLO"))));
        try (var writing = IndexWriting.open(index, VALIDITY + 1)) {
            assertEquals(0, writing.last());
            writing.commit(0);
        }
        var found = ask(new TextQuery.Contains(Place.BODY, "HELLO"));
        assertEquals(VALIDITY + 1, found.validity());
        assertEquals(0, found.uids().length);
    }

    @Test
    void whatWasNotCommittedIsLostAndNothingElse() throws IOException {
        var hello = new Texts(List.of(), List.of("HELLO"));
        write(Map.of(1L, hello));
        try (var writing = IndexWriting.open(index, VALIDITY)) {
            writing.add(2, hello.indexed());
        }
        var found = ask(new TextQuery.Contains(Place.BODY, "HELLO"));
        assertEquals(1, found.last());
        assertTrue(found.has(2), "it is behind the index");
    }

    @Test
    void oneWritesAtATime() throws IOException {
        try (var _ = IndexWriting.open(index, VALIDITY)) {
            assertThrows(LockObtainFailedException.class, () -> IndexWriting.open(index, VALIDITY));
        }
        IndexWriting.open(index, VALIDITY).close();
    }

    @Test
    void anIndexInTheMakingIsNone() throws IOException {
        assertTrue(IndexFiles.identity(index).isEmpty());
        try (var _ = IndexWriting.open(index, VALIDITY)) {
            assertTrue(IndexReading.open(index).isEmpty());
        }
    }

    /// A bit that is flipped, a file that is shorter or gone: either the index says so, or its answer is right.
    @Test
    void aDamagedIndexIsFoundOut() throws IOException {
        var random = new Random(36);
        var messages = messages(random, 40);
        write(messages);
        var saved = new TreeMap<Path, byte[]>();
        try (var files = Files.list(index)) {
            for (Path file : files.filter(f -> !f.endsWith("write.lock")).toList()) {
                saved.put(file, Files.readAllBytes(file));
            }
        }
        var query = query(random, Objects.requireNonNull(messages.get(1L)), 1);
        int foundOut = 0;
        for (int round = 0; round < 400; round++) {
            var file = List.copyOf(saved.keySet()).get(random.nextInt(saved.size()));
            damage(file, Objects.requireNonNull(saved.get(file)), random);
            try {
                var found = ask(query);
                for (var message : messages.entrySet()) {
                    assertTrue(
                            found.has(message.getKey()) || !matches(query, message.getValue()),
                            file + " in round " + round);
                }
            } catch (DamagedIndexException e) {
                foundOut++;
            }
            Files.write(file, saved.get(file));
        }
        assertTrue(foundOut > 300, "found out " + foundOut);
    }

    private static void damage(Path file, byte[] good, Random random) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> Files.write(file, List.of());
            case 1 -> Files.write(file, Arrays.copyOf(good, random.nextInt(good.length)));
            default -> {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bad);
            }
        }
    }

    @Test
    void whatDoesNotBelongThereIsDamage() throws IOException {
        write(Map.of(1L, new Texts(List.of(), List.of("HELLO"))));
        Files.createDirectory(index.resolve("_7.cfs"));
        assertThrows(DamagedIndexException.class, () -> IndexReading.open(index));
        assertThrows(DamagedIndexException.class, () -> IndexWriting.open(index, VALIDITY));
        IndexFiles.delete(index);
        assertTrue(!Files.exists(index));
    }

    private static List<Long> uids(Candidates found) {
        return Arrays.stream(found.uids()).boxed().toList();
    }
}
