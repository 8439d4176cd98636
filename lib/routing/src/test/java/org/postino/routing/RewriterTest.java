// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;

class RewriterTest {
    @ParameterizedTest
    @CsvSource({
        "user,user@o.test",
        "user@host,user@host",
        "user@host.,user@host",
        "user@d.test.,user@d.test",
        "user@,user@",
        "@,''",
        "!user,user@",
        "user%d.test.,user%d.test.@o.test",
        "a b!c,a b!c@o.test",
        "site!user,user@site",
        "a!b!c,b!c@a",
        "user%site,user@site",
        "a%b%c,a%b@c",
        "user%site@d.test,user%site@d.test",
        "'@a,@b:user@c.test',user@c.test",
        "user@[1.2.3.4],user@[1.2.3.4]",
        "'',''"
    })
    void addressesAreCompleted(String address, String expected) {
        var rewriter =
                new Rewriter(
                        Config.of(
                                Map.of(
                                        "compatibility_level",
                                        "3.11",
                                        "myhostname",
                                        "mx.o.test",
                                        "myorigin",
                                        "$mydomain")));
        assertEquals(expected, rewriter.rewrite(address));
    }

    @Test
    void oldLevelsAppendTheDomain() {
        var rewriter = new Rewriter(Config.of(Map.of("myhostname", "mx.o.test")));
        assertEquals("user@host.o.test", rewriter.rewrite("user@host"));
        assertEquals("user@mx.o.test", rewriter.rewrite("user"));
    }
}
