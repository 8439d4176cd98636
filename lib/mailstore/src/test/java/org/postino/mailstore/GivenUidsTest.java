// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Messages that bring their UIDs, as those of a backup do.
class GivenUidsTest {
    @TempDir Path dir;
    private MailStores stores;
    private MailStore store;

    @BeforeEach
    void open() throws IOException {
        stores = new MailStores(Clock.systemUTC());
        store = stores.open(new MailLocation.Maildir(dir.resolve("m")), StoreOwner.self());
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        stores.close();
    }

    private List<Appended> add(List<Long> uids) throws IOException {
        try (Adding adding = store.adding("INBOX")) {
            for (int i = 0; i < Math.max(1, uids.size()); i++) {
                byte[] text = "Subject: x\n\ny\n".getBytes(StandardCharsets.US_ASCII);
                adding.add(Flags.NONE, null, new ByteArrayInputStream(text));
            }
            return adding.commit(uids);
        }
    }

    @Test
    void theyKeepThemAndTheNextIsGreater() throws IOException {
        try (Mailbox inbox = store.open("INBOX", false)) {
            inbox.restart(77);
        }
        assertEquals(List.of(new Appended(77, 5), new Appended(77, 9)), add(List.of(5L, 9L)));
        assertEquals(List.of(new Appended(77, 10)), add(List.of()));
        try (Mailbox inbox = store.open("INBOX", true)) {
            assertEquals(77, inbox.uidValidity());
            assertEquals(3, inbox.size());
            assertEquals(11, inbox.uidNext());
        }
    }

    @Test
    void noUidIsGivenTwice() throws IOException {
        add(List.of(5L));
        for (List<Long> wrong :
                List.of(List.of(5L), List.of(4L), List.of(8L, 8L), List.of(9L, 7L))) {
            var refused = assertThrows(MailStoreException.class, () -> add(wrong));
            assertEquals(MailStoreException.Problem.CANNOT, refused.problem());
        }
        assertEquals(1, store.status("INBOX").messages());
    }

    @Test
    void aMailboxWithMessagesKeepsItsUidValidity() throws IOException {
        add(List.of());
        try (Mailbox inbox = store.open("INBOX", false)) {
            assertThrows(MailStoreException.class, () -> inbox.restart(77));
        }
    }

    @Test
    void anMboxGivesItsOwn() throws IOException {
        try (var boxes =
                stores.open(
                        new MailLocation.Mbox(dir.resolve("b"), dir.resolve("i")),
                        StoreOwner.self())) {
            try (Mailbox inbox = boxes.open("INBOX", false)) {
                assertThrows(MailStoreException.class, () -> inbox.restart(77));
            }
        }
    }
}
