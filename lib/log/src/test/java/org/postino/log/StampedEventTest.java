// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampedEventTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "smtpd"})
    void anEventSurvivesTheWayToMaster(String program) {
        var event =
                new StampedEvent(
                        1_795_000_000_123_456L,
                        new Event(Severity.WARNING, "ABCDEFGHIJKL", "größer, mit\tTab?"),
                        program);
        String line = new String(event.encode(), StandardCharsets.UTF_8);
        assertEquals(event, StampedEvent.parse(line.substring(0, line.length() - 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Out of memory",
                "",
                "\t\t\t",
                "12\tinfo\tT",
                "-1\tinfo\tT\ttext",
                "1234567890123456789\tinfo\tT\ttext"
            })
    void aLineOfTheJavaMachineIsAWarningOfThisMoment(String line) {
        StampedEvent before = StampedEvent.now(new Event(Severity.INFO, "-", ""));
        StampedEvent parsed = StampedEvent.parse(line);
        assertEquals(new Event(Severity.WARNING, "-", line), parsed.event());
        assertTrue(parsed.micros() >= before.micros());
    }

    @Test
    void anEventHasALimit() {
        byte[] bytes = StampedEvent.now(new Event(Severity.INFO, "-", "x".repeat(20_000))).encode();
        assertEquals(StampedEvent.LIMIT, bytes.length);
        assertEquals('\n', bytes[bytes.length - 1]);
    }

    @Test
    void aDaemonsEventsGoToMasterOnALineEach() {
        var out = new ByteArrayOutputStream();
        var sink = EventLog.master(out);
        sink.accept("x", new Event(Severity.INFO, "T", "one"));
        sink.accept("x", new Event(Severity.PANIC, "-", "two"));
        List<StampedEvent> sent =
                out.toString(StandardCharsets.UTF_8).lines().map(StampedEvent::parse).toList();
        assertEquals(
                List.of(
                        new Event(Severity.INFO, "T", "one"),
                        new Event(Severity.PANIC, "-", "two")),
                sent.stream().map(StampedEvent::event).toList());
        assertTrue(sent.get(0).micros() <= sent.get(1).micros());
    }
}
