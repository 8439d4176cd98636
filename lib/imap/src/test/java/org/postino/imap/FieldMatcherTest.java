// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.message.EncodedWords;
import org.postino.message.HeaderBlock;
import org.postino.message.NamedAddress;

final class FieldMatcherTest {
    private static FieldMatcher.Answer look(String header, String name, String text) {
        return FieldMatcher.look(
                header.getBytes(StandardCharsets.ISO_8859_1), name, new TextMatcher(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Subject: a letter|TTER|YES",
                "Subject: a letter|letters|NO",
                "SUBJECT \t: x|X|YES",
                "Subject: x  |`x `|NO",
                "Subjects: x|x|NO",
                "Sub: x|x|NO",
                "X: y~ Subject: x|x|NO",
                "Subject: a~ b|`a b`|OPEN",
                "Subject: =?utf-8?q?a?=|a|OPEN",
                "Subject: \u00e4|a|OPEN",
                "Subject: a~Subject: b|b|YES",
                "Subject: =?utf-8?q?a?=~Subject: b|b|YES",
                "Subject:|``|YES",
                "Other: x|``|NO",
                "X: y~~Subject: x|x|NO",
            })
    void answers(String header, String text, FieldMatcher.Answer answer) {
        assertEquals(answer, look(header.replace("~", "\r\n"), "Subject", text));
    }

    /// It never says anything else than a field that is taken apart does.
    @Test
    void itAgreesWithDecodedFields() {
        var random = new Random(3);
        var pieces =
                List.of(
                        "Subject",
                        "subject ",
                        ":",
                        ": ",
                        " ",
                        "\r\n",
                        "\r\n ",
                        "ab",
                        "AB",
                        "a",
                        "=?",
                        "x:",
                        "\t",
                        "\n",
                        "\r",
                        "\0");
        int decided = 0;
        for (int i = 0; i < 20_000; i++) {
            var header = new StringBuilder("Subject:");
            for (int n = random.nextInt(10); n > 0; n--) {
                header.append(pieces.get(random.nextInt(pieces.size())));
            }
            var text = List.of("a", "ab", "b a", "x", "").get(random.nextInt(5));
            var answer = look(header.toString(), "Subject", text);
            if (answer != FieldMatcher.Answer.OPEN) {
                decided++;
                assertEquals(
                        decoded(header.toString(), text),
                        answer == FieldMatcher.Answer.YES,
                        header + "|" + text);
            }
        }
        assertNotEquals(0, decided);
    }

    private static boolean decoded(String header, String text) {
        var matcher = new TextMatcher(text);
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.of(bytes, "Subject"::equalsIgnoreCase).fields().stream()
                .anyMatch(field ->
                        matcher.isEmpty() || matcher.in(EncodedWords.decode(field.unfolded())));
    }

    /// It never denies what an address shows.
    @Test
    void itDeniesNoAddress() {
        var random = new Random(4);
        var pieces =
                List.of(
                        "a", "b", "ab", " ", "@", ".", ",", ";", ":", "<", ">", "(", ")", "\"",
                        "\\", "[", "]", "a@b", "<a@b.c>");
        var texts = List.of("a", "ab", "a@b", "b.c", ":", "@", "ba", "a.");
        int denied = 0;
        for (int i = 0; i < 50_000; i++) {
            var value = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                value.append(pieces.get(random.nextInt(pieces.size())));
            }
            var matcher = new TextMatcher(texts.get(i % texts.size()));
            byte[] bytes = ("From: " + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            if (FieldMatcher.lookForAddress(bytes, "From", matcher) == FieldMatcher.Answer.NO) {
                denied++;
                for (var address : NamedAddress.parse(value.toString())) {
                    assertFalse(matcher.in(address.text()), value + " " + address.text());
                }
            }
        }
        assertNotEquals(0, denied);
    }
}
