// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.Param;

/// Knows which lists of restrictions keep strangers from relaying: smtpd does not serve with others.
public final class RelaySafety {
    private static final Set<String> PROTECTING =
            Set.of(
                    "reject_unauth_destination",
                    "defer_unauth_destination",
                    "reject",
                    "defer",
                    "defer_if_permit");

    private RelaySafety() {}

    /// What to do about lists neither of which has a restriction that stops strangers, before a `permit` for all; empty if one has.
    public static Optional<String> problem(Config config) {
        return protects(config, SmtpdParams.SMTPD_RELAY_RESTRICTIONS)
                        || protects(config, SmtpdParams.SMTPD_RECIPIENT_RESTRICTIONS)
                ? Optional.empty()
                : Optional.of(
                        "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify"
                                + " at least one working instance of: reject_unauth_destination,"
                                + " defer_unauth_destination, reject, defer, defer_if_permit");
    }

    /// Whether a list has such a restriction.
    public static boolean protects(Config config, Param<List<String>> list) {
        return protects(config.get(list), config, 0);
    }

    /// Whether a restriction stops strangers.
    public static boolean isProtecting(String restriction) {
        return PROTECTING.contains(restriction);
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
