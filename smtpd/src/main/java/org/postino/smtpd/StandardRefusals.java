// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.util.Printable;

/// Refusals of the policy that do not depend on a subject.
final class StandardRefusals {
    static final Action.Refuse CONFIGURATION_ERROR = new Action.Refuse(Replies.CONFIGURATION_ERROR);

    /// The reply about nobody in particular while a table cannot be asked.
    static final Reply LOOKUP_FAILURE = Reply.of(451, 4, 3, 0, "Temporary lookup failure");

    private StandardRefusals() {}

    /// `451 4.3.0 <bob@a.test>: Temporary lookup failure`.
    static Verdict lookupFailure(String name) {
        return new Action.Refuse(
                new Reply(
                        451,
                        new EnhancedStatus(4, 3, 0),
                        List.of("<" + Printable.text(name) + ">: Temporary lookup failure")));
    }

    /// `554 5.7.1 <x@y>: Relay access denied`.
    static Verdict relayDenied(int code, String recipient) {
        return new Action.Refuse(Replies.relayDenied(code, Printable.text(recipient)));
    }
}
