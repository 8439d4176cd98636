// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

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

    private static boolean protects(Config config, Param<List<String>> list) {
        return before(config, list).isPresent();
    }

    /// What a list asks before the restriction that stops strangers, restriction classes written out; empty if nothing stops them
    /// before a `permit` for all.
    public static Optional<List<String>> before(Config config, Param<List<String>> list) {
        var passed = new ArrayList<String>();
        return isProtected(config.get(list), config, 0, passed)
                ? Optional.of(passed)
                : Optional.empty();
    }

    private static boolean isProtected(
            List<String> items, Config config, int depth, List<String> passed) {
        var classes = config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES);
        boolean warning = false;
        for (String item : items) {
            if (item.equals("permit")) {
                return false;
            }
            if (PROTECTING.contains(item) && !warning) {
                return true;
            }
            passed.add(item);
            if (classes.contains(item)
                    && depth < 10
                    && isProtected(members(config, item), config, depth + 1, passed)) {
                return true;
            }
            warning = item.equals("warn_if_reject");
        }
        return false;
    }

    private static List<String> members(Config config, String name) {
        try {
            return ParamType.Items.split(config.text(name));
        } catch (ValueException e) {
            throw new IllegalStateException(e); // the classes were looked at with the values
        }
    }
}
