// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.ImapWriter;
import org.postino.imap.MessageReader;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.StoreOwner;
import org.postino.message.MimeParser;

/// A client that asks for one thing of a message after another has it parsed once, and opened only where octets are sent.
final class ParsedOnceTest {
    private static final String TEXT =
            """
            From: Ann <ann@x.test>
            Subject: two parts
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            first
            --b
            Content-Type: text/html

            <p>second
            --b--
            """;

    @TempDir Path dir;
    private final MailStores stores = new MailStores(Clock.systemUTC());
    private MailStore store;
    private Mailbox box;
    private long uid;
    private int parses;

    @BeforeEach
    void open() throws IOException {
        store = stores.open(new MailLocation.Maildir(dir), StoreOwner.self());
        uid = append("INBOX");
        box = store.open("INBOX", false);
    }

    @AfterEach
    void close() throws IOException {
        box.close();
        store.close();
        stores.close();
    }

    private long append(String mailbox) throws IOException {
        var content = new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.US_ASCII));
        return store.append(mailbox, Flags.NONE, null, content).uid();
    }

    /// The response to a FETCH of a message.
    private String fetch(Mailbox from, long of, String what)
            throws IOException, ImapSyntaxException {
        List<FetchItem> items = FetchParser.items(ImapLexer.of(what));
        var bytes = new ByteArrayOutputStream();
        var out = new ImapWriter(bytes);
        var writer = new FetchWriter(out, from, new SessionCounts());
        int sequence = from.sequence(of);
        try (var reader =
                new MessageReader(
                        from,
                        of,
                        in -> {
                            parses++;
                            return MimeParser.parse(in);
                        })) {
            writer.prepare(of, reader, items);
            writer.write(sequence, from.message(sequence), reader, items);
            reader.remember();
        }
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void oneThingAfterAnotherIsParsedOnce() throws Exception {
        assertTrue(fetch(box, uid, "ENVELOPE").contains("\"two parts\""));
        assertEquals(0, parses);
        String structure = fetch(box, uid, "BODYSTRUCTURE");
        assertTrue(structure.contains("\"html\""), structure);
        assertTrue(fetch(box, uid, "BODY[1]").endsWith("{5}\r\nfirst)\r\n"));
        assertTrue(fetch(box, uid, "BODY[2]").contains("<p>second"));
        assertEquals(structure, fetch(box, uid, "BODYSTRUCTURE"));
        assertEquals(1, parses);
    }

    @Test
    void anotherSessionOfTheMailboxParsesNothing() throws Exception {
        String structure = fetch(box, uid, "(ENVELOPE BODYSTRUCTURE)");
        try (Mailbox other = store.open("INBOX", true)) {
            assertEquals(structure, fetch(other, uid, "(ENVELOPE BODYSTRUCTURE)"));
        }
        assertEquals(1, parses);
    }

    @Test
    void whatIsKnownIsToldWithoutTheFile() throws Exception {
        String told = fetch(box, uid, "(ENVELOPE BODYSTRUCTURE)");
        try (var files = Files.list(dir.resolve("cur"))) {
            Files.writeString(files.findFirst().orElseThrow(), "");
        }
        assertEquals(told, fetch(box, uid, "(ENVELOPE BODYSTRUCTURE)"));
    }

    @Test
    void theSameUidOfAnotherMailboxIsAnotherMessage() throws Exception {
        store.create("Other");
        long there = append("Other");
        assertEquals(uid, there);
        fetch(box, uid, "BODYSTRUCTURE");
        try (Mailbox other = store.open("Other", false)) {
            fetch(other, there, "BODYSTRUCTURE");
        }
        assertEquals(2, parses);
    }
}
