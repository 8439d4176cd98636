// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
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
import org.postino.message.HeaderBlock;
import org.postino.message.MimeParser;

/// The place where parsed messages are left: who finds them again, and when they go.
final class ParsedMessagesTest {
    @TempDir Path dir;
    private final MailStores stores = new MailStores(Clock.systemUTC());
    private MailStore store;

    @BeforeEach
    void open() throws IOException {
        store =
                stores.open(
                        new MailLocation.Mbox(dir.resolve("mail"), dir.resolve("inbox")),
                        StoreOwner.self());
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        stores.close();
    }

    private static byte[] text(String subject) {
        return ("Subject: " + subject + "\r\n\r\nbody\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private long add(String subject) throws IOException {
        return store.append("INBOX", Flags.NONE, null, new ByteArrayInputStream(text(subject)))
                .uid();
    }

    private static HeaderBlock header(String subject) {
        return HeaderBlock.of(text(subject), _ -> true);
    }

    private static ParsedMessage parsed(String subject) throws IOException {
        return new ParsedMessage(
                header(subject), MimeParser.parse(new ByteArrayInputStream(text(subject))));
    }

    @Test
    void sessionsOfOneMailboxShareWhatIsKnown() throws IOException {
        long uid = add("a");
        try (Mailbox one = store.open("INBOX", false);
                Mailbox other = store.open("INBOX", false)) {
            assertEquals(ParsedMessage.NOTHING, one.parsed(uid));
            ParsedMessage parsed = parsed("a");
            one.remember(uid, parsed);
            assertSame(parsed.structure(), other.parsed(uid).structure());
            assertSame(parsed.header(), other.parsed(uid).header());
        }
        try (Mailbox later = store.open("INBOX", false)) {
            assertNotNull(later.parsed(uid).header(), "the next session finds it");
        }
    }

    @Test
    void whatTwoFoundOutIsKeptTogether() throws IOException {
        long uid = add("a");
        ParsedMessage all = parsed("a");
        try (Mailbox box = store.open("INBOX", false)) {
            box.remember(uid, new ParsedMessage(all.header(), null));
            box.remember(uid, new ParsedMessage(null, all.structure()));
            assertEquals(all, box.parsed(uid));
            assertEquals(all.weight(), stores.parsed().weight());
        }
    }

    @Test
    void anExpungedMessageIsNotKnown() throws IOException {
        long uid = add("a");
        try (Mailbox box = store.open("INBOX", false)) {
            box.remember(uid, parsed("a"));
            box.expunge(List.of(uid));
            assertEquals(ParsedMessage.NOTHING, box.parsed(uid));
            box.remember(uid, parsed("a"));
            assertEquals(0, stores.parsed().size());
        }
    }

    @Test
    void aMessageThatGotAnotherSizeUnderItsUidIsNotKnown() throws IOException {
        long uid = add("a");
        try (Mailbox box = store.open("INBOX", false)) {
            box.sync();
            box.remember(uid, parsed("a"));
            String file = Files.readString(dir.resolve("inbox"));
            Files.writeString(
                    dir.resolve("inbox"),
                    file.replaceAll("Content-Length: \\d+\n", "").replace("body", "other body"));
            box.sync();
            assertEquals(1, box.size());
            assertEquals(uid, box.uid(1));
            assertEquals(ParsedMessage.NOTHING, box.parsed(uid));
        }
    }

    @Test
    void theOneThatNobodyAskedForLongestGoesFirst() throws IOException {
        long a = add("a");
        long b = add("b");
        long c = add("c");
        ParsedMessage one = parsed("a");
        var bounded = new ParsedMessages(2 * one.weight());
        try (Mailbox box = store.open("INBOX", false)) {
            Folder folder = box.folder();
            bounded.put(folder, a, one);
            bounded.put(folder, b, parsed("b"));
            assertEquals(2 * one.weight(), bounded.weight());
            assertNotNull(bounded.find(folder, a).structure());
            bounded.put(folder, c, parsed("c"));
            assertEquals(2, bounded.size());
            assertEquals(2 * one.weight(), bounded.weight());
            assertEquals(ParsedMessage.NOTHING, bounded.find(folder, b));
            assertNotNull(bounded.find(folder, a).structure());
        }
    }

    @Test
    void theLastOneIsKeptWhateverItWeighs() throws IOException {
        long a = add("a");
        long b = add("b");
        var bounded = new ParsedMessages(1);
        try (Mailbox box = store.open("INBOX", false)) {
            bounded.put(box.folder(), a, parsed("a"));
            bounded.put(box.folder(), b, parsed("b"));
            assertEquals(1, bounded.size());
            assertNotNull(bounded.find(box.folder(), b).structure());
            bounded.forget(box.folder());
            assertEquals(0, bounded.weight());
        }
    }

    @Test
    void aThousandOrdinaryMessagesFit() throws IOException {
        assertTrue(
                parsed("an ordinary subject of a message").weight() * 1000 < ParsedMessages.BOUND);
    }
}
