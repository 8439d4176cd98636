// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ImapFramingTest {
    private static String line(ImapFraming framing) {
        return new String(framing.line(), 0, framing.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void framesAreTheSameWhereverTheStreamIsCut() throws Exception {
        var text =
                "a {3}\r\n\r\n{ {2+}\r\nxy end\r\nb NOOP\nc {5+}\r\nskip! rest {2+}\r\nok\r\nd\r\n";
        for (int piece = 1; piece <= text.length(); piece++) {
            var fed = new Fed(text, piece);
            var framing = fed.framing;
            assertTrue(framing.nextCommand());
            assertEquals("a {3}", line(framing));
            assertArrayEquals(new byte[] {'\r', '\n', '{'}, framing.literal(10));
            assertEquals(" {2+}", line(framing));
            assertArrayEquals(new byte[] {'x', 'y'}, framing.literal(10));
            assertEquals(" end", line(framing));
            assertEquals(1, fed.continuations.size());
            framing.finish();
            assertTrue(framing.nextCommand());
            assertEquals("b NOOP", line(framing));
            framing.finish();
            assertTrue(framing.nextCommand());
            // refused: what the client sends without asking is thrown away, literals and all
            framing.finish();
            assertTrue(framing.nextCommand());
            assertEquals("d", line(framing));
            assertFalse(framing.nextCommand());
            assertEquals(text.length(), framing.consumed());
        }
    }

    @Test
    void streamsAreCutAtTheirEndEvenIfNobodyReadsThem() throws Exception {
        var fed = new Fed("a {6}\r\nabcdef tail\r\n", 3);
        assertTrue(fed.framing.nextCommand());
        try (var stream = fed.framing.stream()) {
            assertEquals('a', stream.read());
        }
        fed.framing.afterStream();
        assertEquals(" tail", line(fed.framing));
    }

    @Test
    void tooLongLinesEndTheSession() {
        var fed = new Fed("x".repeat(1001), 64);
        assertThrows(FramingException.class, fed.framing::nextCommand);
    }

    @Test
    void tooLargeLiteralsAreRefusedBeforeTheyAreAskedFor() throws IOException {
        var fed = new Fed("a {101}\r\n", 64);
        assertTrue(fed.framing.nextCommand());
        assertThrows(
                ImapSyntaxException.class, () -> fed.framing.literal(fed.framing.maxLiteral()));
        fed.framing.finish();
        assertTrue(fed.continuations.isEmpty());
    }

    @Test
    void literalsOfACommandAreBoundedTogether() throws Exception {
        var one = "{90+}\r\n" + "x".repeat(90) + " ";
        var fed = new Fed("a " + one + one + one + "\r\n", 64);
        assertTrue(fed.framing.nextCommand());
        fed.framing.literal(100);
        fed.framing.literal(100);
        assertThrows(ImapSyntaxException.class, () -> fed.framing.literal(100));
    }

    @Test
    void hugeLiteralsThatComeUnaskedEndTheSession() throws IOException {
        var fed = new Fed("a {99999999999999999999999+}\r\n", 64);
        assertTrue(fed.framing.nextCommand());
        assertThrows(FramingException.class, fed.framing::finish);
    }

    @Test
    void anEndInTheMiddleIsNoCommand() throws IOException {
        assertThrows(PeerException.class, () -> new Fed("a NOOP", 64).framing.nextCommand());
        var fed = new Fed("a {5+}\r\nabc", 64);
        assertTrue(fed.framing.nextCommand());
        assertThrows(PeerException.class, () -> fed.framing.literal(100));
    }
}
