// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.smtp.StatusText;
import org.postino.util.Printable;

/// The replies for clients that filters cause, and those that they write themselves.
final class MilterReplies {
    static final Reply REJECTED = Reply.of(550, 5, 7, 1, "Command rejected");
    static final Reply TEMPORARY = Reply.of(451, 4, 7, 1, "Service unavailable - try again later");
    static final Reply UNAVAILABLE = Reply.of(550, 5, 5, 0, "Service unavailable");
    static final Reply SHUTDOWN = Reply.of(421, 4, 7, 0, "Server closing connection");

    private static final int LONGEST = 500;
    private static final int MOST_LINES = 32;

    private MilterReplies() {}

    /// Reads the reply that a filter wrote: `550 5.7.1 text`, and `550-5.7.1 text` for all lines but the last.
    ///
    /// @return null if that is none of 4xx or 5xx
    static @Nullable Reply parse(String text) {
        int code = 0;
        EnhancedStatus status = null;
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\r?\n")) {
            if (!line.matches("(?s)[45][0-9][0-9]([ -].*)?") || lines.size() == MOST_LINES) {
                return null;
            }
            int stated = Integer.parseInt(line.substring(0, 3));
            if (code != 0 && code != stated) {
                return null;
            }
            code = stated;
            // libmilter's users write %% for %, as Sendmail wants it
            var rest = StatusText.of(line.length() > 4 ? line.substring(4).replace("%%", "%") : "");
            boolean known = rest.status() != null;
            status = status == null && known ? rest.status() : status;
            lines.add(Printable.ascii(rest.text(), LONGEST));
        }
        return lines.isEmpty()
                ? null
                : new Reply(code, status == null ? null : status.withSeverity(code / 100), lines);
    }
}
