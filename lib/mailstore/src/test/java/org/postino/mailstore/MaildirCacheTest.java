// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cache beside a Maildir: who finds in it what another left, and that no damage to it is ever believed.
final class MaildirCacheTest {
    @TempDir Path dir;
    private final MailStores stores = new MailStores(Clock.systemUTC());
    private MailStore store;

    private Path root() {
        return dir.resolve("Maildir");
    }

    private Path file() {
        return root().resolve(MaildirCache.NAME);
    }

    @BeforeEach
    void open() throws IOException {
        store = open(stores);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        stores.close();
    }

    private MailStore open(MailStores in) throws IOException {
        return in.open(new MailLocation.Maildir(root()), StoreOwner.self());
    }

    private long add(String subject) throws IOException {
        byte[] text = ("Subject: " + subject + "\r\n\r\nx\r\n").getBytes(StandardCharsets.US_ASCII);
        return store.append("INBOX", Flags.NONE, null, new ByteArrayInputStream(text)).uid();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Cached envelope(String text) {
        return Cached.NOTHING.with(Cached.Part.ENVELOPE, octets(text));
    }

    private static byte[] printed(String base, long size, Cached known) {
        return Objects.requireNonNull(MaildirCacheLayout.print(base, size, known));
    }

    private static @Nullable Cached parsed(byte[] record, byte[] name, long size) {
        return MaildirCacheLayout.parse(ByteBuffer.wrap(record), ByteBuffer.wrap(name), size);
    }

    private void keep(MailStore in, long uid, Cached known) throws IOException {
        try (Mailbox box = in.open("INBOX", true)) {
            box.cache(uid, known);
        }
    }

    private Cached found(MailStore in, long uid) throws IOException {
        try (Mailbox box = in.open("INBOX", true)) {
            return box.cached(uid);
        }
    }

    @Test
    void whatOneReaderLeavesTheNextFinds() throws IOException {
        long a = add("a");
        long b = add("b");
        Cached of = envelope("(a)").with(Cached.Part.HEADER, octets("Subject: a\r\n\r\n"));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(Cached.NOTHING, box.cached(a));
            box.cache(a, of);
            assertEquals(of, box.cached(a), "before it is written");
            box.sync();
            assertEquals(of, box.cached(a));
        }
        assertEquals(of, found(store, a));
        assertEquals(Cached.NOTHING, found(store, b));
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(file()));
    }

    @Test
    void anotherProcessFindsItAndWhatComesLater() throws IOException {
        long a = add("a");
        long b = add("b");
        keep(store, a, envelope("(a)"));
        try (var others = new MailStores(Clock.systemUTC())) {
            MailStore other = open(others);
            try (Mailbox box = other.open("INBOX", true)) {
                assertEquals(envelope("(a)"), box.cached(a));
                keep(store, b, envelope("(b)"));
                assertEquals(envelope("(b)"), box.cached(b), "written since");
                box.cache(a, envelope("(a, more)"));
            }
            assertEquals(envelope("(a, more)"), found(store, a), "the last record counts");
        }
    }

    @Test
    void aSessionThatHasIdledFindsItStill() throws IOException {
        long a = add("a");
        long b = add("b");
        keep(store, a, envelope("(a)"));
        keep(store, b, envelope("(b)" + "b".repeat(10_000)));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(envelope("(a)"), box.cached(a));
            box.watch(() -> {}).close();
            assertEquals(envelope("(b)" + "b".repeat(10_000)), box.cached(b));
            assertEquals(envelope("(a)"), box.cached(a));
        }
    }

    @Test
    void aMessageOfAnotherSizeIsAnother() {
        byte[] name = octets("1.M2P3.host");
        byte[] record = printed("1.M2P3.host", 100, envelope("(a)"));
        assertEquals(envelope("(a)"), parsed(record, name, 100));
        assertEquals(envelope("(a)"), parsed(record, name, -1));
        assertEquals(Cached.NOTHING, parsed(record, name, 101));
        assertEquals(Cached.NOTHING, parsed(record, octets("1.M2P3.hosu"), 100));
    }

    @Test
    void theLayoutIsAsItIsDescribed() {
        byte[] record = printed("ab", 7, envelope("xyz"));
        assertEquals(18 + 2 + 5 + 3, record.length);
        assertArrayEquals(new byte[] {0, 0, 0, 28}, Arrays.copyOf(record, 4));
        assertArrayEquals(
                new byte[] {0, 0, 0, 0, 0, 0, 0, 7, 0, 2, 'a', 'b', 2, 0, 0, 0, 3, 'x', 'y', 'z'},
                Arrays.copyOfRange(record, 8, 28));
    }

    @Test
    void aRecordThatIsTooLargeIsNotKept() throws IOException {
        long a = add("a");
        long b = add("b");
        try (Mailbox box = store.open("INBOX", true)) {
            box.cache(a, Cached.NOTHING.with(Cached.Part.HEADER, new byte[1 << 17]));
            box.cache(b, envelope("(b)"));
        }
        assertEquals(Cached.NOTHING, found(store, a));
        assertEquals(envelope("(b)"), found(store, b));
    }

    @Test
    void noFlippedBitIsBelieved() throws IOException {
        long[] uids = new long[8];
        for (int i = 0; i < uids.length; i++) {
            uids[i] = add("message " + i);
            keep(store, uids[i], envelope("(message " + i + ")"));
        }
        byte[] good = Files.readAllBytes(file());
        var chance = new Random(11);
        int damaged = 0;
        for (int round = 0; round < 300; round++) {
            byte[] bad = good.clone();
            bad[chance.nextInt(bad.length)] ^= (byte) (1 << chance.nextInt(8));
            Files.write(file(), bad);
            try (var others = new MailStores(Clock.systemUTC())) {
                MailStore other = open(others);
                for (int i = 0; i < uids.length; i++) {
                    Cached found = found(other, uids[i]);
                    boolean right = found.equals(envelope("(message " + i + ")"));
                    assertTrue(right || found.equals(Cached.NOTHING), "round " + round);
                    damaged += right ? 0 : 1;
                }
            }
        }
        assertTrue(damaged >= 300, "each flip costs at least one record: " + damaged);
    }

    @Test
    void aDamagedFileIsMadeAnew() throws IOException {
        long a = add("a");
        long b = add("b");
        keep(store, a, envelope("(a)"));
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file(), bytes);
        assertEquals(Cached.NOTHING, found(store, a));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(Cached.NOTHING, box.cached(a));
            box.cache(b, envelope("(b)"));
        }
        assertEquals(envelope("(b)"), found(store, b));
        keep(store, a, envelope("(a)"));
        assertEquals(envelope("(a)"), found(store, a));
    }

    @Test
    void aFileThatIsNoCacheIsReplaced() throws IOException {
        long a = add("a");
        for (String rubbish :
                new String[] {"", "short", "x".repeat(10_000), "POSTINOC" + "x".repeat(99)}) {
            Files.writeString(file(), rubbish);
            assertEquals(Cached.NOTHING, found(store, a));
            keep(store, a, envelope(rubbish.length() + "!"));
            keep(store, a, envelope(rubbish.length() + "."));
            assertEquals(envelope(rubbish.length() + "."), found(store, a), rubbish);
            Files.delete(file());
        }
    }

    @Test
    void aWriterThatDiedInTheMiddleCostsItsRecordOnly() throws IOException {
        long a = add("a");
        long b = add("b");
        keep(store, a, envelope("(a)"));
        byte[] torn = printed("x", 1, envelope("(torn)"));
        Files.write(file(), Arrays.copyOf(torn, torn.length - 3), StandardOpenOption.APPEND);
        try (var others = new MailStores(Clock.systemUTC())) {
            assertEquals(envelope("(a)"), found(open(others), a));
        }
        for (int i = 0; i < 3; i++) {
            keep(store, b, envelope("(b)"));
            keep(store, a, envelope("(a)"));
        }
        try (var others = new MailStores(Clock.systemUTC())) {
            MailStore other = open(others);
            Cached of = found(other, a);
            assertTrue(of.equals(Cached.NOTHING) || of.equals(envelope("(a)")));
            keep(other, a, envelope("(a)"));
            keep(other, b, envelope("(b)"));
            assertEquals(envelope("(a)"), found(other, a));
            assertEquals(envelope("(b)"), found(other, b));
        }
    }

    @Test
    void aCacheThatCannotBeUsedChangesNothingElse() throws IOException {
        long a = add("a");
        Files.createDirectory(file());
        keep(store, a, envelope("(a)"));
        assertEquals(Cached.NOTHING, found(store, a));
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(1, box.size());
            assertFalse(box.sync().arrived());
        }
        Files.delete(file());
        Path elsewhere = dir.resolve("elsewhere");
        Files.writeString(elsewhere, "mine");
        Files.createSymbolicLink(file(), elsewhere);
        try (var others = new MailStores(Clock.systemUTC())) {
            keep(open(others), a, envelope("(a)"));
        }
        assertEquals("mine", Files.readString(elsewhere), "a link is not followed");
    }

    @Test
    void recordsOutOfDateAreLeftOutInTheEnd() throws IOException {
        long a = add("a");
        long b = add("b");
        keep(store, b, envelope("(b)"));
        Files.delete(file());
        keep(store, b, envelope("(b)"));
        for (int i = 0; i < 1_200; i++) {
            keep(store, a, envelope("(a " + i + ")"));
        }
        assertTrue(Files.size(file()) < 300 * 60, "size " + Files.size(file()));
        assertEquals(envelope("(a 1199)"), found(store, a));
        assertEquals(envelope("(b)"), found(store, b));
        try (Stream<Path> beside = Files.list(root())) {
            assertFalse(beside.anyMatch(f -> f.toString().endsWith(".tmp")));
        }
    }

    @Test
    void numbersFindTheirPlaces() {
        var map = new LongMap();
        var chance = new Random(5);
        var keys = new HashSet<Long>();
        while (keys.size() < 5_000) {
            keys.add(chance.nextLong() | 1);
        }
        for (long key : keys) {
            map.put(key, key ^ 42);
            map.put(key, key ^ 43);
        }
        assertEquals(keys.size(), map.size());
        for (long key : keys) {
            assertEquals(key ^ 43, map.get(key));
        }
        assertEquals(LongMap.NONE, map.get(2));
        map.clear();
        assertNotEquals(0, keys.size());
        assertEquals(LongMap.NONE, map.get(keys.iterator().next()));
    }

    private void deliver(Digest digest) throws IOException {
        new MaildirDelivery(Clock.systemUTC(), Compression.NONE, digest)
                .deliver(
                        new MaildirDelivery.Target(root(), root()),
                        octets("X: 1\n"),
                        new ByteArrayInputStream(octets("Subject: s\r\n\r\nx\r\n")));
    }

    @Test
    void whatDeliveryFindsOutIsFoundByReaders() throws IOException {
        deliver(message -> envelope(new String(message.header(), StandardCharsets.US_ASCII)));
        deliver(_ -> Cached.NOTHING);
        deliver(_ -> envelope("third"));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(envelope("X: 1\r\nSubject: s\r\n\r\n"), box.cached(1));
            assertEquals(Cached.NOTHING, box.cached(2));
            assertEquals(envelope("third"), box.cached(3));
        }
    }

    @Test
    void aSessionSeesWhatIsDeliveredMeanwhile() throws IOException {
        deliver(_ -> envelope("first"));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(envelope("first"), box.cached(1));
            deliver(_ -> envelope("second"));
            box.sync();
            assertEquals(envelope("second"), box.cached(2));
        }
    }

    @Test
    void noFaultOfTheCacheIsOneOfTheDelivery() throws IOException {
        deliver(_ -> {
            throw new IOException("no digest today");
        });
        Files.createDirectory(file());
        deliver(_ -> envelope("nowhere"));
        Files.delete(file());
        Path other = dir.resolve("other");
        Files.createSymbolicLink(file(), other);
        deliver(_ -> envelope("not through a link"));
        assertFalse(Files.exists(other));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(3, box.size());
        }
    }

    @Test
    void deliveryDoesNotWaitAtAPipeInPlaceOfTheCache() throws Exception {
        deliver(_ -> Cached.NOTHING);
        assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> deliver(_ -> envelope("nowhere")));
        try (Mailbox box = store.open("INBOX", true)) {
            assertEquals(2, box.size());
        }
    }
}
