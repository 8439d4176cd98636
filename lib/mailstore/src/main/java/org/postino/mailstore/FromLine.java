// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.postino.message.MailDate;

/// The line `From sender Sun Nov 22 05:28:26 2026` with which a message begins in an mbox.
///
/// Many programs have written such lines. Read are, after one word or quoted string for the sender (or none):
/// ```
/// Sun Nov 22 05:28[:26] [zone [zone]] 2026 [zone]
/// Sun, 22 Nov 2026 05:28[:26] [zone]
/// ```
/// and whatever stands behind. A zone in digits, `GMT`, `UT`, `UTC` or `Z` is honoured; other names, and none, are local time.
/// Numbers that no calendar has (November 31) are carried over: the line begins a message nevertheless.
final class FromLine {
    private static final Set<String> UNIVERSAL = Set.of("GMT", "UT", "UTC", "Z");
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");
    private static final String FROM = "From ";

    /// More than any path of SMTP needs; readers give up on very long lines.
    private static final int LONGEST_SENDER = 512;

    private FromLine() {}

    /// The line with its LF; the null sender is `MAILER-DAEMON`. Of the sender only what cannot end the line or the word is
    /// written.
    static String print(String sender, Instant time, ZoneId zone) {
        LocalDateTime t = LocalDateTime.ofInstant(time, zone);
        return FROM
                + (sender.isEmpty() ? "MAILER-DAEMON" : word(sender))
                + "  "
                + MailDate.day(t.getDayOfWeek().getValue())
                + " "
                + MailDate.month(t.getMonthValue())
                + String.format(
                        Locale.ROOT,
                        " %2d %02d:%02d:%02d %d\n",
                        t.getDayOfMonth(),
                        t.getHour(),
                        t.getMinute(),
                        t.getSecond(),
                        t.getYear());
    }

    /// A sender without blanks and control characters, of whatever script, nor quotes at its start that would have to be closed.
    private static String word(String sender) {
        var word = new StringBuilder();
        sender.codePoints()
                .limit(LONGEST_SENDER)
                .forEach(c ->
                        word.appendCodePoint(
                                Character.isISOControl(c)
                                                || Character.isWhitespace(c)
                                                || Character.isSpaceChar(c)
                                        ? '-'
                                        : c));
        if (word.charAt(0) == '"' && !isQuoted(word)) {
            word.setCharAt(0, '-');
        }
        return word.toString();
    }

    private static boolean isQuoted(StringBuilder word) {
        int end = afterQuoted(word.toString(), 0);
        return end < word.length() && word.charAt(end) == '@';
    }

    /// The time of a line, in seconds since 1970; empty if this is no line that begins a message.
    static OptionalLong parse(String line, ZoneId zone) {
        if (!line.startsWith(FROM)) {
            return OptionalLong.empty();
        }
        OptionalLong date = date(line.substring(afterSender(line)), zone);
        return date.isPresent() ? date : date(line.substring(FROM.length()), zone);
    }

    /// The end of the first word, which may be a quoted string with something behind it.
    private static int afterSender(String line) {
        int at = FROM.length();
        if (at < line.length() && line.charAt(at) == '"') {
            at = afterQuoted(line, at);
        }
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    /// The end of a quoted string, behind its second quote; the end of the text if it lacks one.
    private static int afterQuoted(String text, int start) {
        int at = start + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, text.length());
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static OptionalLong date(String text, ZoneId zone) {
        List<String> words = List.of(BLANKS.split(text.trim(), 9));
        if (words.size() < 5) {
            return OptionalLong.empty();
        }
        String day = words.get(0);
        return day.endsWith(",") && isDay(day.substring(0, day.length() - 1))
                ? mailDate(words, zone)
                : isDay(day) ? asctime(words, zone) : OptionalLong.empty();
    }

    /// `Sun, 22 Nov 2026 05:28:26 +0100` (RFC 5322).
    private static OptionalLong mailDate(List<String> words, ZoneId zone) {
        int year = year(words.get(3));
        ZoneId there = zone(words, 5, zone);
        return seconds(year, words.get(2), words.get(1), words.get(4), there);
    }

    /// `Sun Nov 22 05:28:26 2026`, with up to two words for a zone before the year and one behind it.
    private static OptionalLong asctime(List<String> words, ZoneId zone) {
        for (int i = 4; i < Math.min(words.size(), 7); i++) {
            int year = year(words.get(i));
            if (year >= 0) {
                ZoneId before = i > 4 ? zone(words, 4, zone) : zone;
                ZoneId there = zone(words, i + 1, before);
                return seconds(year, words.get(1), words.get(2), words.get(3), there);
            }
        }
        return OptionalLong.empty();
    }

    /// Three letters, as a weekday has them in English and many another language.
    private static boolean isDay(String word) {
        return word.length() == 3 && word.chars().allMatch(Character::isLetter);
    }

    /// A year of four digits; -1 for anything else.
    private static int year(String word) {
        return word.length() == 4 ? number(word) : -1;
    }

    /// The zone that a word names, else `local`.
    private static ZoneId zone(List<String> words, int at, ZoneId local) {
        String word = at < words.size() ? words.get(at) : "";
        if (UNIVERSAL.contains(word)) {
            return ZoneOffset.UTC;
        }
        boolean numeric =
                word.length() == 5
                        && (word.charAt(0) == '+' || word.charAt(0) == '-')
                        && number(word.substring(1)) >= 0;
        if (!numeric) {
            return local;
        }
        int minutes = number(word.substring(1, 3)) * 60 + number(word.substring(3));
        int seconds = (word.charAt(0) == '-' ? -minutes : minutes) * 60;
        return Math.abs(seconds) <= 18 * 3600 ? ZoneOffset.ofTotalSeconds(seconds) : local;
    }

    private static OptionalLong seconds(
            int year, String monthName, String dayOfMonth, String time, ZoneId zone) {
        int month = MailDate.parseMonth(monthName);
        int day = dayOfMonth.length() <= 2 ? number(dayOfMonth) : -1;
        String[] parts = time.split(":", -1);
        if (year < 0 || month < 0 || day < 0 || parts.length < 2 || parts.length > 3) {
            return OptionalLong.empty();
        }
        int[] clock = new int[3];
        for (int i = 0; i < parts.length; i++) {
            clock[i] = parts[i].length() <= 2 ? number(parts[i]) : -1;
            if (clock[i] < 0) {
                return OptionalLong.empty();
            }
        }
        LocalDateTime local =
                LocalDateTime.of(year, month, 1, 0, 0)
                        .plusDays(Math.max(day, 1) - 1)
                        .plusHours(clock[0])
                        .plusMinutes(clock[1])
                        .plusSeconds(clock[2]);
        return OptionalLong.of(local.atZone(zone).toEpochSecond());
    }

    /// A number in digits of ASCII; -1 for anything else.
    private static int number(String digits) {
        int value = digits.isEmpty() ? -1 : 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }
}
