// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "'Tue, 2 Mar 2021 10:11:12 +0100',2021-03-02",
        "'2 Mar 2021 10:11 GMT',2021-03-02",
        "'5 Jun 99 23:59 EST (comment)',1999-06-05",
        "'Mon, 01 January 2001 00:00:00',2001-01-01",
        "yesterday,",
        "'31 Feb 2021',",
        "'',",
    })
    void datesOfLetters(String text, LocalDate day) {
        assertEquals(day, MailDate.parseDay(text));
    }

    @ParameterizedTest
    @CsvSource({
        "'Tue, 2 Mar 2021 10:11:12 +0100',2021-03-02T09:11:12Z",
        "'2 Mar 2021 10:11 GMT',2021-03-02T10:11:00Z",
        "'5 Jun 99 23:59 EST (comment)',1999-06-06T04:59:00Z",
        "'5 Jun 99 (Sat) 23 : 59 : 60 PDT',1999-06-06T07:00:00Z",
        "'1 Jan 1970 00:00:00 -0130',1970-01-01T01:30:00Z",
        "'Mon, 01 January 2001 00:00:00',2001-01-01T00:00:00Z",
        "'2 Mar 2021 25:11:12 +0100',2021-03-02T00:00:00Z",
        "'2 Mar 2021 noon',2021-03-02T00:00:00Z",
        "'2 Mar 2021 10:11:12 +01:00',2021-03-02T10:11:12Z",
        "'2 Mar 2021 10:11:12 Z',2021-03-02T10:11:12Z",
        "'2 Mar 2021',2021-03-02T00:00:00Z",
        "yesterday,",
    })
    void momentsOfLetters(String text, Instant moment) {
        var parsed = MailDate.parse(text);
        assertEquals(moment, parsed.isEmpty() ? null : Instant.ofEpochSecond(parsed.getAsLong()));
    }
}
