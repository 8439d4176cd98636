// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;

/// What is expunged is kept for a while.
final class LazyExpungeTest {
    @TempDir Path dir;

    private static final Map<String, String> MAIN =
            Map.of(
                    "lazy_expunge_mailbox", "Old/Expunged",
                    "lazy_expunge_exclude", "Junk, {Mailing lists/*}",
                    "mailbox_autoexpunge", "Old/Expunged=7d, Trash=1d, Junk=1d");

    private static MailStores stores(Duration later) {
        return MailStores.of(
                Config.of(MAIN, MailParams.ALL), Clock.offset(Clock.systemUTC(), later));
    }

    private MailStore maildir(MailStores stores) throws IOException {
        return stores.open(new MailLocation.Maildir(dir.resolve("Maildir")), StoreOwner.self());
    }

    private static void fill(MailStore store, String mailbox, int n) throws IOException {
        if (!store.exists(mailbox)) {
            store.create(mailbox);
        }
        for (int i = 0; i < n; i++) {
            store.append(
                    mailbox,
                    Flags.of(Flag.DELETED, Flag.FLAGGED),
                    Instant.ofEpochSecond(1_000_000_000),
                    StoreContract.text(StoreContract.message("m" + i)));
        }
    }

    private static void expunge(MailStore store, String mailbox) throws IOException {
        try (var box = store.open(mailbox, false)) {
            box.expungeDeleted();
        }
    }

    private static long messages(MailStore store, String mailbox) throws IOException {
        return store.status(mailbox).messages();
    }

    @Test
    void whatIsExpungedCanBeMovedBack() throws IOException {
        try (var stores = stores(Duration.ZERO);
                var store = maildir(stores)) {
            fill(store, "INBOX", 3);
            expunge(store, "INBOX");
            assertEquals(0, messages(store, "INBOX"));
            assertEquals(3, messages(store, "Old.Expunged"));
            try (var kept = store.open("Old.Expunged", false)) {
                assertEquals(Flags.of(Flag.FLAGGED), kept.flags(1));
                assertEquals(Instant.ofEpochSecond(1_000_000_000), kept.internalDate(kept.uid(1)));
                store.move(kept, List.of(kept.uid(2)), "INBOX");
            }
            assertEquals(0, store.restore(Instant.now().plusSeconds(60), "INBOX"));
            assertThrows(
                    NoSuchMailboxException.class, () -> store.restore(Instant.EPOCH, "Nowhere"));
            assertEquals(2, store.restore(Instant.EPOCH, "INBOX"));
            assertEquals(3, messages(store, "INBOX"));
            assertEquals(0, messages(store, "Old.Expunged"));
            assertEquals(0, store.restore(Instant.EPOCH, "INBOX"));
        }
    }

    @Test
    void expungedThereItIsGone() throws IOException {
        try (var stores = stores(Duration.ZERO);
                var store = maildir(stores)) {
            fill(store, "INBOX", 2);
            expunge(store, "INBOX");
            try (var kept = store.open("Old.Expunged", false)) {
                kept.expunge(List.of(kept.uid(1)));
            }
            assertEquals(1, messages(store, "Old.Expunged"));
        }
    }

    @Test
    void someIsNotKept() throws IOException {
        try (var stores = stores(Duration.ZERO);
                var store = maildir(stores)) {
            fill(store, "Junk", 1);
            fill(store, "Mailing lists.a", 1);
            fill(store, "Lists", 1);
            expunge(store, "Junk");
            expunge(store, "Mailing lists.a");
            try (var lists = store.open("Lists", false)) {
                store.move(lists, List.of(lists.uid(1)), "INBOX");
            }
            assertFalse(store.exists("Old.Expunged"));
            assertEquals(1, messages(store, "INBOX"));
        }
    }

    @Test
    void whatGoesByItselfIsKeptToo() throws IOException {
        try (var stores = stores(Duration.ZERO);
                var store = maildir(stores)) {
            fill(store, "Trash", 3);
            fill(store, "Junk", 3);
        }
        try (var stores = stores(Duration.ofDays(2));
                var store = maildir(stores)) {
            assertEquals(2, store.expire().size());
            assertEquals(3, messages(store, "Old.Expunged"));
        }
        try (var stores = stores(Duration.ofDays(8));
                var store = maildir(stores)) {
            assertEquals(List.of(), store.expire());
        }
        try (var stores = stores(Duration.ofDays(10));
                var store = maildir(stores)) {
            assertEquals(List.of(new Expired("Old.Expunged", 3, 0)), store.expire());
        }
    }

    @Test
    void nothingIsRemovedThatCannotBeKept() throws IOException {
        try (var stores = stores(Duration.ZERO);
                var store = maildir(stores)) {
            fill(store, "INBOX", 2);
            Files.createFile(dir.resolve("Maildir/.Old.Expunged"));
            try (var box = store.open("INBOX", false)) {
                assertThrows(IOException.class, () -> box.expunge(List.of(1L, 2L)));
            }
            assertEquals(2, messages(store, "INBOX"));
        }
    }

    @Test
    void anMboxKeepsItToo() throws IOException {
        try (var stores = stores(Duration.ZERO);
                var store =
                        stores.open(
                                new MailLocation.Mbox(dir.resolve("mail"), dir.resolve("inbox")),
                                StoreOwner.self())) {
            fill(store, "INBOX", 3);
            expunge(store, "INBOX");
            assertEquals(3, messages(store, "Old/Expunged"));
            assertEquals(3, store.restore(Instant.now(), "INBOX"));
        }
    }
}
