// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.util.Printable;

/// Refusals of the policy that do not depend on a subject.
final class Answers {
    static final Verdict CONFIGURATION_ERROR = new Verdict.Refuse(Replies.CONFIGURATION_ERROR);

    private Answers() {}

    /// `451 4.3.0 <bob@a.test>: Temporary lookup failure`.
    static Verdict lookupFailure(String name) {
        return new Verdict.Refuse(
                new Reply(
                        451,
                        new EnhancedStatus(4, 3, 0),
                        List.of("<" + Printable.text(name) + ">: Temporary lookup failure")));
    }

    /// `554 5.7.1 <x@y>: Relay access denied`.
    static Verdict relayDenied(int code, String recipient) {
        return new Verdict.Refuse(Replies.relayDenied(code, Printable.text(recipient)));
    }
}
