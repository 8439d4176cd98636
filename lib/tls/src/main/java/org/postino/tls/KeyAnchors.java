// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Public keys that count as authorities, whatever name they bear: those in a file of trust anchors. Safe for use by several threads.
final class KeyAnchors {
    /// The purposes of a certificate that a server may show (RFC 5280, 4.2.1.12).
    private static final Set<String> SERVER = Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    private final List<PublicKey> keys;
    private final int depth;

    /// @param depth how many certificates may stand between that of an authority and that of the server
    KeyAnchors(List<PublicKey> keys, int depth) {
        this.keys = List.copyOf(keys);
        this.depth = depth;
    }

    /// True if one of the keys is that of a certificate in a server's chain, or has signed one, and the chain is good up to there.
    boolean vouchFor(X509Certificate[] chain) {
        for (PublicKey key : keys) {
            for (int i = 0; i < chain.length && i <= depth + 1; i++) {
                X509Certificate top = chain[i];
                boolean own = top.getPublicKey().equals(key);
                if (own && isGood(chain, i, subject(top, key))) {
                    return true;
                }
                if (!own && i <= depth && isGood(chain, i + 1, issuer(top, key))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static TrustAnchor subject(X509Certificate certificate, PublicKey key) {
        return new TrustAnchor(certificate.getSubjectX500Principal(), key, null);
    }

    private static TrustAnchor issuer(X509Certificate certificate, PublicKey key) {
        return new TrustAnchor(certificate.getIssuerX500Principal(), key, null);
    }

    /// True if the first `count` certificates lead up to the anchor; without any the server's own key is the anchor.
    private static boolean isGood(X509Certificate[] chain, int count, TrustAnchor anchor) {
        try {
            chain[0].checkValidity();
            List<String> purposes = chain[0].getExtendedKeyUsage();
            if (purposes != null && purposes.stream().noneMatch(SERVER::contains)) {
                return false;
            }
            if (count == 0) {
                return true;
            }
            var path =
                    CertificateFactory.getInstance("X.509")
                            .generateCertPath(Arrays.asList(chain).subList(0, count));
            var parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
