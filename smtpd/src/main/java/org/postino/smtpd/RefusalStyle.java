// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import org.postino.smtp.Reply;

/// Gives refusals the form in which clients see them: `soft_bounce` makes them temporary, `smtpd_reject_footer` adds lines.
final class RefusalStyle {
    private final boolean soft;
    private final List<String> footer;

    RefusalStyle(Settings settings) {
        this(settings.softBounce(), settings.rejectFooter());
    }

    /// @param soft makes refusals temporary
    /// @param footer further lines
    RefusalStyle(boolean soft, List<String> footer) {
        this.soft = soft;
        this.footer = footer;
    }

    /// The reply as the client sees it; one that is no refusal stays as it is.
    Reply shown(Reply reply) {
        if (reply.isPositive()) {
            return reply;
        }
        Reply shown = soft && reply.isPermanent() ? softened(reply) : reply;
        if (footer.isEmpty()) {
            return shown;
        }
        List<String> lines = new ArrayList<>(shown.lines());
        lines.addAll(footer);
        return new Reply(shown.code(), shown.status(), lines);
    }

    private static Reply softened(Reply reply) {
        var status = reply.status();
        return new Reply(
                reply.code() - 100, status == null ? null : status.withSeverity(4), reply.lines());
    }
}
