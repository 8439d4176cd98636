// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.suite.IncomingParams;
import org.postino.suite.LocalParams;
import org.postino.suite.Plan;

/// Checks that transports which the configuration names have a row in master.cf. Mail for one without waits in the queue.
final class TransportCheck {
    private static final List<Param<String>> NAMING =
            List.of(
                    MainParams.LOCAL_TRANSPORT,
                    MainParams.VIRTUAL_TRANSPORT,
                    MainParams.RELAY_TRANSPORT,
                    MainParams.DEFAULT_TRANSPORT,
                    LocalParams.MAILBOX_TRANSPORT,
                    LocalParams.FALLBACK_TRANSPORT,
                    IncomingParams.CONTENT_FILTER);

    private final Plan plan;
    private final Set<String> services = new HashSet<>();

    TransportCheck(Plan plan) {
        this.plan = plan;
        plan.services().forEach(service -> services.add(service.name()));
    }

    /// Lists the parameters that name one that is not there, a line each.
    List<String> warnings() {
        var warnings = new ArrayList<String>();
        for (Param<String> param : NAMING) {
            String value = plan.config().get(param);
            if (!value.isEmpty() && !missing(value).isEmpty()) {
                warnings.add(param.name() + " = " + value + ": " + missing(value));
            }
        }
        for (var service : plan.services()) {
            for (String override : service.row().overrides()) {
                String prefix = IncomingParams.CONTENT_FILTER.name() + "=";
                String value =
                        override.startsWith(prefix) ? override.substring(prefix.length()) : "";
                if (!value.isEmpty() && value.indexOf('$') < 0 && !missing(value).isEmpty()) {
                    warnings.add(
                            "master.cf, line "
                                    + service.row().line()
                                    + ": "
                                    + override
                                    + ": "
                                    + missing(value));
                }
            }
        }
        return warnings;
    }

    /// The words about a destination `transport:nexthop` whose transport has no row; empty if it has one.
    String missing(String destination) {
        int colon = destination.indexOf(':');
        String transport = colon < 0 ? destination : destination.substring(0, colon);
        return services.contains(transport)
                ? ""
                : "master.cf has no row " + transport + ": mail that goes there waits";
    }
}
