// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;

class MailboxCommandsTest {
    @TempDir Path dir;
    private MailRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new MailRig(dir);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    @Test
    void mailboxesAreMadeListedAndSubscribed() {
        rig.run("mailbox", "create", "-u", "ann", "-s", "Sent", "Work.Plans").ok();
        rig.run("mailbox", "create", "-u", "ann", "Trash").ok();
        assertEquals(
                "INBOX\nSent\nTrash\nWork\nWork.Plans\n",
                rig.run("mailbox", "list", "-u", "ann").ok());
        assertEquals("Sent\nWork.Plans\n", rig.run("mailbox", "list", "-u", "ann", "-s").ok());
        assertEquals("Work\n", rig.run("mailbox", "list", "-u", "ann", "W%").ok());
        assertEquals(
                "INBOX\nWork\nWork.Plans\n",
                rig.run("mailbox", "list", "-u", "ann", "W*", "inbox").ok());
        rig.run("mailbox", "unsubscribe", "-u", "ann", "Sent").ok();
        rig.run("mailbox", "subscribe", "-u", "ann", "Trash").ok();
        assertEquals("Trash\nWork.Plans\n", rig.run("mailbox", "list", "-u", "ann", "-s").ok());
    }

    @Test
    void aSubscriptionMovesWithItsMailbox() {
        rig.run("mailbox", "create", "-u", "ann", "-s", "Old").ok();
        rig.run("mailbox", "rename", "-u", "ann", "-s", "Old", "New").ok();
        assertEquals("New\n", rig.run("mailbox", "list", "-u", "ann", "-s").ok());
        assertEquals("INBOX\nNew\n", rig.run("mailbox", "list", "-u", "ann").ok());
    }

    @Test
    void aMailboxIsDeletedWithThoseBelowOrOnlyWhenEmpty() throws IOException {
        rig.run("mailbox", "create", "-u", "ann", "-s", "A", "A.B", "A.B.C", "Ab").ok();
        rig.store(
                "ann",
                store -> store.append("A.B", Flags.NONE, null, MailRig.letter("kept", "text")));
        var kept = rig.run("mailbox", "delete", "-u", "ann", "-e", "A.B");
        assertEquals(65, kept.status());
        assertEquals(
                "postmail: error: ann: cannot delete mailbox A.B: there are messages in it\n",
                kept.err());
        rig.run("mailbox", "delete", "-u", "ann", "-r", "-s", "A").ok();
        assertEquals("INBOX\nAb\n", rig.run("mailbox", "list", "-u", "ann").ok());
        assertEquals("Ab\n", rig.run("mailbox", "list", "-u", "ann", "-s").ok());
    }

    @Test
    void whatFailsIsToldAndTheNextIsTried() {
        var ran = rig.run("mailbox", "create", "-u", "ann", "INBOX", "New");
        assertEquals(65, ran.status());
        assertEquals(
                "postmail: error: ann: cannot create mailbox INBOX: Mailbox already exists\n",
                ran.err());
        assertEquals("INBOX\nNew\n", rig.run("mailbox", "list", "-u", "ann").ok());
        assertEquals(68, rig.run("mailbox", "delete", "-u", "ann", "None").status());
        assertEquals(68, rig.run("mailbox", "delete", "-u", "ann", "-r", "None").status());
        assertEquals(68, rig.run("mailbox", "rename", "-u", "ann", "None", "Other").status());
        assertEquals(68, rig.run("mailbox", "status", "-u", "ann", "all", "None").status());
    }

    @Test
    void countsAreLinesTablesOrObjects() throws IOException {
        rig.store(
                "ann",
                store -> {
                    store.append("INBOX", Flags.NONE, null, MailRig.letter("1", "text"));
                    store.append("INBOX", Flags.of(Flag.SEEN), null, MailRig.letter("22", "text"));
                });
        rig.run("mailbox", "create", "-u", "ann", "Sent").ok();
        assertEquals(
                """
                INBOX messages=2 unseen=1 uidnext=3 vsize=73
                Sent messages=0 unseen=0 uidnext=1 vsize=0
                """,
                rig.run("mailbox", "status", "-u", "ann", "messages unseen uidnext vsize", "*")
                        .ok());
        assertEquals(
                "messages=2 vsize=73\n",
                rig.run("mailbox", "status", "-u", "ann", "-t", "messages vsize", "*").ok());
        assertEquals(
                "{\"mailbox\": \"INBOX\", \"messages\": 2}\n",
                rig.run("mailbox", "status", "-j", "-u", "ann", "messages", "INBOX").ok());
        assertEquals(
                """
                username mailbox messages
                ann      INBOX          2
                ann      Sent           0
                ben      INBOX          0
                """,
                rig.run("-f", "table", "mailbox", "status", "-A", "messages", "*").ok());
        assertEquals(
                "mailbox\tunseen\nINBOX\t1\n",
                rig.run("-f", "tab", "mailbox", "status", "-u", "ann", "unseen", "INBOX").ok());
        assertEquals(
                "mailbox: INBOX\nunseen: 1\n\f\nmailbox: Sent\nunseen: 0\n",
                rig.run("-f", "pager", "mailbox", "status", "-u", "ann", "unseen", "*").ok());
    }

    @Test
    void usersAreNamedByWildcardsAndThoseWithoutMailPassedOver() {
        rig.user("bert");
        assertEquals("ben INBOX\n", rig.run("mailbox", "list", "-u", "b*").ok());
        assertEquals("ann INBOX\nben INBOX\n", rig.run("mailbox", "list", "-A").ok());
        assertEquals("ann INBOX\n", rig.run("mailbox", "list", "-u", "?nn").ok());
        assertFalse(Files.exists(dir.resolve("homes/bert")));
    }

    @Test
    void aUserWhoIsNotKnownIsNamedAndTheNextIsVisited() {
        var ran = rig.run("mailbox", "list", "-u", "zoe", "-u", "ann");
        assertEquals(67, ran.status());
        assertEquals("postmail: error: zoe: there is no such user\n", ran.err());
        assertEquals("ann INBOX\n", ran.out());
    }

    @Test
    void withoutAuthNothingIsDone() throws IOException {
        rig.auth().failing(true);
        assertEquals(75, rig.run("mailbox", "list", "-A").status());
        rig.auth().close();
        var ran = rig.run("mailbox", "list", "-u", "ann");
        assertEquals(75, ran.status());
        assertTrue(ran.err().contains("does the mail system run?"), ran.err());
    }

    @Test
    void wrongUsageIsToldWithTheRightOne() {
        for (String[] wrong :
                new String[][] {
                    {},
                    {"mailbox"},
                    {"mailbox", "frob"},
                    {"mailbox", "list", "-q"},
                    {"mailbox", "create", "-u", "ann"},
                    {"mailbox", "rename", "-u", "ann", "a", "b", "c"},
                    {"mailbox", "status", "-u", "ann", "messages,unseen", "*"},
                    {"mailbox", "status", "-u", "ann", "-t", "uidnext", "*"},
                    {"mailbox", "list", "-u"},
                    {"-f", "xml", "mailbox", "list", "-u", "ann"}
                }) {
            var ran = rig.run(wrong);
            assertEquals(64, ran.status(), String.join(" ", wrong));
            assertTrue(ran.err().contains("usage: postmail "), ran.err());
        }
        assertTrue(rig.run("mailbox", "list", "--help").ok().startsWith("usage: postmail mailbox"));
    }

    @Test
    void namesAreSafeOnATerminal() throws IOException {
        Files.createDirectories(rig.maildir("ann").resolve(".a\u001b[2Jb/cur"));
        assertEquals("INBOX\na?[2Jb\n", rig.run("mailbox", "list", "-u", "ann").ok());
        assertEquals(
                "{\"mailbox\": \"a\\u001b[2Jb\"}\n",
                rig.run("-j", "mailbox", "list", "-u", "ann", "a*").ok());
    }
}
