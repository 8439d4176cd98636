// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.routing.AddressClass;
import org.postino.routing.Networks;
import org.postino.routing.Resolved;
import org.postino.routing.Resolver;
import org.postino.suite.RelaySafety;
import org.postino.suite.RestrictionName;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Tries the known ways to make a server relay for strangers.
///
/// It tries them on the configuration, through [Resolver], which smtpd and qmgr ask, too. It makes no connection. Of the lists of
/// restrictions it asks only the tables before the restriction that stops strangers.
final class RelayCheck {
    /// A domain that does not exist (RFC 6761, 6.4).
    private static final String ELSEWHERE = "postino-check.invalid";

    /// Addresses that no host has (RFC 5737, RFC 3849).
    private static final List<String> STRANGERS =
            List.of("192.0.2.77", "198.51.100.77", "203.0.113.77", "2001:db8::77");

    private static final int MOST_DOMAINS = 100;

    private RelayCheck() {}

    /// Lists the settings by which strangers can send through this system, a line each.
    static List<String> warnings(Config config) {
        var warnings = new ArrayList<String>();
        try {
            strangers(config, warnings);
            recipients(config, warnings);
            passes(config, warnings);
        } catch (TableException e) {
            warnings.add("whether strangers may relay cannot be tried: " + e.getMessage());
        }
        return warnings;
    }

    private static void strangers(Config config, List<String> warnings) throws TableException {
        var mynetworks = Networks.mynetworks(config);
        for (String address : STRANGERS) {
            if (mynetworks.contains(InetAddress.ofLiteral(address))) {
                warnings.add(
                        "mynetworks has strangers in it, such as "
                                + address
                                + ": an open relay, where a list says permit_mynetworks");
                return;
            }
        }
    }

    private static void recipients(Config config, List<String> warnings) throws TableException {
        var resolver = new Resolver(config, new Tables(config, _ -> {}));
        var plain = resolver.resolve("", "user@" + ELSEWHERE);
        if (plain.addressClass() != AddressClass.DEFAULT) {
            warnings.add(
                    parameter(plain) + " takes any domain, " + ELSEWHERE + " too: an open relay");
            return;
        }
        boolean untrusted = config.get(MainParams.ALLOW_UNTRUSTED_ROUTING);
        for (String domain : domains(config)) {
            for (String form : forms(domain)) {
                Resolved resolved = resolver.resolve("", form);
                if (resolved.isOurs(untrusted) && resolved.routed()) {
                    warnings.add(
                            "allow_untrusted_routing: strangers may write to "
                                    + form
                                    + ", which may be sent on to "
                                    + ELSEWHERE);
                    return;
                }
            }
        }
    }

    /// Warns of an access table that permits strangers before the restriction that would stop them.
    private static void passes(Config config, List<String> warnings) {
        if (RelaySafety.before(config, SmtpdParams.SMTPD_RECIPIENT_RESTRICTIONS).isPresent()) {
            return; // what the one list permits the other refuses
        }
        var tables = new Tables(config, _ -> {});
        var items =
                RelaySafety.before(config, SmtpdParams.SMTPD_RELAY_RESTRICTIONS).orElse(List.of());
        boolean anybody = config.get(SmtpdParams.PERMIT_MX_BACKUP_NETWORKS).isEmpty();
        for (var item : items) {
            if (anybody && item.name() == RestrictionName.PERMIT_MX_BACKUP) {
                warnings.add(
                        SmtpdParams.SMTPD_RELAY_RESTRICTIONS.name()
                                + ": permit_mx_backup without permit_mx_backup_networks takes any"
                                + " domain whose owner names this system as a mail exchanger");
            }
            for (String key : keys(item.name())) {
                if (permits(tables, item.argument(), key)) {
                    warnings.add(
                            SmtpdParams.SMTPD_RELAY_RESTRICTIONS.name()
                                    + ": "
                                    + item.name().word()
                                    + " "
                                    + item.argument()
                                    + " permits everything to strangers, such as "
                                    + key
                                    + ": an open relay");
                    return;
                }
            }
        }
    }

    private static List<String> keys(RestrictionName restriction) {
        if (restriction == RestrictionName.CHECK_CLIENT_ACCESS) {
            return STRANGERS;
        }
        if (restriction == RestrictionName.CHECK_HELO_ACCESS) {
            return List.of(ELSEWHERE);
        }
        return restriction == RestrictionName.CHECK_SENDER_ACCESS
                        || restriction == RestrictionName.CHECK_RECIPIENT_ACCESS
                ? List.of("user@" + ELSEWHERE)
                : List.of();
    }

    /// True if an access table's result for the key ends a list in favour of the client, as access(5) has it.
    private static boolean permits(Tables tables, String table, String key) {
        try {
            String result = tables.maps(List.of(table)).find(key).orElse("").strip();
            return result.equalsIgnoreCase("OK")
                    || result.equals("permit")
                    || (!result.isEmpty() && result.chars().allMatch(c -> c >= '0' && c <= '9'));
        } catch (TableException e) {
            return false; // TableCheck says so
        }
    }

    private static String parameter(Resolved resolved) {
        return switch (resolved.addressClass()) {
            case LOCAL -> "mydestination";
            case VIRTUAL_ALIAS -> "virtual_alias_domains";
            case VIRTUAL_MAILBOX -> "virtual_mailbox_domains";
            case RELAY, DEFAULT -> "relay_domains";
        };
    }

    private static List<String> forms(String domain) {
        return List.of(
                "user%" + ELSEWHERE + "@" + domain,
                ELSEWHERE + "!user@" + domain,
                "user@" + ELSEWHERE + "@" + domain,
                domain + "!user%" + ELSEWHERE,
                ELSEWHERE + "!user%" + domain);
    }

    /// Lists the domains that are written in main.cf itself.
    private static Set<String> domains(Config config) {
        var domains = new LinkedHashSet<String>();
        for (String name :
                List.of(
                        "mydestination",
                        "relay_domains",
                        "virtual_alias_domains",
                        "virtual_mailbox_domains")) {
            items(config, name).stream()
                    .filter(item -> item.matches("[A-Za-z0-9][A-Za-z0-9.-]*"))
                    .limit(MOST_DOMAINS)
                    .forEach(domains::add);
        }
        return domains;
    }

    private static List<String> items(Config config, String name) {
        try {
            return ParamType.Items.split(config.text(name));
        } catch (ValueException e) {
            return List.of(); // said already
        }
    }
}
