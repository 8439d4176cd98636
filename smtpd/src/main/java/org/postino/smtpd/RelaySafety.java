// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postino.config.Config;
import org.postino.server.FatalException;
import org.postino.suite.SmtpdParams;

/// Refuses to serve with a configuration that would relay for anybody.
final class RelaySafety {
    private static final Set<String> PROTECTING =
            Set.of(
                    "reject_unauth_destination",
                    "defer_unauth_destination",
                    "reject",
                    "defer",
                    "defer_if_permit");

    private RelaySafety() {}

    /// @throws FatalException neither list has a restriction that stops strangers, before a `permit` for all
    static void check(Config config) {
        if (!protects(config.get(SmtpdParams.SMTPD_RELAY_RESTRICTIONS), config, 0)
                && !protects(config.get(SmtpdParams.SMTPD_RECIPIENT_RESTRICTIONS), config, 0)) {
            throw new FatalException(
                    "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify"
                            + " at least one working instance of: reject_unauth_destination,"
                            + " defer_unauth_destination, reject, defer, defer_if_permit");
        }
    }

    private static boolean protects(List<String> items, Config config, int depth) {
        var classes = config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES);
        boolean warning = false;
        for (String item : items) {
            if (item.equals("permit")) {
                return false;
            }
            if (PROTECTING.contains(item) && !warning) {
                return true;
            }
            if (classes.contains(item) && depth < 10) {
                var members = new ArrayList<>(List.of(config.text(item).split("[,\\s]+")));
                if (protects(members, config, depth + 1)) {
                    return true;
                }
            }
            warning = item.equals("warn_if_reject");
        }
        return false;
    }
}
