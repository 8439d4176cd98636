// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.Optional;

/// An enhanced mail system status code, `class.subject.detail` (RFC 3463).
public record EnhancedStatus(int severity, int subject, int detail) {
    public EnhancedStatus {
        if (severity != 2 && severity != 4 && severity != 5) {
            throw new IllegalArgumentException("severity " + severity);
        }
        if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("status " + severity + "." + subject + "." + detail);
        }
    }

    /// Reads `5.1.1`; empty if the text has another form.
    public static Optional<EnhancedStatus> parse(String text) {
        // by hand: this runs on every daemon's way to its first client, where a regular expression
        // costs
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first != 1 || second < 0 || "245".indexOf(text.charAt(0)) < 0) {
            return Optional.empty();
        }
        int subject = number(text, 2, second);
        int detail = number(text, second + 1, text.length());
        return subject < 0 || detail < 0
                ? Optional.empty()
                : Optional.of(new EnhancedStatus(text.charAt(0) - '0', subject, detail));
    }

    /// One to three digits; -1 for anything else.
    private static int number(String text, int from, int until) {
        if (until <= from || until - from > 3) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < until; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /// Gives subject and detail another class, as `soft_bounce` needs.
    public EnhancedStatus withSeverity(int other) {
        return new EnhancedStatus(other, subject, detail);
    }

    @Override
    public String toString() {
        return severity + "." + subject + "." + detail;
    }
}
