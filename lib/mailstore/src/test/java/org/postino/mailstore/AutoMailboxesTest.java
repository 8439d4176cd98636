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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;

/// Mailboxes that are there by themselves.
final class AutoMailboxesTest {
    @TempDir Path dir;

    private static final String AUTO =
            "Trash=subscribe, {Old mail/2024=create}, Junk=no, ../../x=create";

    private static Config config(String auto) {
        return Config.of(Map.of("mailbox_auto", auto), MailParams.ALL);
    }

    private MailStore open(MailLocation location) throws IOException {
        return MailStores.of(config(AUTO), Clock.systemUTC()).open(location, StoreOwner.self());
    }

    private static List<String> listed(MailStore store) throws IOException {
        return store.list().stream()
                .map(info ->
                        info.name()
                                + (info.selectable() ? "" : " -")
                                + (info.hasChildren() ? " +" : ""))
                .toList();
    }

    @Test
    void theyAreShownBeforeTheyAreMade() throws IOException {
        try (var store = open(new MailLocation.Maildir(dir.resolve("Maildir")))) {
            assertEquals(List.of("INBOX", "Old mail - +", "Old mail.2024", "Trash"), listed(store));
            assertEquals(Set.of("Trash"), store.subscriptions());
            assertTrue(store.exists("Trash"));
            assertFalse(Files.exists(dir.resolve("Maildir/.Trash")));
            assertEquals(0, store.status("Trash").messages());
            assertTrue(Files.exists(dir.resolve("Maildir/.Trash/cur")));
            store.append("Old mail.2024", Flags.NONE, null, StoreContract.text("a\r\n\r\n"));
            assertTrue(Files.exists(dir.resolve("Maildir/.Old mail.2024/cur")));
            assertFalse(Files.exists(dir.resolve("Maildir/.Junk")));
            assertThrows(NoSuchMailboxException.class, () -> store.open("Junk", false));
        }
        assertEquals("V\t2\n\nTrash\n", Files.readString(dir.resolve("Maildir/subscriptions")));
    }

    @Test
    void oneThatIsRemovedOrRenamedIsThereAgain() throws IOException {
        try (var store = open(new MailLocation.Maildir(dir.resolve("Maildir")))) {
            store.delete("Trash");
            store.create("Trash");
            assertThrows(MailStoreException.class, () -> store.create("Trash"));
            store.append("Trash", Flags.NONE, null, StoreContract.text("a\r\n\r\n"));
            store.rename("Trash", "Bin");
            assertEquals(1, store.status("Bin").messages());
            assertEquals(0, store.status("Trash").messages());
            store.rename("Old mail.2024", "Bin.2024");
            store.unsubscribe("Trash");
            assertEquals(Set.of("Trash"), store.subscriptions());
            assertEquals(
                    List.of("INBOX", "Bin +", "Bin.2024", "Old mail - +", "Old mail.2024", "Trash"),
                    listed(store));
        }
    }

    @Test
    void anMboxHasThemWhereNoFileIsInTheWay() throws IOException {
        Path root = dir.resolve("mail");
        try (var store = open(new MailLocation.Mbox(root, dir.resolve("inbox")))) {
            assertEquals(List.of("INBOX", "Old mail - +", "Old mail/2024", "Trash"), listed(store));
            assertTrue(store.list().getLast().noInferiors());
            store.append("Old mail/2024", Flags.NONE, null, StoreContract.text("a\r\n\r\n"));
            store.delete("Old mail/2024");
            try (var all = Files.walk(root.resolve("Old mail"))) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
            Files.createFile(root.resolve("Old mail"));
            Files.createDirectories(root.resolve("Trash/deep"));
            assertEquals(List.of("INBOX", "Old mail", "Trash - +", "Trash/deep -"), listed(store));
        }
    }

    @Test
    void whatMeansNothingIsFoundInMainCf() {
        for (String value : List.of("Trash", "Trash=maybe", "=create", "{Trash create}")) {
            var e = assertThrows(IllegalArgumentException.class, () -> config(value));
            assertTrue(String.valueOf(e.getMessage()).contains("mailbox_auto"), value);
        }
        assertEquals(
                Map.of("a=b", "create"), MailboxValues.of(List.of("{a=b=no}", "{ a=b = create }")));
    }
}
