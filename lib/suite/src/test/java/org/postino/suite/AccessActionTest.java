// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.suite.AccessAction.Broken;
import org.postino.suite.AccessAction.Named;
import org.postino.suite.AccessAction.Reply;
import org.postino.suite.AccessAction.Restrictions;

class AccessActionTest {
    @ParameterizedTest
    @CsvSource({
        "OK, OK, ''",
        "permit, OK, ''",
        "1234, OK, ''",
        "550, OK, ''",
        "dunno, DUNNO, ''",
        "Reject, REJECT, ''",
        "REJECT  5.7.9 go away, REJECT, 5.7.9 go away",
        "hold, HOLD, ''",
        "REDIRECT bob@b.test, REDIRECT, bob@b.test",
        "FILTER scan:[::1]:10024, FILTER, scan:[::1]:10024",
        "filter scan:, FILTER, scan:",
        "FILTER lmtp:unix:/run/scan, FILTER, lmtp:unix:/run/scan",
        "PREPEND X-Foo: bar, PREPEND, X-Foo: bar"
    })
    void anActionHasANameAndAnArgument(String text, AccessActionName name, String argument) {
        assertEquals(new Named(name, argument), AccessAction.parse(text));
    }

    @Test
    void aNumberWithAWordBehindItPermitsNothing() {
        assertEquals(new Restrictions("5 5.7.1 no"), AccessAction.parse("5 5.7.1 no"));
        assertEquals(new Restrictions("250 ok"), AccessAction.parse("250 ok"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', an empty action",
        "PREPEND foo, PREPEND without a header field",
        "PREPEND a b: c, PREPEND without a header field",
        "redirect, REDIRECT without an address user@domain",
        "REDIRECT bob, REDIRECT without an address user@domain",
        "BCC a@b.test c@d.test, BCC without an address user@domain",
        "FILTER amavis, FILTER without transport:nexthop",
        "FILTER ../public/cleanup:x, FILTER without transport:nexthop",
        "FILTER :10024, FILTER without transport:nexthop"
    })
    void anActionWithAWrongArgumentIsBroken(String text, String why) {
        assertEquals(new Broken(why), AccessAction.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"450 5.7.9 later, 450, 5.7.9 later", "599 x, 599, x"})
    void aCodeWithATextIsAReply(String text, int code, String words) {
        assertEquals(new Reply(code, words), AccessAction.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"reject_unauth_destination, permit", "REJECTED", "4x5 text"})
    void anythingElseIsAListOfRestrictions(String text) {
        assertEquals(new Restrictions(text), AccessAction.parse(text));
    }
}
