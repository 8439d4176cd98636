// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*,a.b.c,true",
        "%,a.b.c,false",
        "%,a,true",
        "a.%,a.b,true",
        "a.%,a.b.c,false",
        "a*c,a.b.c,true",
        "%.%,a.b,true",
        "%.%,a.b.c,false",
        "inbox,INBOX,true",
        "inb*,INBOX,true",
        "inbox*,INBOX.Sent,true",
        "in%.Sent,INBOX.Sent,true",
        "inbox.sent,INBOX.Sent,false",
        "inbox*,INBOXES,false",
        "Inbox.%,INBOX,false",
        "*%*,x,true",
        "a,b,false",
        "'',a,false",
    })
    void listPatterns(String pattern, String name, boolean matches) {
        assertEquals(matches, new ListPattern(pattern, '.').matches(name));
    }

    @Test
    void noPatternIsSlow() {
        var pattern = new ListPattern("*a%".repeat(60) + "b", '.');
        assertTimeout(Duration.ofSeconds(5), () -> assertFalse(pattern.matches("a".repeat(2000))));
    }
}
