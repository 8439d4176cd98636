// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;

class MessageCommandsTest {
    @TempDir Path dir;
    private MailRig rig;

    @BeforeEach
    void fill() throws IOException {
        rig = new MailRig(dir);
        rig.store(
                "ann",
                store -> {
                    store.create("Sent");
                    store.create("Work.Plans");
                    Instant then = Instant.parse("2020-03-01T12:00:00Z");
                    store.append("INBOX", Flags.NONE, null, MailRig.letter("one", "apple"));
                    store.append(
                            "INBOX",
                            Flags.of(Flag.SEEN),
                            then,
                            MailRig.letter("two words", "pear"));
                    store.append(
                            "Sent",
                            Flags.NONE,
                            null,
                            MailRig.letter("=?utf-8?q?=C3=A4rger?=", "fig"));
                    store.append(
                            "Work.Plans", Flags.NONE, null, MailRig.letter("plan", "a \"b\" \\c"));
                });
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private String search(String... query) {
        var words = new ArrayList<>(List.of("search", "-u", "ann"));
        words.addAll(List.of(query));
        return rig.run(words.toArray(String[]::new)).ok().replace("\n", ", ");
    }

    @Test
    void queriesFindMessagesInAllMailboxes() {
        assertEquals("INBOX 1, INBOX 2, Sent 1, Work.Plans 1, ", search("all"));
        assertEquals("INBOX 2, ", search("SEEN"));
        assertEquals("INBOX 2, ", search("SUBJECT", "two words"));
        assertEquals("Sent 1, ", search("SUBJECT", "Ärger"));
        assertEquals("Work.Plans 1, ", search("BODY", "\"b\" \\c"));
        assertEquals("INBOX 2, ", search("HEADER", "subject", "words"));
        assertEquals("INBOX 1, Sent 1, Work.Plans 1, ", search("SINCE", "10d"));
        assertEquals("INBOX 2, ", search("BEFORE", "2020-03-03", "SINCE", "29-Feb-2020"));
        assertEquals("", search("LARGER", "1k"));
        assertEquals("INBOX 1, INBOX 2, Sent 1, Work.Plans 1, ", search("SMALLER", "1K"));
    }

    @Test
    void mailboxesAreConditionsAsOthers() {
        assertEquals("INBOX 1, INBOX 2, ", search("mailbox", "inbox"));
        assertEquals("Sent 1, Work.Plans 1, ", search("NOT", "MAILBOX", "INBOX"));
        assertEquals(
                "INBOX 2, Work.Plans 1, ",
                search("OR", "(", "MAILBOX", "INBOX", "SEEN", ")", "MAILBOX", "W*"));
        assertEquals(
                "INBOX 2, Sent 1, Work.Plans 1, ",
                search("SEEN", "OR", "MAILBOX", "W*", "or", "MAILBOX", "Sent"));
        assertEquals("INBOX 2, ", search("(", "SEEN", "OR", "DRAFT", ")", "MAILBOX", "INBOX"));
        assertEquals("INBOX 1, ", search("MAILBOX", "INBOX", "NOT", "SEEN"));
        assertEquals("INBOX 1, ", search("(", "(", "MAILBOX", "INBOX", "1", ")", ")"));
        assertEquals("", search("MAILBOX", "None"));
        assertEquals("INBOX 2, ", search("MAILBOX", "INBOX", "UID", "2:9"));
    }

    @Test
    void wrongQueriesAreUsage() {
        for (String[] wrong :
                new String[][] {
                    {"search", "-u", "ann"},
                    {"search", "-u", "ann", "FOO"},
                    {"search", "-u", "ann", "("},
                    {"search", "-u", "ann", ")"},
                    {"search", "-u", "ann", "(", ")"},
                    {"search", "-u", "ann", "NOT"},
                    {"search", "-u", "ann", "OR", "SEEN"},
                    {"search", "-u", "ann", "SEEN", "OR"},
                    {"search", "-u", "ann", "SEEN", "OR", "DRAFT", "FLAGGED"},
                    {"search", "-u", "ann", "MAILBOX", "INBOX", "OR", "SEEN", "DRAFT"},
                    {"search", "-u", "ann", "UID", "x"},
                    {"search", "-u", "ann", "LARGER", "1Q"},
                    {"search", "-u", "ann", "SINCE", "2020-13-01"},
                    {"fetch", "-u", "ann", "colour", "ALL"},
                    {"flags", "add", "-u", "ann", "\\Nonsense", "ALL"},
                    {"copy", "-u", "ann", "Sent"},
                    {"expunge", "-u", "ann", "ALL"},
                    {"expunge", "-u", "ann", "MAILBOX", "INBOX"},
                    {"expunge", "-u", "ann", "OR", "SEEN", "(", "MAILBOX", "Sent", "ALL", ")"}
                }) {
            var ran = rig.run(wrong);
            assertEquals(64, ran.status(), String.join(" ", wrong) + ran.out() + ran.err());
        }
        assertEquals("INBOX 1, INBOX 2, Sent 1, Work.Plans 1, ", search("ALL"));
        assertEquals(64, rig.run(nested()).status());
    }

    private static String[] nested() {
        var words = new ArrayList<>(List.of("search", "-u", "ann"));
        for (int i = 0; i < 10_000; i++) {
            words.add("NOT");
        }
        words.add("ALL");
        return words.toArray(String[]::new);
    }

    @Test
    void fieldsOfMessagesAreShown() {
        assertEquals(
                """
                uid: 2
                flags: \\Seen \\Recent
                hdr.subject: two words
                size.virtual: 44
                date.received.unixtime: 1583064000
                """,
                rig.run(
                                "fetch",
                                "-u",
                                "ann",
                                "uid flags hdr.subject size.virtual date.received.unixtime",
                                "SEEN")
                        .ok());
        assertEquals(
                """
                user: ann
                mailbox: Sent
                hdr.subject: =?utf-8?q?=C3=A4rger?=
                hdr.subject.utf8: ärger
                hdr.to:\s
                body.snippet: fig
                """,
                rig.run(
                                "fetch",
                                "-u",
                                "ann",
                                "user mailbox hdr.subject hdr.subject.utf8 hdr.to body.snippet",
                                "MAILBOX",
                                "Sent")
                        .ok());
        assertEquals(
                """
                hdr:
                From: a@b.test
                Subject: one

                body:
                apple
                \f
                hdr:
                From: a@b.test
                Subject: two words

                body:
                pear
                """,
                rig.run("fetch", "-u", "ann", "hdr body", "MAILBOX", "INBOX").ok());
        assertEquals(
                "{\"uid\": 1, \"text\": \"From: a@b.test\\nSubject: one\\n\\napple\\n\"}\n",
                rig.run("fetch", "-j", "-u", "ann", "uid text", "MAILBOX", "INBOX", "1").ok());
        String envelope =
                rig.run("fetch", "-u", "ann", "imap.envelope", "1", "MAILBOX", "INBOX").ok();
        assertTrue(envelope.startsWith("imap.envelope: NIL \"one\" ((NIL NIL \"a\" "), envelope);
    }

    @Test
    void octetsThatAreNoTextAreKeptOrTold() throws IOException {
        byte[] odd = "Subject: x\n\n\u00ff\u0001\n".getBytes(StandardCharsets.ISO_8859_1);
        rig.store(
                "ben",
                store -> store.append("INBOX", Flags.NONE, null, new ByteArrayInputStream(odd)));
        assertEquals(
                "{\"body\": \"\u00ff\\u0001\\n\"}\n",
                rig.run("fetch", "-j", "-u", "ben", "body", "ALL").ok());
        assertEquals("body=???\n", rig.run("-f", "flow", "fetch", "-u", "ben", "body", "ALL").ok());
    }

    @Test
    void messagesAreCopiedMovedMarkedAndRemoved() {
        rig.run("copy", "-u", "ann", "Work.Plans", "MAILBOX", "INBOX", "SEEN").ok();
        assertEquals("Work.Plans 1, Work.Plans 2, ", search("MAILBOX", "Work.Plans"));
        assertEquals("INBOX 2, Work.Plans 2, ", search("SEEN"));
        rig.run("move", "-u", "ann", "Sent", "MAILBOX", "INBOX").ok();
        assertEquals("Sent 1, Sent 2, Sent 3, Work.Plans 1, Work.Plans 2, ", search("ALL"));
        rig.run("flags", "add", "-u", "ann", "\\Flagged odd", "MAILBOX", "Sent").ok();
        rig.run("flags", "remove", "-u", "ann", "\\Flagged", "MAILBOX", "Sent", "1").ok();
        assertEquals("Sent 2, Sent 3, ", search("FLAGGED"));
        assertEquals("Sent 1, Sent 2, Sent 3, ", search("KEYWORD", "odd"));
        rig.run("flags", "replace", "-u", "ann", "\\Draft", "MAILBOX", "Sent", "2").ok();
        assertEquals("Sent 1, Sent 3, ", search("KEYWORD", "odd"));
        rig.run("expunge", "-u", "ann", "MAILBOX", "Sent", "NOT", "DRAFT").ok();
        assertEquals("Sent 2, Work.Plans 1, Work.Plans 2, ", search("ALL"));
        assertEquals(68, rig.run("move", "-u", "ann", "None", "ALL").status());
        rig.run("move", "-u", "ann", "Sent", "MAILBOX", "Sent").ok();
        assertEquals("Sent 2, ", search("MAILBOX", "Sent"));
    }
}
