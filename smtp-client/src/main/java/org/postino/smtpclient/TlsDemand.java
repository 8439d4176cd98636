// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.tls.Ciphers;
import org.postino.tls.TlsClient;
import org.postino.tls.TlsLevel;

/// The TLS that a destination demands. It is complete: main.cf has filled in everything that the destination's policy leaves
/// open.
///
/// @param level none, may, encrypt, fingerprint, verify or secure
/// @param domain the host or domain in the destination
/// @param match the names that a certificate may have, or fingerprints
/// @param serverName for SNI: `hostname`, `nexthop` or a name; if empty, the domain for level secure and else the host
record TlsDemand(
        TlsLevel level,
        String domain,
        List<String> match,
        String protocols,
        Ciphers ciphers,
        String serverName,
        String digest,
        List<Path> anchors) {

    TlsDemand {
        match = List.copyOf(match);
        anchors = List.copyOf(anchors);
    }

    static TlsDemand none(String domain) {
        return new TlsDemand(TlsLevel.NONE, domain, List.of(), "", Ciphers.ALL, "", "", List.of());
    }

    /// Returns the demand for a second attempt without TLS, after the server's offer of TLS turned out to be broken.
    TlsDemand withoutTls() {
        return none(domain);
    }

    boolean isWanted() {
        return level != TlsLevel.NONE;
    }

    /// Returns the demand on one host, as the handshake needs it.
    TlsClient.Demand of(Target target) {
        String sni =
                switch (serverName) {
                    case "" -> level == TlsLevel.SECURE ? domain : target.host();
                    case "hostname" -> target.host();
                    case "nexthop" -> domain;
                    default -> serverName;
                };
        return new TlsClient.Demand(sni, protocols, ciphers, level.isMandatory(), proof(target));
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
