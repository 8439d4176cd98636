// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.mailstore.ModifiedUtf7;
import org.postino.message.HeaderBlock;

/// Grammar and values that need no server.
final class ValuesTest {
    @Test
    void modifiedUtf7ReadsWhatItWrites() {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            var name = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                name.appendCodePoint(
                        switch (random.nextInt(4)) {
                            case 0 -> '&';
                            case 1 -> 'a' + random.nextInt(26);
                            case 2 -> 0xa0 + random.nextInt(0x2000);
                            default -> 0x1f600 + random.nextInt(64);
                        });
            }
            assertEquals(
                    Optional.of(name.toString()),
                    ModifiedUtf7.decode(ModifiedUtf7.encode(name.toString())));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"&", "&AGE-", "&AOQ-&AOQ-", "&2AA-", "ä", "a&b", "&AOR-", "&!-", "a\tb"})
    void otherSpellingsAreRefused(String wire) {
        assertTrue(ModifiedUtf7.decode(wire).isEmpty());
    }

    @Test
    void matchersFindTextsAcrossChunks() throws IOException {
        var matcher = new TextMatcher("straße Ä");
        var filler = "x".repeat(8190);
        assertTrue(matcher.in(new StringReader(filler + "STRAßE a\u0308" + filler)));
        assertFalse(matcher.in(new StringReader(filler + "STRAßE a" + filler)));
        assertTrue(new TextMatcher("aab").in("aaab"));
        assertTrue(new TextMatcher("").in(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a@b.c|((NIL NIL \"a\" \"b.c\"))",
                "A B <a@b.c>|((\"A B\" NIL \"a\" \"b.c\"))",
                "a@b.c (Name)|((\"Name\" NIL \"a\" \"b.c\"))",
                "g: a@b, c@d;, e@f|((NIL NIL \"g\" NIL)(NIL NIL \"a\" \"b\")(NIL NIL \"c\""
                        + " \"d\")(NIL NIL NIL NIL)(NIL NIL \"e\" \"f\"))",
                "g:;|((NIL NIL \"g\" NIL)(NIL NIL NIL NIL))",
                "<@x,@y:a@b>|((NIL \"@x,@y\" \"a\" \"b\"))",
                "a@[1.2.3.4]|((NIL NIL \"a\" \"[1.2.3.4]\"))",
                ",,,|NIL",
                ";a@b|((NIL NIL \"a\" \"b\"))",
                "\"\" <a@b>|((NIL NIL \"a\" \"b\"))",
                "a@b ()|((NIL NIL \"a\" \"b\"))",
                "a @ b . c|((NIL NIL \"a\" \"b.c\"))",
                "a(x)@(y)b(z).c|((\"z\" NIL \"a\" \"b.c\"))",
                "<a(x)@b>|((NIL NIL \"a\" \"b\"))",
                "\"x\"y <a@b>|((\"x y\" NIL \"a\" \"b\"))",
                "\"a b\"@c|((NIL NIL \"a b\" \"c\"))",
                "a b@c|((\"a b\" NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\"))",
                "<a b@c>|((NIL NIL \"a\" \"SYNTAX_ERROR\"))",
                "a <b <c@d>>|((\"a\" NIL \"b\" \"SYNTAX_ERROR\"))",
                "\"open~To: a@b|((NIL NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\")(NIL NIL \"a\""
                        + " \"b\"))",
                "g: a@b~To: c@d|((NIL NIL \"g\" NIL)(NIL NIL \"a\" \"b\")(NIL NIL NIL NIL)(NIL NIL"
                        + " \"c\" \"d\"))",
                "@@@@|((NIL NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\"))",
                "((((|NIL",
                "<<<<|((NIL NIL \"MISSING_MAILBOX\" \"SYNTAX_ERROR\"))",
            })
    void addresses(String value, String expected) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new ImapWriter(bytes);
        ImapEnvelope.write(
                out,
                HeaderBlock.of(
                        ("To: " + value.replace("~", "\r\n") + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1),
                        _ -> true));
        out.flush();
        assertEquals(
                "(NIL NIL NIL NIL NIL " + expected + " NIL NIL NIL NIL)",
                bytes.toString(StandardCharsets.ISO_8859_1));
    }

    /// What another wrote must not become a line of ours, nor a byte that it was not.
    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\n", "\u00e9", "\u010d", "\u010a"})
    void asciiRefusesWhatIsNone(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new ImapWriter(bytes);
        assertThrows(IllegalArgumentException.class, () -> out.ascii(text));
        assertThrows(IllegalArgumentException.class, () -> out.ascii("x".repeat(40_000) + text));
        out.ascii("(~)").flush();
        assertEquals("(~)", bytes.toString(StandardCharsets.ISO_8859_1));
    }

    @Test
    void setsArePrintedShort() {
        assertEquals("1:3,5,7:8", SequenceSet.print(new long[] {1, 2, 3, 5, 7, 8, 0}, 6));
        assertEquals("", SequenceSet.print(new long[0], 0));
    }
}
