// SPDX-License-Identifier: Apache-2.0

package org.postino.global.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bob@example.org | bob@example.org",
                " a@b.test , c@d.test | a@b.test,c@d.test",
                "Bob Smith <bob@example.org> | bob@example.org",
                "\"Smith, Bob\" <bob@example.org>, alice | bob@example.org,alice",
                "bob@example.org (Bob (the builder), esq) | bob@example.org",
                "friends: a@b.test, \"C\" <c@d.test>; e@f.test | a@b.test,c@d.test,e@f.test",
                "undisclosed-recipients:; | ``",
                "<@relay.test,@other.test:bob@example.org> | bob@example.org",
                "bob . smith @ example . org | bob.smith@example.org",
                "\"bob smith\"@example.org | bob smith@example.org",
                "\"bob\\\"q\"@example.org | bob\"q@example.org",
                "bob@[192.0.2.1] | bob@[192.0.2.1]",
                "Bob bob@example.org | bob@example.org",
                "<>, a@b.test,, | a@b.test",
                "Bob <bob@example.org | bob@example.org",
                "Dr. Bob A. Smith <bob@example.org> | bob@example.org",
                "J\u00fcrgen <j\u00fcrgen@example.org> | j\u00fcrgen@example.org",
                "(only a comment) | ``",
                "(open comment bob@example.org | ``",
                "mail:bob@example.org | bob@example.org",
            })
    void addressesAreFoundHoweverTheyAreWritten(String field, String expected) {
        assertEquals(expected, String.join(",", AddressList.addresses(field)));
    }

    @Test
    void anEntryKnowsWhereItsAddressStands() {
        String field = "Bob <bob@example.org>,\r\n alice";
        var entries = AddressList.parse(field);
        assertEquals(
                List.of("bob@example.org", "alice"),
                entries.stream().map(e -> field.substring(e.start(), e.end())).toList());
    }
}
