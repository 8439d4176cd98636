// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventTest {
    @Test
    void whatAPeerSentCannotBreakALine() {
        assertEquals(
                "a?b?[31mc??", new Event(Severity.INFO, "-", "a\nb\u001b[31mc\u0000\u009b").text());
    }

    @Test
    void loggersMakeEventsUnderTheTraceOfTheirThread() {
        var seen = new ArrayList<Event>();
        var log = LoggerFactory.getLogger("test");
        try (var listening = EventLog.listen(seen::add)) {
            Trace.run("TRACE", () -> log.info("{} and {}", 1, "two"));
            log.debug("not written");
            log.error("bad", new IllegalStateException("why"));
            assertTrue(listening.toString().length() > 0);
        }
        log.info("nobody listens");
        assertEquals(
                List.of(
                        new Event(Severity.INFO, "TRACE", "1 and two"),
                        new Event(
                                Severity.ERROR, "-", "bad: java.lang.IllegalStateException: why")),
                seen);
    }

    @Test
    void traceIdsAreTwelveCharactersAndDiffer() {
        String one = Trace.next();
        assertTrue(one.matches("[A-Z2-7]{12}"), one);
        assertNotEquals(one, Trace.next());
        assertEquals(Trace.NONE, Trace.current());
    }
}
