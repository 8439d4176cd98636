// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Maildir whose new messages are compressed.
final class CompressedStoreTest extends StoreContract {
    CompressedStoreTest() {
        processHere = compressing();
        processThere = compressing();
    }

    private static MailStores compressing() {
        return new MailStores(
                Clock.systemUTC(), MboxLocking.DEFAULT, MailSpool.ANY, Compression.GZIP);
    }

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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] gz(byte[] text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gz = new GZIPOutputStream(out)) {
            gz.write(text);
        }
        return out.toByteArray();
    }

    private void file(String name, byte[] content) throws IOException {
        Files.write(root().resolve("cur").resolve(name), content);
    }

    private List<Path> files() throws IOException {
        try (var cur = Files.list(root().resolve("cur"));
                var fresh = Files.list(root().resolve("new"))) {
            return Stream.concat(cur, fresh).sorted().toList();
        }
    }

    @Test
    void theFileIsCompressedAndItsNameTellsTheSizesOfTheText() throws IOException {
        String text = message("x") + "and so on\r\n".repeat(500);
        here.append("INBOX", Flags.NONE, null, text(text));
        Path file = files().getFirst();
        String stored = text.replace("\r\n", "\n");
        String sizes = ",S=" + stored.length() + ",W=" + text.length();
        assertTrue(file.toString().endsWith(sizes), file.toString());
        assertTrue(Files.size(file) < text.length() / 10);
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            assertArrayEquals(bytes(stored), in.readAllBytes());
        }
        try (Mailbox box = there.open("INBOX", false)) {
            assertEquals(text.length(), box.size(1));
            assertEquals(text, content(box, 1));
        }
    }

    @Test
    void deliveryCompressesToo() throws IOException {
        new MaildirDelivery(Clock.systemUTC(), Compression.GZIP, _ -> Cached.NOTHING)
                .deliver(
                        new MaildirDelivery.Target(root()),
                        bytes("X-First: 1\n"),
                        text(message("y")));
        assertEquals(0x1f, Files.readAllBytes(files().getFirst())[0]);
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals("X-First: 1\r\n" + message("y"), content(box, 1));
        }
    }

    @Test
    void oldAndNewAreMixed() throws IOException {
        String text = "Subject: plain\n\nx\n";
        file("1.M1P1.h,S=18,W=21:2,S", bytes(text));
        file("2.M1P1.h,S=18,W=21:2,SZ", gz(bytes(text)));
        file("3.M1P1.h:2,", gz(bytes(text.replace("\n", "\r\n"))));
        byte[] twice = new byte[2 * gz(bytes("Subject: ")).length + 100];
        byte[] first = gz(bytes("Subject: "));
        byte[] second = gz(bytes("plain\n\nx\n"));
        System.arraycopy(first, 0, twice, 0, first.length);
        System.arraycopy(second, 0, twice, first.length, second.length);
        file("4.M1P1.h:2,", Arrays.copyOf(twice, first.length + second.length));
        try (Mailbox box = here.open("INBOX", false)) {
            for (long uid = 1; uid <= 4; uid++) {
                assertEquals("Subject: plain\r\n\r\nx\r\n", content(box, uid));
                assertEquals(21, box.size(uid), "of " + uid);
            }
            assertTrue(box.message(2).flags().contains(Flag.SEEN));
            box.store(List.of(2L), StoreMode.ADD, Flags.of(Flag.FLAGGED), Long.MAX_VALUE);
        }
        assertTrue(files().get(1).toString().endsWith(":2,FSZ"), "Z of others is kept");
    }

    /// Larger than what is kept in memory, in a small file and in a large one.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeTextIsReadAsItComes(boolean dense) throws IOException {
        var text = new StringBuilder("Subject: large\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");
        var random = new Random(1);
        while (text.length() < 3_000_000) {
            text.append(dense ? "line" : Long.toHexString(random.nextLong())).append("\r\n");
        }
        here.append("INBOX", Flags.NONE, null, text(text.toString()));
        assertEquals(dense, Files.size(files().getFirst()) < 100_000);
        try (Mailbox box = there.open("INBOX", false);
                var message = box.read(1)) {
            assertEquals(text.length(), message.size());
            String header = new String(message.header(), StandardCharsets.ISO_8859_1);
            assertEquals(text.substring(0, text.indexOf("\r\n\r\n") + 4), header);
            try (var in = message.stream(2_000_001)) {
                assertEquals(
                        text.substring(2_000_001),
                        new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
            assertArrayEquals(bytes(text.toString()), message.bytes());
        }
    }

    /// What a client brings compressed is no file of ours: it must not be opened when it is read.
    @Test
    void whatLooksCompressedComesBackAsItWas() throws IOException {
        byte[] archive = gz(bytes("no message at all"));
        byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 1, 2, 3};
        for (var store :
                List.of(
                        here,
                        new MailStores(Clock.systemUTC()).open(location(), StoreOwner.self()))) {
            for (byte[] odd : List.of(archive, zstd)) {
                var added = store.append("INBOX", Flags.NONE, null, new ByteArrayInputStream(odd));
                try (Mailbox box = store.open("INBOX", false);
                        var message = box.read(added.uid())) {
                    String expected =
                            new String(odd, StandardCharsets.ISO_8859_1)
                                    .replaceAll("(?<!\r)\n", "\r\n");
                    assertArrayEquals(bytes(expected), message.bytes());
                    assertEquals(message.size(), box.size(added.uid()));
                }
            }
        }
    }

    @Test
    void aCopyKeepsTheSizes() throws IOException {
        here.create("copies");
        add("x");
        file("9.M1P1.h,S=16,W=19:2,S", gz(bytes("Subject: x\n\nxyz\n")));
        try (Mailbox box = here.open("INBOX", false)) {
            here.copy(box, List.of(1L, 2L), "copies");
        }
        try (Mailbox box = there.open("copies", false)) {
            assertEquals(message("x"), content(box, 1));
            assertEquals(message("x").length(), box.size(1));
            assertEquals("Subject: x\r\n\r\nxyz\r\n", content(box, 2));
            assertEquals(19, box.size(2));
            assertTrue(box.fileName(2).contains(",S=16"), box.fileName(2));
        }
    }

    @Test
    void damagedAndForeignFilesAreErrorsAndNoMore() throws IOException {
        byte[] whole = gz(bytes("Subject: x\n\n" + "body\n".repeat(100)));
        file("1.M1P1.h:2,", Arrays.copyOf(whole, whole.length - 10));
        file("2.M1P1.h:2,", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0, 0});
        file("3.M1P1.h:2,", bytes("Subject: fine\n\n"));
        file("4.M1P1.h:2,", bytes("\u001f\u008b"));
        try (Mailbox box = here.open("INBOX", false)) {
            assertEquals(4, box.size());
            assertThrows(IOException.class, () -> box.read(1).close());
            var foreign = assertThrows(IOException.class, () -> box.read(2).close());
            assertTrue(String.valueOf(foreign.getMessage()).contains("not supported"));
            assertEquals("Subject: fine\r\n\r\n", content(box, 3));
            assertEquals("\u001f\u008b", content(box, 4));
            assertFalse(box.readOnly());
        }
    }
}
