// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// The dates of IMAP: `date` of SEARCH and `date-time` of APPEND and INTERNALDATE (RFC 3501, 9).
final class ImapDates {
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private ImapDates() {}

    /// `1-Feb-1994`, quoted or not.
    static LocalDate date(ImapLexer args) throws IOException, ImapSyntaxException {
        var text = args.astring();
        int first = text.indexOf('-');
        int second = text.indexOf('-', first + 1);
        if (first < 1 || first > 2 || second != first + 4 || text.length() != second + 5) {
            throw new ImapSyntaxException("Invalid date");
        }
        try {
            return LocalDate.of(
                    digits(text, second + 1, text.length()),
                    month(text.substring(first + 1, second)),
                    digits(text, 0, first));
        } catch (DateTimeException e) {
            throw new ImapSyntaxException("Invalid date", e);
        }
    }

    /// `" 1-Feb-1994 21:52:25 -0800"`.
    static Instant dateTime(ImapLexer args) throws IOException, ImapSyntaxException {
        var text = args.string();
        if (text.length() != 26
                || text.charAt(2) != '-'
                || text.charAt(6) != '-'
                || text.charAt(11) != ' '
                || text.charAt(14) != ':'
                || text.charAt(17) != ':'
                || text.charAt(20) != ' ') {
            throw new ImapSyntaxException("Invalid internal date");
        }
        char sign = text.charAt(21);
        if (sign != '+' && sign != '-') {
            throw new ImapSyntaxException("Invalid internal date");
        }
        int minutes = digits(text, 22, 24) * 60 + digits(text, 24, 26);
        try {
            var local =
                    LocalDateTime.of(
                            digits(text, 7, 11),
                            month(text.substring(3, 6)),
                            digits(text, text.charAt(0) == ' ' ? 1 : 0, 2),
                            digits(text, 12, 14),
                            digits(text, 15, 17),
                            // a leap second is the last one of its minute here
                            Math.min(59, digits(text, 18, 20)));
            return local.toInstant(
                    ZoneOffset.ofTotalSeconds(60 * (sign == '-' ? -minutes : minutes)));
        } catch (DateTimeException e) {
            throw new ImapSyntaxException("Invalid internal date", e);
        }
    }

    private static int month(String name) throws ImapSyntaxException {
        for (int i = 0; i < MONTHS.size(); i++) {
            if (MONTHS.get(i).equalsIgnoreCase(name)) {
                return i + 1;
            }
        }
        throw new ImapSyntaxException("Invalid month " + name.toUpperCase(Locale.ROOT));
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
    static String print(Instant instant, ZoneId zone) {
        var time = OffsetDateTime.ofInstant(instant, zone);
        var text = new StringBuilder(26);
        pad(text, time.getDayOfMonth(), '0')
                .append('-')
                .append(MONTHS.get(time.getMonthValue() - 1))
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
