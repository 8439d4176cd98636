// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/// Dates as header fields bear them: `Sun, 22 Nov 2026 05:01:03 +0000 (UTC)` (RFC 5322, 3.3).
///
/// Written by hand: a formatter of the JDK costs a daemon tens of milliseconds when it starts.
public final class MailDate {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private MailDate() {}

    /// The date in a zone; the name of the zone is added for UTC alone.
    public static String print(Instant time, ZoneId zone) {
        ZonedDateTime t = time.atZone(zone);
        var s = new StringBuilder(40);
        s.append(DAYS[t.getDayOfWeek().getValue() - 1]).append(", ").append(t.getDayOfMonth());
        s.append(' ').append(MONTHS[t.getMonthValue() - 1]).append(' ').append(t.getYear());
        s.append(' ');
        two(s, t.getHour()).append(':');
        two(s, t.getMinute()).append(':');
        two(s, t.getSecond()).append(' ');
        int offset = t.getOffset().getTotalSeconds() / 60;
        s.append(offset < 0 ? '-' : '+');
        two(s, Math.abs(offset) / 60);
        two(s, Math.abs(offset) % 60);
        return offset == 0 && t.getZone().getRules().isFixedOffset()
                ? s.append(" (UTC)").toString()
                : s.toString();
    }

    private static StringBuilder two(StringBuilder s, int value) {
        return s.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
