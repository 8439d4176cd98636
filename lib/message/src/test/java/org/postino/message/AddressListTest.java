// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "bob@example.org ~ bob@example.org",
                " a@b.test , c@d.test ~ a@b.test,c@d.test",
                "Bob Smith <bob@example.org> ~ bob@example.org",
                "\"Smith, Bob\" <bob@example.org>, alice ~ bob@example.org,alice",
                "bob@example.org (Bob (the builder), esq) ~ bob@example.org",
                "a@b.test c@d.test ~ a@b.test,c@d.test",
                "a@b.test\tc@d.test ~ a@b.test,c@d.test",
                "a@b.test; c@d.test;d ~ a@b.test,c@d.test,d",
                "a@b.test (one) c@d.test(two)e@f.test ~ a@b.test,c@d.test,e@f.test",
                "Al <a@b.test> Bob <c@d.test> ~ a@b.test,c@d.test",
                "<a@b.test>c@d.test ~ a@b.test,c@d.test",
                "\"a\" \"b c\" ~ a,b c",
                "\"a@b.test\" c@d.test ~ a@b.test,c@d.test",
                "g: a@b.test; h: c@d.test; e ~ a@b.test,c@d.test,e",
                "g: a@b.test, c@d.test ~ a@b.test,c@d.test",
                "<a@b.test, c@d.test> ~ a@b.test,c@d.test",
                "a@b.test> c@d.test ~ a@b.test,c@d.test",
                "<bob smith@d.test> ~ bobsmith@d.test",
                "bob (the builder) @ d.test ~ bob@d.test",
                "user:games ~ user:games",
                "user%d.test ~ user%d.test",
                "d.test ! user ~ d.test!user",
                "|\"/bin/cat x\" |/bin/true ~ |/bin/cat x,|/bin/true",
                "bob |cat :include:/l :Include:\"/a b\" ~ bob,|cat,:include:/l,:Include:/a b",
                "/file one ~ /file,one",
                "\\bob bob\\ b\\,c ~ bob,bob b,c",
                "@d.test a@ ~ @d.test,a@",
                "friends: a@b.test, \"C\" <c@d.test>; e@f.test ~ a@b.test,c@d.test,e@f.test",
                "undisclosed-recipients:; ~ ``",
                "<@relay.test,@other.test:bob@example.org> ~ bob@example.org",
                "bob . smith @ example . org ~ bob.smith@example.org",
                "\"bob smith\"@example.org ~ bob smith@example.org",
                "\"bob\\\"q\"@example.org ~ bob\"q@example.org",
                "bob@[192.0.2.1] ~ bob@[192.0.2.1]",
                "Bob bob@example.org ~ Bob,bob@example.org",
                "<>, a@b.test,, ~ a@b.test",
                "Bob <bob@example.org ~ bob@example.org",
                "Dr. Bob A. Smith <bob@example.org> ~ bob@example.org",
                "J\u00fcrgen <j\u00fcrgen@example.org> ~ j\u00fcrgen@example.org",
                "(only a comment) ~ ``",
                "(open comment bob@example.org ~ ``",
                "mail:bob@example.org ~ mail:bob@example.org",
            })
    void addressesAreFoundHoweverTheyAreWritten(String field, String expected) {
        assertEquals(expected, String.join(",", AddressList.parse(field).addresses()));
    }

    @Test
    void anEntryKnowsWhereItsAddressStands() {
        String field = "Bob <bob@example.org>,\r\n alice";
        var entries = AddressList.parse(field).entries();
        assertEquals(
                List.of("bob@example.org", "alice"),
                entries.stream().map(e -> field.substring(e.start(), e.end())).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a@b.test Bob <c@d.test> | a@b.test Bob",
                "a@b.test <c@d.test> | a@b.test",
                "A@b.test <a@b.test> | ``",
                "\"a@b.test\" <c@d.test> | ``",
                "a@b.test friends: c@d.test; | a@b.test friends",
                "a (b@c.test, d | (b@c.test, d",
                "a, @, \"\" | @;\"\"",
                "a, ,, <>, (b), no: ; | ``",
            })
    void whatIsNotTakenIsTold(String field, String expected) {
        assertEquals(expected, String.join(";", AddressList.parse(field).leftOut()));
    }

    @Test
    void anEntryKnowsWhereACommaLacks() {
        String field = "a@b c (d), \"E\" <f> g (h) i <j> k, l; m: n; o";
        var commas = new StringBuilder(field);
        for (var e : AddressList.parse(field).entries().reversed()) {
            if (e.missingComma() >= 0) {
                commas.insert(e.missingComma(), ',');
            }
        }
        assertEquals("a@b, c (d), \"E\" <f>, g (h) i <j>, k, l; m: n; o", commas.toString());
    }

    @Test
    void everyWordOfATextWithoutBracketsIsTaken() {
        var random = new Random(822);
        String[] between = {" ", ",", ";", "\t", "\r\n ", " (x) ", ", ,", " , "};
        for (int i = 0; i < 2000; i++) {
            var text = new StringBuilder();
            var expected = new ArrayList<String>();
            for (int n = random.nextInt(5) + 1; n > 0; n--) {
                String address =
                        "u" + random.nextInt(100) + (random.nextBoolean() ? "@d.test" : "");
                expected.add(address);
                text.append(address).append(between[random.nextInt(between.length)]);
            }
            assertEquals(expected, AddressList.parse(text.toString()).addresses(), text.toString());
        }
    }

    @Test
    void noTextStopsTheReader() {
        var random = new Random(5322);
        String letters = "a@b,;:<>()[]\"\\.|!% \r\n\t";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            for (var e : AddressList.parse(text.toString()).entries()) {
                assertTrue(
                        e.missingComma() <= e.start()
                                && e.start() < e.end()
                                && e.end() <= text.length(),
                        text.toString());
            }
        }
    }
}
