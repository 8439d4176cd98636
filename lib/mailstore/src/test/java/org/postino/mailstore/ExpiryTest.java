// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/// Mail that goes by itself.
final class ExpiryTest {
    @TempDir Path dir;

    private static MailStores stores(Map<String, String> main, Duration later) {
        return MailStores.of(
                Config.of(main, MailParams.ALL), Clock.offset(Clock.systemUTC(), later));
    }

    private MailStore open(MailStores stores) throws IOException {
        return stores.open(new MailLocation.Maildir(dir.resolve("Maildir")), StoreOwner.self());
    }

    private static void fill(MailStore store, String mailbox, int n) throws IOException {
        if (!store.exists(mailbox)) {
            store.create(mailbox);
        }
        for (int i = 0; i < n; i++) {
            // received long ago: that does not matter
            store.append(
                    mailbox,
                    Flags.NONE,
                    Instant.ofEpochSecond(1_000_000_000),
                    StoreContract.text(StoreContract.message("m")));
        }
    }

    @Test
    void mailGoesWhenItHasBeenThereForTheTime() throws IOException {
        var main =
                Map.of("mailbox_autoexpunge", "Trash=30d, Lists/*=1w, *=0, Forever=1h, Forever=0");
        try (var stores = stores(main, Duration.ZERO);
                var store = open(stores)) {
            for (String name : List.of("INBOX", "Trash", "Lists.a", "Forever")) {
                fill(store, name, 3);
            }
            assertEquals(List.of(), store.expire());
        }
        try (var stores = stores(main, Duration.ofDays(8));
                var store = open(stores)) {
            fill(store, "Lists.a", 1);
            fill(store, "Trash", 1);
            assertEquals(List.of(new Expired("Lists.a", 3, 0)), store.expire());
            assertEquals(1, store.status("Lists.a").messages());
        }
        try (var stores = stores(main, Duration.ofDays(31));
                var store = open(stores);
                var selected = store.open("Trash", false)) {
            assertEquals(
                    List.of(new Expired("Trash", 3, 0), new Expired("Lists.a", 1, 0)),
                    store.expire());
            assertEquals(3, selected.sync().expunged().size());
            assertEquals(1, selected.size());
            assertEquals(3, store.status("INBOX").messages());
            assertEquals(3, store.status("Forever").messages());
            assertEquals(List.of(), store.expire());
        }
    }

    @Test
    void theOldestOfWhatIsTooMuchGoes() throws IOException {
        var main = Map.of("mailbox_autoexpunge_max_mails", "Trash=250, INBOX=2");
        try (var stores = stores(main, Duration.ZERO);
                var store = open(stores)) {
            fill(store, "Trash", 700);
            fill(store, "INBOX", 2);
            assertEquals(List.of(new Expired("Trash", 0, 450)), store.expire());
            try (var box = store.open("Trash", true)) {
                assertEquals(250, box.size());
                assertEquals(451, box.uid(1));
            }
        }
        var both =
                Map.of(
                        "mailbox_autoexpunge", "Trash=10d",
                        "mailbox_autoexpunge_max_mails", "Trash=1");
        try (var stores = stores(both, Duration.ofDays(11));
                var store = open(stores)) {
            fill(store, "Trash", 3);
            assertEquals(List.of(new Expired("Trash", 250, 2)), store.expire());
        }
    }

    @Test
    void inAnMboxOnlyTheNumberCounts() throws IOException {
        var main =
                Map.of("mailbox_autoexpunge", "*=1d", "mailbox_autoexpunge_max_mails", "Trash=2");
        try (var stores = stores(main, Duration.ofDays(2));
                var store =
                        stores.open(
                                new MailLocation.Mbox(dir.resolve("mail"), dir.resolve("inbox")),
                                StoreOwner.self())) {
            fill(store, "Trash", 5);
            assertEquals(List.of(new Expired("Trash", 0, 3)), store.expire());
        }
    }

    @Test
    void nothingIsMadeWhereNothingIs() throws IOException {
        var main = Map.of("mailbox_autoexpunge", "Trash=1d", "mailbox_auto", "Trash=create");
        try (var stores = stores(main, Duration.ZERO);
                var store = open(stores)) {
            assertEquals(List.of(), store.expire());
            assertFalse(Files.exists(dir.resolve("Maildir/.Trash")));
        }
    }

    @Test
    void patterns() {
        assertTrue(MailboxRules.matches("*", "a/b"));
        assertTrue(MailboxRules.matches("a/*", "a/b/c"));
        assertTrue(MailboxRules.matches("*/b?d*", "x/a/bcd"));
        assertTrue(MailboxRules.matches("a*b*c", "aXbXbc"));
        assertFalse(MailboxRules.matches("a/*", "a"));
        assertFalse(MailboxRules.matches("a?", "a"));
        assertFalse(MailboxRules.matches("a*b", "abc"));
        String many = "a".repeat(5000);
        assertFalse(MailboxRules.matches("*a".repeat(100) + "b", many));
    }

    @Test
    void whatMeansNothingIsFoundInMainCf() {
        for (String value : List.of("Trash=soon", "Trash", "Trash=-1", "Trash=3x")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> stores(Map.of("mailbox_autoexpunge", value), Duration.ZERO));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> stores(Map.of("mailbox_autoexpunge_max_mails", "a=b"), Duration.ZERO));
        assertEquals(
                Duration.ofDays(30),
                stores(Map.of("mailbox_autoexpunge", "Trash=30"), Duration.ZERO)
                        .rules()
                        .limits("Trash", '.')
                        .age());
    }
}
