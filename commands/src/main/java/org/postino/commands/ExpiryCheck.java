// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.List;
import org.postino.mailstore.MailParams;
import org.postino.suite.Plan;

/// Checks that mail which shall go by itself has somebody who takes it away.
final class ExpiryCheck {
    private ExpiryCheck() {}

    /// Tells that only sessions do it.
    static List<String> warnings(Plan plan) {
        for (var param :
                List.of(MailParams.MAILBOX_AUTOEXPUNGE, MailParams.MAILBOX_AUTOEXPUNGE_MAX_MAILS)) {
            if (!plan.config().get(param).isEmpty() && !hasRow(plan)) {
                return List.of(
                        param.name()
                                + ": master.cf has no row expire: mail of users who do not log in stays");
            }
        }
        return List.of();
    }

    private static boolean hasRow(Plan plan) {
        return plan.services().stream()
                .anyMatch(service -> service.row().program().equals("expire"));
    }
}
