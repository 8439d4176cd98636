// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.mailstore.MailStoreException;

final class ImapLexerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "abc|abc",
                "a]b|a]b",
                "\"a b\"|a b",
                "\"a\\\"b\\\\c\"|a\"b\\c",
                "\"\"|``",
                "+1|+1",
                "NIL|NIL",
            })
    void astrings(String wire, String expected) throws Exception {
        var args = Fed.lexer(wire);
        assertEquals(expected, args.astring());
        args.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"abc", "\"a\\b\"", "\"a\rb\"", "\"a\0b\"", "(", "", "{x}", "{3", "{-3}"})
    void brokenAstringsAreRefused(String wire) throws IOException {
        var args = Fed.lexer(wire);
        assertThrows(ImapSyntaxException.class, args::astring);
    }

    @Test
    void numbersKnowTheirLimits() throws Exception {
        assertEquals(4294967295L, Fed.lexer("4294967295").number());
        assertThrows(ImapSyntaxException.class, () -> Fed.lexer("4294967296").number());
        assertEquals(Long.MAX_VALUE, Fed.lexer("9223372036854775807").number64());
        assertThrows(ImapSyntaxException.class, () -> Fed.lexer("9223372036854775808").number64());
        assertThrows(ImapSyntaxException.class, () -> Fed.lexer("0").nonZero());
        assertThrows(ImapSyntaxException.class, () -> Fed.lexer("x").number());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "*", "1:*", "*:5", "2,4:7,9,12:*", "4294967295", "3:1"})
    void sequenceSetsPrintAsTheyWereRead(String wire) throws Exception {
        assertEquals(wire, Fed.lexer(wire).sequenceSet().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "1:", ":1", "1,,2", "1:2:3", "4294967296", "a", "1a", "**", "-1"})
    void brokenSequenceSetsAreRefused(String wire) {
        assertThrows(
                ImapSyntaxException.class,
                () -> {
                    var args = Fed.lexer(wire);
                    args.sequenceSet();
                    args.end();
                });
    }

    @Test
    void overlappingRangesVisitEachNumberOnce() throws Exception {
        var set = Fed.lexer("5,1:3,2:7,*,9:8").sequenceSet();
        assertEquals(List.of(new SequenceSet.Range(1, 10)), set.resolve(10));
        assertEquals(
                List.of(new SequenceSet.Range(1, 9), new SequenceSet.Range(20, 20)),
                set.resolve(20));
    }

    @Test
    void flagsWithAndWithoutParentheses() throws Exception {
        assertEquals(List.of("\\Seen", "$x"), Fed.lexer("(\\Seen $x)").flags());
        assertEquals(List.of("\\Seen", "$x"), Fed.lexer("\\Seen $x").flags());
        assertEquals(List.of(), Fed.lexer("()").flagList());
        assertThrows(ImapSyntaxException.class, () -> Fed.lexer("(\\Seen").flagList());
        assertThrows(ImapSyntaxException.class, () -> Fed.lexer("(\\)").flagList());
    }

    @Test
    void wordsEndWhereTheyEnd() throws Exception {
        assertTrue(Fed.lexer("return (MIN)").acceptWord("RETURN"));
        assertEquals(false, Fed.lexer("RETURNS").acceptWord("RETURN"));
        assertEquals("BODY", Fed.lexer("body[]").word());
    }

    @Test
    void mailboxNamesAreDecoded() throws Exception {
        assertEquals("INBOX", Fed.lexer("inBox").mailbox());
        assertEquals("Entwürfe", Fed.lexer("\"Entw&APw-rfe\"").mailbox());
        assertThrows(MailStoreException.class, () -> Fed.lexer("a&b").mailbox());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\" 1-Feb-1994 21:52:25 -0800\",1994-02-02T05:52:25Z",
                "\"1-Feb-1994 21:52:25 -0800\",1994-02-02T05:52:25Z",
                "\"31-Dec-2999 00:00:00 +1400\",2999-12-30T10:00:00Z",
                "\"01-feb-1994 21:52:60  +0000 \",1994-02-01T21:52:59Z",
                "\" 1-Feb-1994 21:52:25 -9900\",1994-02-06T00:52:25Z",
                "\" 1-Feb-1994 21:52:25 0800\",1994-02-01T21:52:25Z",
                "\" 1-Feb-1994 21:52:25 GMT\",1994-02-01T21:52:25Z",
                "\" 1-Feb-1994 21:52:25 +08:0\",1994-02-01T21:52:25Z",
                "\"31-Feb-1994 21:52:25 -0800\",",
                "\" 0-Feb-1994 21:52:25 -0800\",",
                "\" 1-Feb-1994 24:52:25 -0800\",",
                "\" 1-Feb-1994 21:52:61 -0800\","
            })
    void dateTimesAreRead(String wire, @Nullable Instant moment) throws Exception {
        assertEquals(moment, ImapDates.dateTime(Fed.lexer(wire)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"001-Feb-1994 21:52:25 -0800\"",
                "\" 1-Foo-1994 21:52:25 -0800\"",
                "\" 1-Feb-1994 1:52:25 -0800\"",
                "\" 1-Feb-94 21:52:25 -0800\"",
                "\" 1-Feb-1994 21:52:25\"",
                "\" 1-Feb-1994 21:52:25+0000\"",
                "\"  1-Feb-1994 21:52:25 +0000\"",
                "\"\""
            })
    void brokenDateTimesAreRefused(String wire) {
        assertThrows(ImapSyntaxException.class, () -> ImapDates.dateTime(Fed.lexer(wire)));
    }
}
