// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.MainCf;
import org.postino.config.MasterCf;
import org.postino.config.Problem;

/// Parameters that go on working under the names that they had once, and what to set in their place.
public final class OldNames {
    private static final Map<String, String> INSTEAD =
            Map.ofEntries(
                    Map.entry("fallback_relay", "smtp_fallback_relay"),
                    Map.entry("lmtp_enforce_tls", "lmtp_tls_security_level"),
                    Map.entry("lmtp_use_tls", "lmtp_tls_security_level"),
                    Map.entry("postscreen_blacklist_action", "postscreen_denylist_action"),
                    Map.entry("postscreen_dnsbl_ttl", "postscreen_dnsbl_max_ttl"),
                    Map.entry(
                            "postscreen_dnsbl_whitelist_threshold",
                            "postscreen_dnsbl_allowlist_threshold"),
                    Map.entry("postscreen_enforce_tls", "postscreen_tls_security_level"),
                    Map.entry("postscreen_use_tls", "postscreen_tls_security_level"),
                    Map.entry("postscreen_whitelist_interfaces", "postscreen_allowlist_interfaces"),
                    Map.entry("smtp_enforce_tls", "smtp_tls_security_level"),
                    Map.entry("smtp_use_tls", "smtp_tls_security_level"),
                    Map.entry("smtpd_enforce_tls", "smtpd_tls_security_level"),
                    Map.entry("smtpd_use_tls", "smtpd_tls_security_level"),
                    Map.entry("virtual_maps", "virtual_alias_maps"));

    private OldNames() {}

    /// The warnings about old names that main.cf or a row of master.cf sets, in Postfix's words.
    public static List<Problem> warnings(MainCf main, MasterCf master) {
        var warnings = new ArrayList<Problem>();
        for (var setting : main.settings().values()) {
            String text = warning(setting.name());
            if (text != null) {
                warnings.add(new Problem(setting.file(), setting.line(), text));
            }
        }
        for (var row : master.rows()) {
            for (var override : row.overrides()) {
                String text = warning(override.substring(0, override.indexOf('=')));
                if (text != null) {
                    warnings.add(new Problem(master.file(), row.line(), text));
                }
            }
        }
        return warnings;
    }

    private static @Nullable String warning(String name) {
        String instead = INSTEAD.get(name);
        return instead == null
                ? null
                : "support for parameter \""
                        + name
                        + "\" will be removed; instead, specify \""
                        + instead
                        + "\"";
    }
}
