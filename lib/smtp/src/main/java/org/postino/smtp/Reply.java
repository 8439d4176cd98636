// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An SMTP reply: a code, an enhanced status where one belongs, and one or more lines of text (RFC 5321, 4.2; RFC 2034).
public record Reply(int code, @Nullable EnhancedStatus status, List<String> lines) {
    public Reply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("reply code " + code);
        }
        if (status != null && status.severity() != code / 100 && code / 100 != 3) {
            throw new IllegalArgumentException("reply " + code + " with status " + status);
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("reply without text");
        }
        lines = List.copyOf(lines);
    }

    /// A reply of one line with an enhanced status: `Reply.of(250, 2, 1, 0, "Ok")`.
    public static Reply of(int code, int severity, int subject, int detail, String text) {
        return new Reply(code, new EnhancedStatus(severity, subject, detail), List.of(text));
    }

    /// A reply of one line without an enhanced status, as for the greeting and EHLO.
    public static Reply plain(int code, String text) {
        return new Reply(code, null, List.of(text));
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isTransient() {
        return code / 100 == 4;
    }

    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /// The text of the first line, without code and status.
    public String text() {
        return lines.getFirst();
    }

    /// Code, status and text on one line, as in log lines and notifications.
    @Override
    public String toString() {
        return code + (status == null ? " " : " " + status + " ") + String.join(" ", lines);
    }

    /// The reply as it goes over the wire, each line ended by CRLF.
    public String print() {
        var out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append(code).append(i < lines.size() - 1 ? '-' : ' ');
            if (status != null) {
                out.append(status).append(' ');
            }
            out.append(lines.get(i)).append("\r\n");
        }
        return out.toString();
    }
}
