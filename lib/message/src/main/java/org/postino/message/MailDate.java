// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Dates as header fields bear them: `Sun, 22 Nov 2026 05:01:03 +0000 (UTC)` (RFC 5322, 3.3), and the names of months and days in
/// all dates of mail.
///
/// Written by hand: a formatter of the JDK costs a daemon tens of milliseconds when it starts.
public final class MailDate {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private static final long SECONDS_OF_DAY = 86_400;

    private MailDate() {}

    /// The date in a zone; the name of the zone is added for UTC alone.
    public static String print(Instant time, ZoneId zone) {
        ZonedDateTime t = time.atZone(zone);
        var s = new StringBuilder(40);
        s.append(day(t.getDayOfWeek().getValue())).append(", ").append(t.getDayOfMonth());
        s.append(' ').append(month(t.getMonthValue())).append(' ').append(t.getYear());
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

    /// The day that a Date field names, as its writer saw it: without time and zone (RFC 5322, 3.3 and 4.3).
    ///
    /// @return null if the text is no date
    public static @Nullable LocalDate parseDay(String value) {
        return day(tokens(value));
    }

    /// The moment that a Date field names: at midnight where its time cannot be read, in UTC where its zone cannot (RFC 5256, 2.2).
    ///
    /// @return in seconds since 1970; nothing if the text is no date
    public static OptionalLong parse(String value) {
        var tokens = tokens(value);
        LocalDate day = day(tokens);
        if (day == null) {
            return OptionalLong.empty();
        }
        int time = time(tokens);
        long seconds = day.toEpochDay() * SECONDS_OF_DAY + Math.max(time, 0);
        return OptionalLong.of(time < 0 ? seconds : seconds - offset(tokens.token()));
    }

    private static MimeTokens tokens(String value) {
        return new MimeTokens(value.replace(',', ' '));
    }

    private static @Nullable LocalDate day(MimeTokens tokens) {
        var first = tokens.token();
        // the day of the week may be missing
        if (!first.isEmpty() && !Character.isDigit(first.charAt(0))) {
            first = tokens.token();
        }
        var month = tokens.token();
        var year = tokens.token();
        int day = number(first);
        int y = number(year);
        int m = parseMonth(month.length() > 3 ? month.substring(0, 3) : month);
        if (day < 1 || m < 1 || y < 0) {
            return null;
        }
        if (year.length() == 2) {
            y += y < 50 ? 2000 : 1900;
        } else if (year.length() == 3) {
            y += 1900;
        }
        try {
            return LocalDate.of(y, m, day);
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// Seconds since midnight; -1 if no time of the day stands here.
    private static int time(MimeTokens tokens) {
        int hour = number(tokens.token());
        if (!tokens.accept(':')) {
            return -1;
        }
        int minute = number(tokens.token());
        int second = tokens.accept(':') ? number(tokens.token()) : 0;
        return hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60
                ? -1
                : (hour * 60 + minute) * 60 + second;
    }

    /// Seconds east of Greenwich, 0 for what is no zone.
    private static int offset(String zone) {
        if (zone.length() == 5 && (zone.charAt(0) == '+' || zone.charAt(0) == '-')) {
            int digits = number(zone.substring(1));
            int seconds = digits < 0 ? 0 : (digits / 100 * 60 + digits % 100) * 60;
            return zone.charAt(0) == '-' ? -seconds : seconds;
        }
        // RFC 5322, 4.3
        int hours =
                switch (zone.toUpperCase(Locale.ROOT)) {
                    case "EDT" -> -4;
                    case "EST", "CDT" -> -5;
                    case "CST", "MDT" -> -6;
                    case "MST", "PDT" -> -7;
                    case "PST" -> -8;
                    default -> 0;
                };
        return hours * 3600;
    }

    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    /// `Jan` for 1.
    public static String month(int number) {
        return MONTHS[number - 1];
    }

    /// 1 for `Jan`, in any case; -1 for what is no month.
    public static int parseMonth(String name) {
        for (int i = 0; i < MONTHS.length; i++) {
            if (MONTHS[i].equalsIgnoreCase(name)) {
                return i + 1;
            }
        }
        return -1;
    }

    /// `Mon` for 1.
    public static String day(int number) {
        return DAYS[number - 1];
    }
}
