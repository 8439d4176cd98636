// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MailDateTest {
    private static final Instant TIME = Instant.parse("2026-11-02T05:01:03.999Z");

    @Test
    void aDateIsWrittenAsHeaderFieldsWantIt() {
        assertEquals("Mon, 2 Nov 2026 05:01:03 +0000 (UTC)", MailDate.print(TIME, ZoneOffset.UTC));
        assertEquals(
                "Mon, 2 Nov 2026 00:01:03 -0500",
                MailDate.print(TIME, ZoneId.of("America/New_York")));
        assertEquals(
                "Mon, 2 Nov 2026 10:46:03 +0545",
                MailDate.print(TIME, ZoneId.of("Asia/Kathmandu")));
    }
}
