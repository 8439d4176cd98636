// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.suite.CheckAction.Broken;
import org.postino.suite.CheckAction.Named;

class CheckActionTest {
    @ParameterizedTest
    @CsvSource({
        "OK, DUNNO, ''",
        "dunno, DUNNO, ''",
        "Reject  5.7.9 go away, REJECT, 5.7.9 go away",
        "discard, DISCARD, ''",
        "ignore, IGNORE, ''",
        "STRIP, STRIP, ''",
        "REPLACE X-Foo: bar, REPLACE, X-Foo: bar",
        "PREPEND X-Foo: bar, PREPEND, X-Foo: bar",
        "hold, HOLD, ''",
        "FILTER scan:, FILTER, scan:",
        "REDIRECT bob@b.test, REDIRECT, bob@b.test",
        "BCC bob@b.test, BCC, bob@b.test",
        "warn, WARN, ''",
        "info x, INFO, x",
        "pass, PASS, ''"
    })
    void anActionHasANameAndAnArgument(String text, CheckActionName name, String argument) {
        assertEquals(new Named(name, argument), CheckAction.parse(text, true));
        assertEquals(new Named(name, argument), CheckAction.parse(text, false));
    }

    @ParameterizedTest
    @CsvSource({
        "'', an empty action",
        "DEFER later, no action is called DEFER",
        "REPLACE, REPLACE without a header field",
        "PREPEND a b: c, PREPEND without a header field",
        "redirect bob, REDIRECT without an address user@domain",
        "BCC, BCC without an address user@domain",
        "FILTER amavis, FILTER without transport:nexthop"
    })
    void anActionWithAWrongArgumentIsBroken(String text, String why) {
        assertEquals(new Broken(why), CheckAction.parse(text, true));
    }

    @Test
    void aLineOfABodyMayBecomeAnyLine() {
        assertEquals(
                new Named(CheckActionName.REPLACE, "any text"),
                CheckAction.parse("REPLACE any text", false));
        assertEquals(new Broken("PREPEND without a text"), CheckAction.parse("PREPEND ", false));
    }

    @Test
    void aFieldMayHaveSeveralLines() {
        assertEquals(
                new Named(CheckActionName.REPLACE, "Subject: [x] a\n\tb"),
                CheckAction.parse("REPLACE Subject: [x] a\n\tb", true));
    }
}
