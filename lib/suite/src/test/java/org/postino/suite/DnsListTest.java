// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.postino.config.ValueException;

/// The argument of reject_rbl_client and its kin.
final class DnsListTest {
    private static boolean counts(String list, String answer) throws ValueException {
        return DnsList.parse(list).counts(InetAddress.ofLiteral(answer));
    }

    @Test
    void anyAnswerCountsWithoutAFilter() throws ValueException {
        assertTrue(counts("zen.test", "127.0.0.2"));
        assertTrue(counts("zen.test", "10.0.0.1"));
        assertFalse(counts("zen.test", "::1"));
    }

    @Test
    void aFilterNamesNumbersAndRanges() throws ValueException {
        String list = "list.zen.test=127.0.[0;2].[2..11;15]";
        assertEquals("list.zen.test", DnsList.parse(list).domain());
        for (String in : new String[] {"127.0.0.2", "127.0.2.11", "127.0.0.15"}) {
            assertTrue(counts(list, in), in);
        }
        for (String out : new String[] {"127.0.1.2", "127.0.0.12", "127.0.0.1", "126.0.0.2"}) {
            assertFalse(counts(list, out), out);
        }
        assertTrue(counts("zen.test=127.0.0.2", "127.0.0.2"));
        assertFalse(counts("zen.test=127.0.0.2", "127.0.0.3"));
    }
}
