// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The names of smtpd's restrictions, so that a misspelt one is found when main.cf is checked and not when a client comes.
///
/// smtpd's own catalogue is tested against these lists.
public final class RestrictionNames {
    /// Parameters that are lists of restrictions.
    public static final Set<String> PARAMETERS =
            Set.of(
                    "smtpd_client_restrictions",
                    "smtpd_helo_restrictions",
                    "smtpd_sender_restrictions",
                    "smtpd_relay_restrictions",
                    "smtpd_recipient_restrictions",
                    "smtpd_data_restrictions",
                    "smtpd_end_of_data_restrictions");

    /// Restrictions without argument.
    public static final Set<String> PLAIN =
            Set.of(
                    "defer",
                    "defer_if_permit",
                    "defer_if_reject",
                    "defer_unauth_destination",
                    "permit",
                    "permit_auth_destination",
                    "permit_inet_interfaces",
                    "permit_mynetworks",
                    "permit_sasl_authenticated",
                    "reject",
                    "reject_authenticated_sender_login_mismatch",
                    "reject_invalid_helo_hostname",
                    "reject_known_sender_login_mismatch",
                    "reject_multi_recipient_bounce",
                    "reject_non_fqdn_helo_hostname",
                    "reject_non_fqdn_recipient",
                    "reject_non_fqdn_sender",
                    "reject_plaintext_session",
                    "reject_sender_login_mismatch",
                    "reject_unauth_destination",
                    "reject_unauth_pipelining",
                    "reject_unauthenticated_sender_login_mismatch",
                    "reject_unknown_client_hostname",
                    "reject_unknown_helo_hostname",
                    "reject_unknown_recipient_domain",
                    "reject_unknown_reverse_client_hostname",
                    "reject_unknown_sender_domain",
                    "reject_unlisted_recipient",
                    "reject_unlisted_sender",
                    "warn_if_reject");

    /// Restrictions with a table as argument.
    public static final Set<String> WITH_TABLE =
            Set.of(
                    "check_client_access",
                    "check_helo_access",
                    "check_recipient_access",
                    "check_sasl_access",
                    "check_sender_access");

    /// What restrictions are called now, by the names that they had before Postfix 2.3, and that it still takes.
    private static final Map<String, String> OLD =
            Map.of(
                    "check_recipient_maps", "reject_unlisted_recipient",
                    "reject_invalid_hostname", "reject_invalid_helo_hostname",
                    "reject_non_fqdn_hostname", "reject_non_fqdn_helo_hostname",
                    "reject_unknown_client", "reject_unknown_client_hostname",
                    "reject_unknown_hostname", "reject_unknown_helo_hostname");

    /// Restrictions with a domain, a service or a number as argument that other systems have and this one has not, or not yet.
    private static final Set<String> MISSING_WITH_ARGUMENT =
            Set.of(
                    "check_policy_service",
                    "permit_dnswl_client",
                    "permit_rhswl_client",
                    "reject_rbl_client",
                    "reject_rhsbl_client",
                    "reject_rhsbl_helo",
                    "reject_rhsbl_recipient",
                    "reject_rhsbl_reverse_client",
                    "reject_rhsbl_sender",
                    "sleep");

    /// The others that are not there, or not yet.
    private static final Set<String> MISSING =
            Set.of(
                    "check_ccert_access",
                    "check_client_a_access",
                    "check_client_mx_access",
                    "check_client_ns_access",
                    "check_helo_a_access",
                    "check_helo_mx_access",
                    "check_helo_ns_access",
                    "check_recipient_a_access",
                    "check_recipient_mx_access",
                    "check_recipient_ns_access",
                    "check_reverse_client_hostname_access",
                    "check_sender_a_access",
                    "check_sender_mx_access",
                    "check_sender_ns_access",
                    "permit_mx_backup",
                    "permit_naked_ip_address",
                    "permit_tls_all_clientcerts",
                    "permit_tls_clientcerts",
                    "reject_maps_rbl",
                    "reject_unknown_forward_client_hostname",
                    "reject_unverified_recipient",
                    "reject_unverified_sender");

    private RestrictionNames() {}

    /// The name that a restriction has now; the same unless it is an old one.
    ///
    /// @param name in small letters
    public static String current(String name) {
        return OLD.getOrDefault(name, name);
    }

    /// What is wrong with a list of restrictions, to follow "parameter NAME = ...: "; empty if nothing is.
    ///
    /// @param classes the names in `smtpd_restriction_classes`
    public static Optional<String> problem(List<String> items, List<String> classes) {
        var problems = new ArrayList<String>();
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i);
            String name = current(item.toLowerCase(Locale.ROOT));
            if (classes.contains(item) || PLAIN.contains(name)) {
                continue;
            }
            if (MISSING_WITH_ARGUMENT.contains(name)) {
                problems.add(unsupported(name));
                i++; // its argument is no restriction
                continue;
            }
            if (!WITH_TABLE.contains(name)) {
                if (item.indexOf(':') < 0) {
                    problems.add(unknown(name, classes));
                }
            } else if (i + 1 == items.size() || items.get(i + 1).indexOf(':') < 0) {
                problems.add(name + " needs a table, type:name");
            } else {
                i++;
            }
        }
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    private static String unsupported(String name) {
        return "restriction " + name + " is not supported by this version";
    }

    private static String unknown(String name, List<String> classes) {
        if (MISSING.contains(name)) {
            return unsupported(name);
        }
        var known = new TreeSet<>(PLAIN);
        known.addAll(WITH_TABLE);
        known.addAll(classes);
        return "unknown restriction "
                + name
                + Suggest.nearest(name, known).map(k -> ", did you mean " + k + "?").orElse("");
    }
}
