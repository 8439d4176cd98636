// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@b|a@b",
                "a b@c|\"a b\"@c",
                "a@b@c|\"a@b\"@c",
                "a\"b@c|\"a\\\"b\"@c",
                ".a@c|\".a\"@c",
                "a..b@c|\"a..b\"@c",
                "user|user",
                "a+b=c@[1.2.3.4]|a+b=c@[1.2.3.4]",
            })
    void anAddressIsQuotedWhereItMustBe(String internal, String wire) {
        assertEquals(wire, Address.parse(internal).quoted());
        assertEquals(internal, Address.unquote(wire).toString());
    }

    @Test
    void quotingIsUndoneByUnquoting() {
        var random = new Random(3);
        String letters = "ab.@\"\\ ,<>()+\u00e9";
        for (int i = 0; i < 2000; i++) {
            var local = new StringBuilder();
            for (int n = random.nextInt(8) + 1; n > 0; n--) {
                local.append(letters.charAt(random.nextInt(letters.length())));
            }
            var address = new Address(local.toString(), "d.test");
            assertEquals(address, Address.unquote(address.quoted()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "user+ext@d,+,user,ext",
        "user+a+b@d,+,user,a+b",
        "user-a@d,+-,user,a",
        "+ext@d,+,+ext,''",
        "owner-list@d,-,owner-list,''",
        "list-request@d,-,list-request,''",
        "MAILER-DAEMON@d,-,MAILER-DAEMON,''",
        "double-bounce@d,-,double-bounce,''",
        "user+ext@d,'',user+ext,''"
    })
    void anExtensionStandsBehindTheFirstDelimiter(
            String address, String delimiters, String user, String extension) {
        assertEquals(user, Address.parse(address).user(delimiters));
        assertEquals(extension, Address.parse(address).extension(delimiters));
    }
}
