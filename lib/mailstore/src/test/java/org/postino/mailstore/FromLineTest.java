// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class FromLineTest {
    @Test
    void linesOfManyProgramsAreUnderstood() {
        var t = OptionalLong.of(1_762_000_000L);
        for (String date :
                new String[] {
                    "Sat Nov  1 12:26:40 2025",
                    "Sat Nov 01 12:26:40 2025",
                    "Sat Nov  1 12:26:40 GMT 2025",
                    "Sat Nov  1 12:26:40 2025 +0000"
                }) {
            assertEquals(t, FromLine.parse("From a@b.test  " + date, ZoneOffset.UTC), date);
        }
        assertEquals(
                t,
                FromLine.parse(
                        FromLine.print("", Instant.ofEpochSecond(1_762_000_000L), ZoneOffset.UTC)
                                .strip(),
                        ZoneOffset.UTC));
    }

    @Test
    void proseIsNoFromLine() {
        for (String line :
                new String[] {
                    "From",
                    "From me to you",
                    "From Sat to Nov 1",
                    "From a Sat Foo 1 10:00:00 2025",
                    "From a Sat Nov 1 99:00 2025",
                    ">From a Sat Nov 1 10:00:00 2025"
                }) {
            assertTrue(FromLine.parse(line, ZoneOffset.UTC).isEmpty(), line);
        }
    }
}
