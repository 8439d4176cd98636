// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;
import org.postino.mailstore.StoreMode;

class BackupTest {
    private static final String FIELDS =
            "mailbox uid flags hdr.subject date.received.unixtime body";

    @TempDir Path dir;
    private MailRig rig;

    @BeforeEach
    void fill() throws IOException {
        rig = new MailRig(dir);
        rig.store(
                "ann",
                store -> {
                    store.create("Work.Plans");
                    store.subscribe("Work.Plans");
                    Instant then = Instant.parse("2020-03-01T12:00:00Z");
                    for (int i = 1; i <= 5; i++) {
                        var letter = MailRig.letter("n" + i, "text " + i);
                        store.append("INBOX", Flags.of(Flag.SEEN), then, letter);
                    }
                    store.append("Work.Plans", Flags.NONE, then, MailRig.letter("plan", "x"));
                    try (var inbox = store.open("INBOX", false)) {
                        inbox.expunge(List.of(1L, 3L));
                    }
                });
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    /// Makes the mail of `ben` a backup of that of `ann`.
    private void backup() {
        rig.run("backup", "-u", "ann", "maildir:" + rig.maildir("ben")).ok();
    }

    private String all(String user) {
        return rig.run("mailbox", "status", "-u", user, "uidvalidity uidnext", "*").ok()
                + rig.run("mailbox", "list", "-s", "-u", user).ok()
                + rig.run("fetch", "-u", user, FIELDS, "ALL").ok().replace(" \\Recent", "");
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(rig.maildir("ben").resolve("cur"))) {
            return files.filter(f -> !f.toString().contains(":2,S")).count();
        }
    }

    @Test
    void aBackupHasTheSameUidsFlagsAndDates() {
        backup();
        assertEquals(all("ann"), all("ben"));
    }

    @Test
    void theNextOneCopiesWhatDiffers() throws IOException {
        backup();
        rig.store("ben", store -> store.status("INBOX"));
        rig.store(
                "ann",
                store -> {
                    try (var inbox = store.open("INBOX", false)) {
                        inbox.expunge(List.of(4L));
                        inbox.store(
                                List.of(5L), StoreMode.ADD, Flags.of(Flag.FLAGGED), Long.MAX_VALUE);
                    }
                    store.append(
                            "INBOX", Flags.of(Flag.DRAFT), null, MailRig.letter("n6", "text 6"));
                    store.delete("Work.Plans");
                    store.create("Sent");
                });
        Path kept;
        try (Stream<Path> files = Files.list(rig.maildir("ben").resolve("cur"))) {
            kept = files.sorted().findFirst().orElseThrow();
        }
        backup();
        assertEquals(all("ann"), all("ben"));
        assertEquals(true, Files.exists(kept), "what is there is not copied again");
        assertEquals(2, files());
    }

    @Test
    void whatIsNoBackupBecomesOne() throws IOException {
        rig.store(
                "ben",
                store -> {
                    store.append("INBOX", Flags.NONE, null, MailRig.letter("foreign", "mail"));
                    store.create("Foreign");
                });
        backup();
        assertEquals(all("ann"), all("ben"));
        assertEquals(64, rig.run("backup", "-u", "ann", "mbox:" + dir.resolve("m")).status());
    }
}
