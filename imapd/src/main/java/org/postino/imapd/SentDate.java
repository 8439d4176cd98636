// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.message.MimeTokens;

/// The day of a Date field as its writer saw it (RFC 5322, 3.3 and 4.3), without time and zone: what SENTON compares.
final class SentDate {
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    private SentDate() {}

    /// Null if the text is no date.
    static @Nullable LocalDate parse(String value) {
        var tokens = new MimeTokens(value.replace(',', ' '));
        var first = tokens.token();
        // the day of the week may be missing
        if (!first.isEmpty() && !Character.isDigit(first.charAt(0))) {
            first = tokens.token();
        }
        var month = tokens.token().toLowerCase(Locale.ROOT);
        var year = tokens.token();
        int day = number(first);
        int y = number(year);
        int m = MONTHS.indexOf(month.length() > 3 ? month.substring(0, 3) : month) + 1;
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
}
