// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import org.postino.global.table.Maps;
import org.postino.global.table.TableException;

/// How much TLS a destination is to have: `smtp_tls_policy_maps`, or else `smtp_tls_security_level`.
final class TlsPolicy {
    private final Settings.Level usual;
    private final Maps maps;

    TlsPolicy(Settings.Level usual, Maps maps) {
        this.usual = usual;
        this.maps = maps;
    }

    /// The level for a destination, found by its text (`[host]:port`) or by its host or domain.
    Settings.Level level(Nexthop site) throws TableException {
        if (maps.isEmpty()) {
            return usual;
        }
        var found = maps.find(site.text());
        if (found.isEmpty()) {
            found = maps.find(site.host());
        }
        return found.map(text -> Settings.Level.parse(text.strip().split("\\s+", 2)[0]))
                .orElse(usual);
    }
}
