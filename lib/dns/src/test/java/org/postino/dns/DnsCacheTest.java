// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.time.Clock;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// The room for answers, which strangers may make large.
final class DnsCacheTest {
    private final DnsCache cache = new DnsCache(Clock.systemUTC());

    private static RawAnswer answer(int records) {
        Record record = new ARecord(Name.root, DClass.IN, 3600, InetAddress.ofLiteral("192.0.2.1"));
        return RawAnswer.found(Collections.nCopies(records, record), 3600);
    }

    @Test
    void anAnswerOfThousandsIsNotKept() {
        cache.put("A many.test", answer(4000));
        assertNull(cache.get("A many.test"));
        cache.put("A some.test", answer(500));
        assertNotNull(cache.get("A some.test"));
    }

    @Test
    void allAnswersTogetherHaveABound() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 200; i++) {
                cache.put("A " + i + ".test", answer(500));
            }
        }
        long kept =
                IntStream.range(0, 200).filter(i -> cache.get("A " + i + ".test") != null).count();
        assertEquals(40, kept); // 4 MB, of about 103 kB each
        assertNotNull(cache.get("A 199.test"));
        for (int i = 0; i < 1900; i++) {
            cache.put("MX " + i + ".test", answer(2));
        }
        assertNotNull(cache.get("MX 0.test"));
    }
}
