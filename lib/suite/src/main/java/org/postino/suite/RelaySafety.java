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
    private static final Set<RestrictionName> PROTECTING =
            Set.of(
                    RestrictionName.REJECT_UNAUTH_DESTINATION,
                    RestrictionName.DEFER_UNAUTH_DESTINATION,
                    RestrictionName.REJECT,
                    RestrictionName.DEFER,
                    RestrictionName.DEFER_IF_PERMIT);

    private RelaySafety() {}

    /// The advice about lists neither of which stops strangers before a `permit` for all; empty if one does.
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

    /// The restrictions that a list asks before the one that stops strangers, restriction classes written out; empty if nothing
    /// stops them before a `permit` for all.
    public static Optional<List<RestrictionItem.Named>> before(
            Config config, Param<List<String>> list) {
        var passed = new ArrayList<RestrictionItem.Named>();
        return isProtected(config.get(list), config, 0, passed)
                ? Optional.of(passed)
                : Optional.empty();
    }

    private static boolean isProtected(
            List<String> words, Config config, int depth, List<RestrictionItem.Named> passed) {
        boolean warning = false;
        for (var item :
                RestrictionItem.read(words, config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES))) {
            switch (item) {
                case RestrictionItem.Named named -> {
                    if (named.name() == RestrictionName.PERMIT) {
                        return false;
                    }
                    if (PROTECTING.contains(named.name()) && !warning) {
                        return true;
                    }
                    passed.add(named);
                    warning = named.name() == RestrictionName.WARN_IF_REJECT;
                }
                case RestrictionItem.ClassName(var name) -> {
                    if (depth < 10
                            && isProtected(members(config, name), config, depth + 1, passed)) {
                        return true;
                    }
                    warning = false;
                }
                case RestrictionItem.BareTable _,
                        RestrictionItem.Unsupported _,
                        RestrictionItem.Unknown _ ->
                        warning = false;
            }
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
