// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mailboxes that other programs have made or change, and mail whose senders would like to make messages of its parts.
class MboxForeignTest {
    /// As alpine and the other programs with the c-client library begin a mailbox.
    static final String INTERNAL_DATA =
            """
            From MAILER-DAEMON Sat Nov  1 10:00:00 2025
            Date: 01 Nov 2025 10:00:00 +0000
            From: Mail System Internal Data <MAILER-DAEMON@host.test>
            Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA
            Message-ID: <1762000000@host.test>
            X-IMAP: 1761991200 0000000007 Work
            Status: RO

            This text is part of the internal format of your mail folder, and is not
            a real message.

            """;

    static final String TWO =
            """
            From a@b Sat Nov  1 10:00:00 2025
            Subject: one
            X-UID: 5
            Status: RO

            body one

            From c@d.test Sat, 1 Nov 2025 11:00 +0200
            Subject: two
            X-UID: 7

            body two

            """;

    @TempDir Path dir;
    private Path inbox;
    private MailStore store;

    @BeforeEach
    void open() throws IOException {
        inbox = dir.resolve("inbox");
        store = fresh();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    /// A store whose process has not seen the mailbox.
    private MailStore fresh() throws IOException {
        return new MailStores(Clock.systemUTC())
                .open(new MailLocation.Mbox(dir.resolve("mail"), inbox), StoreOwner.self());
    }

    private void given(String text) throws IOException {
        Files.writeString(inbox, text, StandardCharsets.ISO_8859_1);
    }

    private String file() throws IOException {
        return Files.readString(inbox, StandardCharsets.ISO_8859_1);
    }

    /// UID and subject of each message, as a process sees them that has not seen the mailbox.
    private List<String> messages() throws IOException {
        var all = new ArrayList<String>();
        try (MailStore other = fresh();
                Mailbox box = other.open("INBOX", false)) {
            for (long uid : StoreContract.uids(box)) {
                String text = StoreContract.content(box, uid);
                assertEquals(text.length(), box.size(uid), text);
                all.add(uid + " " + text.lines().findFirst().orElse(""));
            }
        }
        return all;
    }

    @Test
    void internalDataIsNoMessage() throws IOException {
        given(INTERNAL_DATA + TWO);
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(List.of(5L, 7L), StoreContract.uids(box));
            assertEquals(1761991200L, box.uidValidity());
            assertEquals(8, box.uidNext());
            assertEquals("Subject: one\r\n\r\nbody one\r\n", StoreContract.content(box, 5));
        }
        assertTrue(file().startsWith(INTERNAL_DATA), file());
        assertEquals(List.of("5 Subject: one", "7 Subject: two"), messages());
    }

    @Test
    void internalDataBearsTheStateWhateverBecomesOfTheMessages() throws IOException {
        given(INTERNAL_DATA + TWO);
        try (Mailbox box = store.open("INBOX", false)) {
            box.expunge(List.of(5L, 7L));
            box.sync();
            assertEquals(INTERNAL_DATA, file());
            var at =
                    box.append(
                            Flags.parse(List.of("Work", "More")).orElseThrow(),
                            null,
                            text("Subject: new\r\n\r\n"));
            assertEquals(8, at.uid());
            box.sync();
            assertEquals(9, box.uidNext());
        }
        String text = file();
        assertTrue(text.contains("\nX-IMAP: 1761991200 0000000008 Work More"), text);
        assertTrue(text.contains("Status: RO\n\nThis text is part"), text);
        assertFalse(text.contains("X-IMAPbase"), text);
        assertEquals(List.of("8 Subject: new"), messages());
    }

    @Test
    void aStoreOfInternalDataAloneIsEmpty() throws IOException {
        given(INTERNAL_DATA);
        assertEquals(List.of(), messages());
        new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT)
                .deliver(
                        new MboxDelivery.Target(inbox, null, 0),
                        "a@b.test",
                        new byte[0],
                        text("X-IMAP: 1 1\r\nSubject: x\r\n\r\n"));
        assertEquals(List.of("8 Subject: x"), messages());
        assertTrue(file().contains("X-IMAP: 1761991200 0000000008"), file());
    }

    /// Only the first can be internal data; a message is not lost because it says so.
    @Test
    void aLaterMessageWithXImapIsAMessage() throws IOException {
        given(TWO.replace("Subject: two\n", "Subject: two\nX-IMAP: 55 9\n"));
        assertEquals(
                List.of("Subject: one", "Subject: two"),
                messages().stream().map(line -> line.substring(2)).toList());
        given("From a@b Sat Nov  1 10:00:00 2025\nSubject: bad\nX-IMAP: none\n\nbody\n\n");
        assertEquals(1, messages().size());
    }

    /// All line ends CRLF, as a program of another system or a careless transfer leaves them.
    @Test
    void aMailboxWithCrlfKeepsItsUidsAndTexts() throws IOException {
        String base =
                TWO.replace("Subject: one\n", "Subject: one\nX-IMAPbase: 1761991200 0000000007\n");
        given(base.replace("\n", "\r\n"));
        try (Mailbox box = store.open("INBOX", false)) {
            assertEquals(List.of(5L, 7L), StoreContract.uids(box));
            assertEquals("Subject: one\r\n\r\nbody one\r\n", StoreContract.content(box, 5));
            assertEquals("Subject: two\r\n\r\nbody two\r\n", StoreContract.content(box, 7));
            assertEquals(Instant.parse("2025-11-01T09:00:00Z"), box.internalDate(7));
            box.store(List.of(5L, 7L), StoreMode.ADD, Flags.of(Flag.FLAGGED), Long.MAX_VALUE);
            box.append(Flags.NONE, null, text("Subject: new\r\n\r\nbody\r\n"));
        }
        assertEquals(List.of("5 Subject: one", "7 Subject: two", "8 Subject: new"), messages());
        try (Mailbox box = store.open("INBOX", false)) {
            box.expunge(List.of(5L));
        }
        assertEquals(List.of("7 Subject: two", "8 Subject: new"), messages());
        try (MailStore other = fresh();
                Mailbox box = other.open("INBOX", false)) {
            assertEquals("Subject: two\r\n\r\nbody two\r\n", StoreContract.content(box, 7));
            assertTrue(box.message(1).flags().contains(Flag.FLAGGED));
            assertEquals(1761991200L, box.uidValidity());
        }
    }

    @Test
    void mailIsDeliveredBehindAMailboxWithCrlf() throws IOException {
        given("From a@b Sat Nov  1 10:00:00 2025\r\nSubject: one\r\n\r\nbody\r\n\r\n");
        deliver("a@b.test", "Subject: two\r\n\r\nbody\r\n");
        assertTrue(file().contains("body\r\n\r\nFrom a@b.test  "), file());
        assertEquals(List.of("1 Subject: one", "2 Subject: two"), messages());
    }

    /// Under one UIDVALIDITY, no UID is ever given to a second message, whatever other programs leave of the state.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X-IMAPbase: 0 0\n",
                "X-IMAPbase: 1761991200 0000000001\n",
                "X-IMAPbase: 1761991200 4294967295\n",
                "X-IMAPbase: 1761991200 junk\n"
            })
    void uidsAreNotGivenAgain(String base) throws IOException {
        String text =
                TWO.replace("Subject: one\n", "Subject: one\nX-IMAPbase: 1761991200 0000000007\n");
        given(text);
        assertEquals(List.of("5 Subject: one", "7 Subject: two"), messages());
        // sorted, with a message of unknown number, by a program that keeps no state
        given(
                "From x@y.test Sat Nov  1 10:00:00 2025\nSubject: other\n"
                        + base
                        + "X-UID: 7\n\nbody\n\nFrom x@y.test Sat Nov  1 10:00:00 2025\nSubject: last\nX-UID: 6\n\nbody\n\n");
        try (MailStore other = fresh();
                Mailbox box = other.open("INBOX", false)) {
            boolean same = box.uidValidity() == 1761991200L;
            for (long uid : StoreContract.uids(box)) {
                boolean kept =
                        uid == 7 && StoreContract.content(box, uid).startsWith("Subject: other");
                assertTrue(!same || kept || uid > 7, uid + " under " + box.uidValidity());
            }
        }
    }

    private void deliver(String sender, String content) throws IOException {
        new MboxDelivery(Clock.systemUTC(), MboxLocking.DEFAULT)
                .deliver(
                        new MboxDelivery.Target(inbox, null, 0),
                        sender,
                        new byte[0],
                        text(content));
    }

    private static ByteArrayInputStream text(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Whatever a peer says as the sender and sends as the letter, it is one message, and the next is one, too.
    @Test
    void noLetterMakesTwo() throws IOException {
        String separator = "From evil@x.test Sat Nov  1 10:00:00 2025\r\n";
        String forged = separator + "Subject: forged\r\n\r\nforged\r\n";
        var senders =
                List.of(
                        "",
                        "\"a b\"@x.test",
                        "\"a\r\n\r\n" + separator + "\"@x.test",
                        "\"x Sat Nov  1 10:00:00 2025\"@x.test",
                        "\"",
                        "\"\\",
                        "a\u0085b\u2028c\u00a0d@x.test",
                        "x".repeat(3000));
        var letters =
                List.of(
                        "Subject: s\r\n\r\n" + forged,
                        "Subject: s\r\n\r\n\r\n" + forged,
                        "Subject: s\r\n" + forged,
                        forged,
                        "Subject: s\r\n\r\n>" + forged + ">>" + forged,
                        "Content-Length: 3\r\nSubject: s\r\n\r\nab\r\n" + forged,
                        "Content-Length : 3\r\nSubject: s\r\n\r\nab\r\n" + forged,
                        "Content-Length"
                                + " ".repeat(40)
                                + ": 3\r\nSubject: s\r\n\r\nab\r\n"
                                + forged,
                        "Subject: s\r\n\r\nno end of line, then\r" + forged,
                        "Subject: s\r\n\r\nFrom",
                        "Subject: s\r\n\r\nFrom ",
                        "",
                        "\r\n");
        int number = 0;
        for (String sender : senders) {
            for (String letter : letters) {
                deliver(sender, letter);
                number++;
                try (MailStore other = fresh();
                        Mailbox box = other.open("INBOX", false)) {
                    assertEquals(number, box.size(), sender + "\n" + letter);
                }
            }
        }
        // nor for programs that split at every such line that follows an empty one, or at any
        assertEquals(number, ("\n" + file()).split("\nFrom ", -1).length - 1);
    }

    @Test
    void quotedLinesAreThoseThatPostfixQuotes() throws IOException {
        deliver(
                "a@b.test",
                "Subject: s\r\n\r\nFrom me\r\n>From you\r\n From us\r\nfrom all\r\nFrom\r\nFromage\r\n");
        String text = file();
        assertTrue(
                text.endsWith("\n\n>From me\n>From you\n From us\nfrom all\nFrom\nFromage\n\n"),
                text);
    }

    /// A name with so many blanks before its colon that a look at a few octets does not see it is that name for others.
    @Test
    void aStateFieldWithManyBlanksIsNotDelivered() throws IOException {
        for (String name :
                List.of(
                        "X-UID",
                        "Status",
                        "X-IMAPbase",
                        "X-IMAP",
                        "X-Keywords",
                        "Content-Length")) {
            for (int blanks : new int[] {0, 1, 3, 9, 10, 11, 12, 40}) {
                Files.deleteIfExists(inbox);
                deliver(
                        "a@b.test",
                        name + " ".repeat(blanks) + ": 1 9\r\n more\r\nSubject: s\r\n\r\nx\r\n");
                assertFalse(file().contains(name), file());
                assertFalse(file().contains("more"), file());
                assertTrue(file().contains("\nSubject: s\n\nx\n"), file());
            }
        }
    }
}
