// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class FromLineTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /// 12:26:40 in Berlin, where it is an hour later than in Greenwich.
    private static final long NOON = Instant.parse("2025-11-01T11:26:40Z").getEpochSecond();

    private static String time(String line) {
        OptionalLong found = FromLine.parse(line, BERLIN);
        return found.isPresent() ? Instant.ofEpochSecond(found.getAsLong()).toString() : "none";
    }

    @Test
    void linesOfManyProgramsAreUnderstood() {
        for (String line :
                new String[] {
                    "From a@b.test  Sat Nov  1 12:26:40 2025",
                    "From a@b.test Sat Nov 01 12:26:40 2025",
                    "From a@b.test Sat Nov 1 12:26:40 2025\r",
                    "From a@b.test\tSat Nov  1 12:26:40 2025",
                    "From a@b.test sat nov  1 12:26:40 2025",
                    "From a@b.test Sam Nov  1 12:26:40 2025",
                    "From a@b.test  Sat Nov  1 12:26:40 CET 2025",
                    "From a@b.test  Sat Nov  1 12:26:40 MET DST 2025",
                    "From a@b.test  Sat Nov  1 12:26:40 2025 CET",
                    "From a@b.test  Sat Nov  1 11:26:40 GMT 2025",
                    "From a@b.test  Sat Nov  1 11:26:40 2025 UTC",
                    "From a@b.test  Sat Nov  1 11:26:40 2025 +0000",
                    "From a@b.test  Sat Nov  1 13:26:40 +0200 2025",
                    "From a@b.test  Sat Nov  1 13:26:40 2025 +0200",
                    "From a@b.test  Sat Nov  1 05:56:40 2025 -0530",
                    "From a@b.test  Sat Nov  1 12:26:40 2025 +0100 remote from uucp",
                    "From a@b.test Sat, 01 Nov 2025 13:26:40 +0200",
                    "From a@b.test Sat, 1 Nov 2025 13:26:40 +0200 (EET)",
                    "From a@b.test Sat,  1 Nov 2025 11:26:40 GMT",
                    "From a@b.test Sat, 1 Nov 2025 12:26:40",
                    "From \"a b\"@b.test Sat Nov  1 12:26:40 2025",
                    "From \"a \\\" b\"@b.test Sat Nov  1 12:26:40 2025",
                    "From - Sat Nov  1 12:26:40 2025",
                    "From  Sat Nov  1 12:26:40 2025",
                    "From Sat Nov  1 12:26:40 2025"
                }) {
            assertEquals("2025-11-01T11:26:40Z", time(line), line);
        }
    }

    @Test
    void secondsMayBeMissing() {
        assertEquals("2025-11-01T11:26:00Z", time("From a Sat Nov  1 12:26 2025"));
        assertEquals("2025-11-01T11:26:00Z", time("From a Sat Nov  1 12:26 CET 2025"));
        assertEquals("2025-11-01T11:26:00Z", time("From a Sat, 1 Nov 2025 12:26 +0100"));
    }

    /// A line with such a date is no less the beginning of a message, as Dovecot has it.
    @Test
    void aDateThatNoCalendarHasIsCarriedOver() {
        assertEquals("2025-12-01T11:26:40Z", time("From a Sat Nov 31 12:26:40 2025"));
        assertEquals("2025-11-02T00:26:40Z", time("From a Sat Nov  1 25:26:40 2025"));
        assertEquals("2025-11-01T11:27:00Z", time("From a Sat Nov  1 12:26:60 2025"));
        assertEquals("1965-11-01T11:26:40Z", time("From a Sat Nov  1 12:26:40 1965"));
        assertEquals("2025-11-01T11:26:40Z", time("From a Sat Nov  1 12:26:40 2025 +9900"));
    }

    @Test
    void whatWeWriteIsOneLineThatIsRead() {
        for (String sender :
                new String[] {
                    "",
                    "a@b.test",
                    "\"a b\"@b.test",
                    "\"a\nFrom x\"@b.test",
                    "\"a\\\" b\"@b.test",
                    "\"unclosed",
                    "\"\\",
                    "a\u00a0b\u2028c\u0085d\u0000e@b.test",
                    "Sat",
                    "x".repeat(5000) + "@b.test"
                }) {
            String line = FromLine.print(sender, Instant.ofEpochSecond(NOON), BERLIN);
            assertEquals(line.length() - 1, line.indexOf('\n'), sender);
            assertFalse(line.indexOf('\r') >= 0 || line.indexOf('\u2028') >= 0, sender);
            assertEquals(OptionalLong.of(NOON), FromLine.parse(line.strip(), BERLIN), sender);
            assertTrue(line.length() < 600, sender);
        }
    }

    @Test
    void proseIsNoFromLine() {
        for (String line :
                new String[] {
                    "From",
                    "From ",
                    "From me to you",
                    "From Sat to Nov 1",
                    "From me on Sat Nov  1 12:26:40 2025",
                    "From a Sat Foo 1 10:00:00 2025",
                    "From a Sat Nov 1 10 2025",
                    "From a Sat Nov 1 10:00:00:00 2025",
                    "From a Sat Nov  1 12:26:40 25",
                    "From a 1 Nov 2025 12:26:40 +0200",
                    "From a Sat Nov 123 10:00:00 2025",
                    "From \"a Sat Nov 1 10:00:00 2025",
                    ">From a Sat Nov 1 10:00:00 2025",
                    "from a Sat Nov 1 10:00:00 2025"
                }) {
            assertTrue(FromLine.parse(line, ZoneOffset.UTC).isEmpty(), line);
        }
    }
}
