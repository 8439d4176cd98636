// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.config.Config;
import org.postino.kit.ReaderStage;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.SavedUidl;
import org.postino.mailstore.StoreOwner;
import org.postino.server.FatalException;
import org.postino.suite.Pop3dParams;

/// What a maildrop tells of its messages, and what that costs.
final class UidlsTest {
    @TempDir Path dir;

    private static MaildropSettings settings(Map<String, String> parameters) {
        return MaildropSettings.of(Config.of(parameters, Pop3dParams.ALL));
    }

    @Test
    void theUsualFormatsAreDovecots() {
        assertEquals("0000000a6b027885", print("%08Xu%08Xv", 10, 0x6b027885L));
        assertEquals("1795324037.7", print("%v.%u", 7, 1795324037));
        assertEquals("%7", print("%%%u", 7, 1));
    }

    private static String print(String format, long uid, long validity) {
        return UidlFormat.of(format).print(uid, validity, "name", SavedUidl.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%v", "mail", "%x", "%", "%m", "%u%"})
    void aFormatThatNamesNoMessageIsRefused(String format) {
        assertThrows(FatalException.class, () -> UidlFormat.of(format));
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThrows(FatalException.class, () -> settings(Map.of("pop3_delete_type", "flag")));
        assertThrows(
                FatalException.class, () -> settings(Map.of("pop3_deleted_flag", "\\Deleted")));
    }

    private MailStore open(MailStores stores) throws IOException {
        return stores.open(new MailLocation.Maildir(dir.resolve("Maildir")), StoreOwner.self());
    }

    /// A mailbox of 10,000 messages that clients leave on the server. The files are overwritten in place by larger ones between the sessions,
    /// which no directory's time shows: whoever looked at one would tell another size.
    @Test
    void aKnownMailboxIsShownWithoutALookAtItsFiles() throws IOException {
        int count = 10_000;
        Path cur = dir.resolve("Maildir/cur");
        ReaderStage.deliver(dir.resolve("Maildir"), "1.M1P1.h", new byte[] {'\n'});
        for (int i = 1; i < count; i++) {
            Files.write(cur.resolve("1." + i + ".h:2,S"), new byte[] {'\n'});
        }
        try (var stores = new MailStores(Clock.systemUTC());
                var store = open(stores);
                var first = Maildrop.open(store, settings(Map.of())).orElseThrow()) {
            assertEquals(2L * count, first.totalSize());
        }
        try (var files = Files.list(cur)) {
            for (Path file : files.toList()) {
                Files.write(file, "Subject: other\n\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
        try (var stores = new MailStores(Clock.systemUTC());
                var store = open(stores);
                var again = Maildrop.open(store, settings(Map.of())).orElseThrow()) {
            assertEquals(2L * count, again.totalSize());
            assertEquals(count, again.count());
            assertTrue(again.uidl(count).startsWith("00002710"), again.uidl(count));
        }
    }

    @Test
    void fastSizesAreThoseOfFiles() throws IOException {
        byte[] text = "Subject: x\n\nbody\n".getBytes(StandardCharsets.US_ASCII);
        ReaderStage.deliver(dir.resolve("Maildir"), "1.M1P1.h", text);
        var fast = settings(Map.of("pop3_fast_size_lookups", "yes"));
        try (var stores = new MailStores(Clock.systemUTC());
                var store = open(stores)) {
            try (var maildrop = Maildrop.open(store, fast).orElseThrow()) {
                assertEquals(text.length, maildrop.size(1));
            }
            try (var maildrop = Maildrop.open(store, settings(Map.of())).orElseThrow()) {
                assertEquals(text.length + 3, maildrop.size(1));
            }
            try (var maildrop = Maildrop.open(store, fast).orElseThrow()) {
                assertEquals(text.length + 3, maildrop.size(1), "counted by now");
            }
        }
    }

    @Test
    void anMboxHasNoFilesToName() throws IOException {
        Path inbox = dir.resolve("inbox");
        Files.writeString(inbox, "From a@b.test Thu Jan  1 00:00:00 2026\nSubject: x\n\nx\n\n");
        var names = settings(Map.of("pop3_uidl_format", "%f"));
        try (var stores = new MailStores(Clock.systemUTC());
                var store =
                        stores.open(
                                new MailLocation.Mbox(dir.resolve("mail"), inbox),
                                StoreOwner.self())) {
            assertThrows(IOException.class, () -> Maildrop.open(store, names));
            try (var maildrop = Maildrop.open(store, settings(Map.of())).orElseThrow()) {
                assertTrue(maildrop.uidl(1).startsWith("00000001"));
            }
        }
    }
}
