// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.message.MailDate;

/// The dates of IMAP: `date` of SEARCH and `date-time` of APPEND and INTERNALDATE (RFC 3501, 9).
public final class ImapDates {
    private ImapDates() {}

    /// `1-Feb-1994`, quoted or not, blanks before it in quotes.
    ///
    /// A day that no calendar has, as 31-Feb-1994, is after all others, as Dovecot has it.
    static LocalDate date(ImapLexer args) throws IOException, ImapSyntaxException {
        var text = args.astring().stripLeading();
        int first = text.indexOf('-');
        int second = text.indexOf('-', first + 1);
        if (first < 1 || first > 2 || second != first + 4 || text.length() != second + 5) {
            throw new ImapSyntaxException("Invalid date");
        }
        int year = digits(text, second + 1, text.length());
        int month = month(text.substring(first + 1, second));
        int day = digits(text, 0, first);
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException _) {
            return LocalDate.MAX;
        }
    }

    /// `" 1-Feb-1994 21:52:25 -0800"`, the day also as one digit, and blanks around the zone.
    ///
    /// Anything that is no zone counts as UTC: better a date that is hours off than a message that is not saved.
    ///
    /// @return null for a moment that there is not, as 31-Feb-1994 or 24:00:00
    public static @Nullable Instant dateTime(ImapLexer args)
            throws IOException, ImapSyntaxException {
        var text = args.string();
        if (text.indexOf('-') == 1) {
            text = " " + text;
        }
        if (text.length() < 22
                || text.charAt(2) != '-'
                || text.charAt(6) != '-'
                || text.charAt(11) != ' '
                || text.charAt(14) != ':'
                || text.charAt(17) != ':'
                || text.charAt(20) != ' ') {
            throw new ImapSyntaxException("Invalid internal date");
        }
        int year = digits(text, 7, 11);
        int month = month(text.substring(3, 6));
        int day = digits(text, text.charAt(0) == ' ' ? 1 : 0, 2);
        int hour = digits(text, 12, 14);
        int minute = digits(text, 15, 17);
        int second = digits(text, 18, 20);
        try {
            // a leap second is the last one of its minute here
            return LocalDateTime.of(year, month, day, hour, minute, second == 60 ? 59 : second)
                    .toInstant(ZoneOffset.UTC)
                    .minusSeconds(60L * zone(text.substring(21).strip()));
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// Minutes east of Greenwich.
    private static int zone(String text) {
        boolean known =
                text.length() == 5
                        && (text.charAt(0) == '+' || text.charAt(0) == '-')
                        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
        if (!known) {
            return 0;
        }
        int number = Integer.parseInt(text, 1, 5, 10);
        int minutes = number / 100 * 60 + number % 100;
        return text.charAt(0) == '-' ? -minutes : minutes;
    }

    private static int month(String name) throws ImapSyntaxException {
        int month = MailDate.parseMonth(name);
        if (month < 0) {
            throw new ImapSyntaxException("Invalid month " + name.toUpperCase(Locale.ROOT));
        }
        return month;
    }

    private static int digits(String text, int from, int to) throws ImapSyntaxException {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new ImapSyntaxException("Invalid date");
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    /// `17-Jul-1996 02:44:25 -0700`.
    public static String print(Instant instant, ZoneId zone) {
        var time = OffsetDateTime.ofInstant(instant, zone);
        var text = new StringBuilder(26);
        pad(text, time.getDayOfMonth(), '0')
                .append('-')
                .append(MailDate.month(time.getMonthValue()))
                .append('-');
        int year = time.getYear();
        pad(text, Math.floorMod(year / 100, 100), '0');
        pad(text, Math.floorMod(year, 100), '0').append(' ');
        pad(text, time.getHour(), '0').append(':');
        pad(text, time.getMinute(), '0').append(':');
        pad(text, time.getSecond(), '0').append(' ');
        int minutes = time.getOffset().getTotalSeconds() / 60;
        text.append(minutes < 0 ? '-' : '+');
        pad(text, Math.abs(minutes) / 60, '0');
        return pad(text, Math.abs(minutes) % 60, '0').toString();
    }

    private static StringBuilder pad(StringBuilder text, int value, char with) {
        return (value < 10 ? text.append(with) : text).append(value);
    }
}
