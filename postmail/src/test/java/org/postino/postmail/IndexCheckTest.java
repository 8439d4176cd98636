// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.mailstore.Cached;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailStore;

class IndexCheckTest {
    @TempDir Path dir;
    private MailRig rig;
    private Path maildir;

    @BeforeEach
    void fill() throws IOException {
        rig = new MailRig(dir);
        maildir = rig.maildir("ann");
        rig.store(
                "ann",
                store -> {
                    for (int i = 1; i <= 4; i++) {
                        store.append(
                                "INBOX",
                                Flags.of(Flag.SEEN),
                                null,
                                MailRig.letter("n" + i, "text"));
                    }
                    try (var inbox = store.open("INBOX", false)) {
                        inbox.expunge(List.of(2L));
                        inbox.sync();
                        byte[] header = "Subject: n1\r\n\r\n".getBytes(StandardCharsets.UTF_8);
                        inbox.cache(1, Cached.NOTHING.with(Cached.Part.HEADER, header));
                    }
                });
        settle();
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    /// Makes the directories old, so that the index knows them for sure, and has it written.
    private void settle() throws IOException {
        for (String name : List.of("cur", "new")) {
            Files.setLastModifiedTime(
                    maildir.resolve(name), FileTime.from(Instant.now().minusSeconds(3600)));
        }
        rig.store("ann", store -> store.status("INBOX"));
    }

    /// The states of the files, by their names.
    private Map<String, String> states(String... more) {
        var words = new ArrayList<>(List.of("-f", "tab", "check", "-u", "ann"));
        words.addAll(List.of(more));
        var states = new TreeMap<String, String>();
        for (String line : rig.run(words.toArray(String[]::new)).out().split("\n", -1)) {
            String[] cells = line.split("\t", -1);
            if (cells.length == 4 && !cells[0].equals("mailbox")) {
                states.put(cells[1], cells[2]);
            }
        }
        return states;
    }

    private static Map<String, String> all(
            String uidList, String index, String expunged, String cache) {
        return Map.of(
                "dovecot-uidlist",
                uidList,
                "postino.index",
                index,
                "postino.expunged",
                expunged,
                "postino.cache",
                cache);
    }

    private void flip(String file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(maildir.resolve(file));
        bytes[at] ^= 0x10;
        Files.write(maildir.resolve(file), bytes);
    }

    private String uids() throws IOException {
        var text = new StringBuilder();
        rig.store(
                "ann",
                store -> {
                    try (var inbox = store.open("INBOX", true)) {
                        text.append(inbox.uidValidity()).append(':');
                        for (int i = 1; i <= inbox.size(); i++) {
                            text.append(' ').append(inbox.uid(i)).append(inbox.flags(i));
                        }
                    }
                });
        return text.toString();
    }

    @Test
    void filesInOrderAreSaidToBe() {
        assertEquals(all("ok", "ok", "ok", "ok"), states());
        String table = rig.run("check", "-u", "ann", "INBOX").ok();
        assertTrue(table.startsWith("mailbox file             state detail\n"), table);
        assertTrue(table.contains(" lines=4 gone=1 without=0\n"), table);
        assertTrue(table.contains(" records=3 generation="), table);
        assertTrue(table.contains("records=1 messages=1\n"), table);
    }

    @Test
    void theRecordsOfTheIndexArePrinted() {
        String out = rig.run("-f", "tab", "check", "-u", "ann", "-p", "INBOX").ok();
        String[] lines = out.split("\n", -1);
        assertEquals("mailbox\tuid\tmodseq\tstate\tdate\tsize\tfile", lines[0]);
        assertEquals(
                List.of("1", "3", "4"), List.of(cell(lines[1]), cell(lines[2]), cell(lines[3])));
        assertTrue(lines[1].contains("\tS\t"), lines[1]);
        assertTrue(lines[1].endsWith(",W=37"), lines[1]);
    }

    private static String cell(String line) {
        return line.split("\t", -1)[1];
    }

    @Test
    void aDamagedIndexIsFoundAndMade() throws IOException {
        String before = uids();
        for (int at : new int[] {0, 10, 130, 170}) {
            flip("postino.index", at);
            var ran = rig.run("check", "-u", "ann");
            assertEquals(65, ran.status());
            assertEquals("damaged", states().get("postino.index"), "octet " + at);
            assertEquals("mended", states("-m").get("postino.index"), "octet " + at);
            settle();
            assertEquals("ok", states().get("postino.index"), "octet " + at);
            assertEquals(before, uids());
        }
    }

    @Test
    void aDamagedCacheAndLogAreFoundAndTakenAway() throws IOException {
        flip("postino.cache", 40);
        flip("postino.expunged", 40);
        assertEquals(all("ok", "ok", "damaged", "damaged"), states());
        assertEquals(all("ok", "ok", "mended", "mended"), states("-m"));
        assertTrue(Files.notExists(maildir.resolve("postino.cache")));
        assertEquals("absent", states().get("postino.cache"));
    }

    @Test
    void aCacheThatEndsInARecordIsDamaged() throws IOException {
        byte[] bytes = Files.readAllBytes(maildir.resolve("postino.cache"));
        Files.write(maildir.resolve("postino.cache"), Arrays.copyOf(bytes, 30));
        assertEquals("damaged", states().get("postino.cache"));
    }

    @Test
    void aBrokenLineOfTheUidListGoesAndUidsStay() throws IOException {
        String before = uids();
        Files.writeString(
                maildir.resolve("dovecot-uidlist"), "0 :x\n77", StandardOpenOption.APPEND);
        assertEquals("damaged", states().get("dovecot-uidlist"));
        assertEquals("mended", states("-m").get("dovecot-uidlist"));
        assertEquals("ok", states().get("dovecot-uidlist"));
        assertEquals(before, uids());
    }

    @Test
    void withoutTheFirstLineUidValidityComesFromTheIndex() throws IOException {
        String before = uids();
        Path list = maildir.resolve("dovecot-uidlist");
        String text = Files.readString(list);
        Files.writeString(list, "garbage" + text.substring(text.indexOf('\n')));
        assertEquals("damaged", states().get("dovecot-uidlist"));
        assertEquals("mended", states("-m").get("dovecot-uidlist"));
        assertEquals(before, uids());
        rig.store(
                "ann",
                store ->
                        assertEquals(
                                5,
                                store.append(
                                                "INBOX",
                                                Flags.NONE,
                                                null,
                                                MailRig.letter("n5", "text"))
                                        .uid()));
    }

    @Test
    void anIndexThatSaysOtherThanTheFilesIsDamaged() throws IOException {
        FileTime modified = Files.getLastModifiedTime(maildir.resolve("cur"));
        try (var files = Files.list(maildir.resolve("cur"))) {
            Path file = files.findFirst().orElseThrow();
            String name = String.valueOf(file.getFileName());
            Files.move(file, file.resolveSibling(name.replace(":2,S", ":2,FS")));
        }
        assertEquals("stale", states().get("postino.index"));
        Files.setLastModifiedTime(maildir.resolve("cur"), modified);
        assertEquals("damaged", states().get("postino.index"));
        assertEquals("mended", states("-m").get("postino.index"));
        assertTrue(uids().contains("(\\Flagged \\Seen)"), uids());
    }

    @Test
    void aFileWithoutAUidMakesTheListStale() throws IOException {
        Files.writeString(maildir.resolve("new/1700000000.1.x"), "Subject: new\n\ntext\n");
        assertEquals("stale", states().get("dovecot-uidlist"));
        rig.store("ann", MailStore::list);
        assertEquals(68, rig.run("check", "-u", "ann", "None").status());
    }
}
