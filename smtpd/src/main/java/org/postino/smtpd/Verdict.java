// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.postino.smtp.Reply;

/// What a restriction, or a list of them, says to a request.
sealed interface Verdict {
    Verdict DUNNO = new Dunno();
    Verdict PERMIT = new Permit();

    /// No opinion: ask the next one.
    record Dunno() implements Verdict {}

    /// Yes: the rest of this list is not asked. Other lists still are.
    record Permit() implements Verdict {}

    /// No, 4xx or 5xx: nothing else is asked.
    record Refuse(Reply reply) implements Verdict {}
}
