// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// The line `From sender Sun Nov 22 05:28:26 2026` with which a message begins in an mbox.
final class FromLine {
    private static final List<String> DAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private FromLine() {}

    /// The line with its LF; the null sender is `MAILER-DAEMON`.
    static String print(String sender, Instant time, ZoneId zone) {
        LocalDateTime t = LocalDateTime.ofInstant(time, zone);
        String name =
                sender.isEmpty() ? "MAILER-DAEMON" : sender.replaceAll("[\\s\\p{Cntrl}]", "-");
        return "From "
                + name
                + "  "
                + DAYS.get(t.getDayOfWeek().getValue() - 1)
                + " "
                + MONTHS.get(t.getMonthValue() - 1)
                + String.format(
                        Locale.ROOT,
                        " %2d %02d:%02d:%02d %d\n",
                        t.getDayOfMonth(),
                        t.getHour(),
                        t.getMinute(),
                        t.getSecond(),
                        t.getYear());
    }

    /// The time of a line without its end, in seconds since 1970; empty if this is no line that begins a message.
    ///
    /// The date stands at the end, perhaps with a zone before or behind the year, and perhaps without seconds.
    static OptionalLong parse(String line, ZoneId zone) {
        if (!line.startsWith("From ")) {
            return OptionalLong.empty();
        }
        String[] words = line.strip().split("\\s+");
        for (int i = words.length - 5; i >= 1 && i >= words.length - 9; i--) {
            if (i + 4 < words.length + 1
                    && DAYS.contains(words[i])
                    && MONTHS.contains(words[i + 1])) {
                return date(words, i, zone);
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong date(String[] words, int at, ZoneId zone) {
        try {
            int month = MONTHS.indexOf(words[at + 1]) + 1;
            int day = Integer.parseInt(words[at + 2]);
            String[] time = words[at + 3].split(":", -1);
            int year = 0;
            for (int i = at + 4; i < words.length && year == 0; i++) {
                if (words[i].length() == 4 && Character.isDigit(words[i].charAt(0))) {
                    year = Integer.parseInt(words[i]);
                }
            }
            if (time.length < 2 || year < 1970) {
                return OptionalLong.empty();
            }
            int second = time.length > 2 ? Integer.parseInt(time[2]) : 0;
            var local =
                    LocalDateTime.of(
                            year,
                            month,
                            day,
                            Integer.parseInt(time[0]),
                            Integer.parseInt(time[1]),
                            Math.min(second, 59));
            return OptionalLong.of(local.atZone(zone).toEpochSecond());
        } catch (NumberFormatException | DateTimeException e) {
            return OptionalLong.empty();
        }
    }
}
