// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/// The certificate that a peer showed, in the words of log lines, header fields and tables.
///
/// @param name the common name (CN) of its subject; empty if there is none that can be shown
/// @param issuer the common name of its issuer, or else the organization; empty if there is neither
/// @param fingerprint the digest of the certificate: `A1:B2:...`
/// @param keyFingerprint the digest of its public key (SubjectPublicKeyInfo)
public record PeerCertificate(
        String name, String issuer, String fingerprint, String keyFingerprint) {
    private static final int MAX_NAME = 256;

    /// Describes a certificate.
    ///
    /// @param algorithm of the digests: `md5`, `sha1`, `sha256` ...
    /// @throws TlsException there is no such algorithm
    static PeerCertificate of(X509Certificate certificate, String algorithm) throws TlsException {
        String issuer = first(certificate.getIssuerX500Principal(), BCStyle.CN);
        return new PeerCertificate(
                first(certificate.getSubjectX500Principal(), BCStyle.CN),
                issuer.isEmpty() ? first(certificate.getIssuerX500Principal(), BCStyle.O) : issuer,
                Fingerprints.ofCertificate(algorithm, certificate),
                Fingerprints.ofKey(algorithm, certificate));
    }

    /// Reads the first value of a kind. One with control characters, or longer than a name may be, counts as none: what cannot be
    /// shown as it is must not be taken for another name.
    private static String first(X500Principal principal, ASN1ObjectIdentifier kind) {
        for (RDN rdn : X500Name.getInstance(principal.getEncoded()).getRDNs(kind)) {
            ASN1Encodable value = rdn.getFirst().getValue();
            if (value instanceof ASN1String string) {
                String text = string.getString();
                boolean plain = text.chars().noneMatch(Character::isISOControl);
                return plain && text.length() <= MAX_NAME ? text : "";
            }
        }
        return "";
    }
}
