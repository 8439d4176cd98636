// SPDX-License-Identifier: Apache-2.0

package org.postino.global.smtp;

import java.util.Optional;
import java.util.regex.Pattern;

/// An enhanced mail system status code, `class.subject.detail` (RFC 3463).
public record EnhancedStatus(int severity, int subject, int detail) {
    private static final Pattern FORM = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

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
        var m = FORM.matcher(text);
        return m.matches()
                ? Optional.of(
                        new EnhancedStatus(
                                Integer.parseInt(m.group(1)),
                                Integer.parseInt(m.group(2)),
                                Integer.parseInt(m.group(3))))
                : Optional.empty();
    }

    /// The same subject and detail under another class, as `soft_bounce` needs.
    public EnhancedStatus withSeverity(int other) {
        return new EnhancedStatus(other, subject, detail);
    }

    @Override
    public String toString() {
        return severity + "." + subject + "." + detail;
    }
}
