// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.tls.TlsClient;
import org.postino.tls.TlsLevel;

/// What TLS a destination is to have, complete: what its policy leaves open main.cf has said.
///
/// @param level none, may, encrypt, fingerprint, verify or secure
/// @param domain the host or domain in the destination
/// @param match the names that a certificate may have, or fingerprints
/// @param serverName for SNI: `hostname`, `nexthop`, a name; empty: as the level wants it
record TlsDemand(
        TlsLevel level,
        String domain,
        List<String> match,
        String protocols,
        String exclude,
        String serverName,
        String digest,
        List<Path> anchors) {

    TlsDemand {
        match = List.copyOf(match);
        anchors = List.copyOf(anchors);
    }

    static TlsDemand none(String domain) {
        return new TlsDemand(TlsLevel.NONE, domain, List.of(), "", "", "", "", List.of());
    }

    /// The same destination after its offer of TLS turned out to be broken.
    TlsDemand withoutTls() {
        return none(domain);
    }

    boolean isWanted() {
        return level != TlsLevel.NONE;
    }

    /// What to ask of this host in the handshake.
    TlsClient.Demand of(Target target) {
        String sni =
                switch (serverName) {
                    case "" -> level == TlsLevel.SECURE ? domain : target.host();
                    case "hostname" -> target.host();
                    case "nexthop" -> domain;
                    default -> serverName;
                };
        return new TlsClient.Demand(sni, protocols, exclude, proof(target));
    }

    private TlsClient.Proof proof(Target target) {
        if (level == TlsLevel.FINGERPRINT) {
            return new TlsClient.Fingerprinted(digest, match);
        }
        if (!level.needsProof()) {
            return new TlsClient.Certified(List.of(target.host()), List.of(), false);
        }
        var names = new ArrayList<String>();
        for (String strategy : match) {
            names.add(
                    switch (strategy.toLowerCase(Locale.ROOT)) {
                        case "nexthop" -> domain;
                        case "dot-nexthop" -> "." + domain;
                        case "hostname" -> target.host();
                        default -> strategy;
                    });
        }
        return new TlsClient.Certified(names, anchors, true);
    }
}
