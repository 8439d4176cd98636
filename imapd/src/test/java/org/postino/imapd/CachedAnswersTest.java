// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.imap.Attempts;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapDigest;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.ImapWriter;
import org.postino.imap.MessageReader;
import org.postino.imap.Progress;
import org.postino.imap.Search;
import org.postino.imap.SearchKey;
import org.postino.imap.SortCriterion;
import org.postino.imap.SortTable;
import org.postino.mailstore.Compression;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MaildirDelivery;
import org.postino.mailstore.StoreOwner;

/// What a client is told from the cache is to the octet what it is told from the message.
final class CachedAnswersTest {
    private static final List<String> MESSAGES =
            List.of(
                    "From: Ann <ann@x.test>\r\nTo: b@x.test, c@x.test\r\nSubject: plain\r\n\r\ntext\r\n",
                    """
                    Received: from a
                    \tby b
                    Subject: folded
                     more
                    subject: again
                    DKIM-Signature: v=1;
                     b=x
                    Date: Mon, 1 Jun 2026 10:00:00 +0000
                    Message-ID: <1@x>

                    """,
                    """
                    Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=
                    From: "A \\"B" <a@x>
                    In-Reply-To: <0@x>
                    Content-Type: multipart/mixed; boundary=b

                    --b
                    Content-Type: message/rfc822

                    Subject: inner

                    x
                    --b
                    Content-Type: text/html

                    <p>
                    --b--
                    """,
                    "Subject: 8 bit \u00e4\u00f6\r\nFrom: nobody\r\nX-Odd:\r\n\r\nbody",
                    "Subject: a \u0000 NUL\r\nTo: x\u0000y@z\r\n\r\nbody\u0000\r\n",
                    "Subject: no end of the header",
                    "Received: the header ends with a field that is left out",
                    "Subject: x\r\nReceived: no end, and left out\r\n\tfolded",
                    "no field at all\r\nSubject: after it\r\n\r\nbody\r\n",
                    "",
                    "\r\nonly a body\r\n",
                    "Subject: "
                            + "long ".repeat(400)
                            + "\r\n"
                            + "X-Much: y\r\n".repeat(2_000)
                            + "\r\nbody\r\n",
                    "Received: z\r\n".repeat(3_000) + "Subject: far down\r\n\r\nbody\r\n");

    private static final List<String> ITEMS =
            List.of(
                    "(ENVELOPE)",
                    "(BODYSTRUCTURE)",
                    "(BODY)",
                    "(ENVELOPE BODYSTRUCTURE BODY RFC822.SIZE)",
                    "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM DATE X-ODD)]",
                    "BODY.PEEK[HEADER.FIELDS (Received)]",
                    "BODY.PEEK[HEADER.FIELDS (DKIM-Signature subject)]",
                    "BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT)]",
                    "BODY.PEEK[HEADER.FIELDS (SUBJECT)]<3.5>",
                    "BODY.PEEK[HEADER]",
                    "BODY.PEEK[]",
                    "BODY.PEEK[TEXT]");

    private static final List<String> KEYS =
            List.of(
                    "SUBJECT a",
                    "SUBJECT \"folded more\"",
                    "FROM ann",
                    "TO b@x.test",
                    "HEADER received by",
                    "HEADER x-odd \"\"",
                    "HEADER x-much y",
                    "SENTON 1-Jun-2026",
                    "TEXT body",
                    "BODY x");

    @TempDir Path dir;

    @BeforeEach
    void fill() throws IOException {
        try (var stores = new MailStores(Clock.systemUTC())) {
            var store = stores.open(new MailLocation.Maildir(dir), StoreOwner.self());
            for (String message : MESSAGES) {
                store.append(
                        "INBOX",
                        Flags.NONE,
                        null,
                        new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
    }

    /// A session of a process of its own.
    private interface Work {
        void run(Mailbox box) throws Exception;
    }

    private void session(Work work) throws Exception {
        try (var stores = new MailStores(Clock.systemUTC())) {
            var store = stores.open(new MailLocation.Maildir(dir), StoreOwner.self());
            try (Mailbox box = store.open("INBOX", true)) {
                work.run(box);
            }
        }
    }

    private static String fetch(Mailbox box, int sequence, String what) throws Exception {
        List<FetchItem> items = FetchParser.items(ImapLexer.of(what));
        var bytes = new ByteArrayOutputStream();
        var out = new ImapWriter(bytes);
        var writer = new FetchWriter(out, box, new SessionCounts());
        var message = box.message(sequence);
        try (var reader = new MessageReader(box, message.uid())) {
            writer.prepare(message.uid(), reader, items);
            writer.write(sequence, message, reader, items);
            reader.remember();
        }
        out.flush();
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private List<String> answers(boolean forget) throws Exception {
        var all = new ArrayList<String>();
        for (String what : ITEMS) {
            if (forget) {
                Files.deleteIfExists(dir.resolve("postino.cache"));
            }
            session(box -> {
                for (int i = 1; i <= box.size(); i++) {
                    all.add(fetch(box, i, what));
                }
            });
        }
        for (String key : KEYS) {
            if (forget) {
                Files.deleteIfExists(dir.resolve("postino.cache"));
            }
            session(box -> {
                var search = new Search(box, Instant.now());
                var found = new StringBuilder(key);
                var parsed = key(key);
                for (int i = 1; i <= box.size(); i++) {
                    found.append(search.matches(parsed, i) ? " " + i : "");
                }
                all.add(found.toString());
            });
        }
        return all;
    }

    private static SearchKey key(String text) throws IOException, ImapSyntaxException {
        return SearchQuery.parse(ImapLexer.of(text)).criteria().key();
    }

    @Test
    void theyAreTheSame() throws Exception {
        List<String> fromMessages = answers(true);
        answers(false);
        assertEquals(fromMessages, answers(false));
        assertTrue(Files.size(dir.resolve("postino.cache")) > 1_000);
        assertTrue(fromMessages.stream().anyMatch(a -> a.contains("far down")));
    }

    /// Messages as local(8) delivers them.
    @Test
    void whatIsKeptAtDeliveryIsTheSame() throws Exception {
        for (String name : List.of("new", "cur")) {
            try (var files = Files.list(dir.resolve(name))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(dir.resolve("postino.cache"));
        var delivery = new MaildirDelivery(Clock.systemUTC(), Compression.NONE, new ImapDigest());
        for (String message : MESSAGES) {
            delivery.deliver(
                    new MaildirDelivery.Target(dir, dir),
                    new byte[0],
                    new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
        }
        List<String> fromDelivery = answers(false);
        assertEquals(answers(true), fromDelivery);
    }

    @Test
    void theMessageIsNotOpenedAfterItsDelivery() throws Exception {
        new MaildirDelivery(Clock.systemUTC(), Compression.NONE, new ImapDigest())
                .deliver(
                        new MaildirDelivery.Target(dir, dir),
                        new byte[0],
                        new ByteArrayInputStream(
                                "Subject: s\r\n\r\nbegin".getBytes(StandardCharsets.US_ASCII)));
        session(box -> {
            int last = box.size();
            try (var files = Files.list(dir.resolve("new"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            String answer = fetch(box, last, "(ENVELOPE BODYSTRUCTURE PREVIEW)");
            assertTrue(answer.contains("(NIL \"s\""), answer);
            assertTrue(answer.contains("PREVIEW \"begin\""), answer);
        });
    }

    @Test
    void theMessageIsNotOpenedForWhatIsKnown() throws Exception {
        session(box -> fetch(box, 1, "(ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (TO)])"));
        session(box -> {
            try (var files = Files.list(dir.resolve("new"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            String told =
                    fetch(box, 1, "(ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (TO FROM)])");
            assertTrue(told.contains("\"plain\"") && told.contains("ann@x.test"), told);
            assertTrue(new Search(box, Instant.now()).matches(key("FROM ann"), 1));
            var criteria = SortCriterion.list(ImapLexer.of("(SUBJECT DISPLAYFROM TO CC)"));
            var attempts =
                    new Attempts(
                            (uid, fault) -> fail("UID " + uid, fault),
                            new Progress(_ -> {}, System::nanoTime));
            assertArrayEquals(
                    new int[] {1}, SortTable.sort(box, new int[] {1}, criteria, attempts));
        });
    }
}
