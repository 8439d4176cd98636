// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Digests of certificates and of their public keys (SubjectPublicKeyInfo), as `smtp_tls_fingerprint_cert_match` has them.
final class Fingerprints {
    private Fingerprints() {}

    /// True if one of these is the certificate's or its key's.
    ///
    /// @throws TlsException there is no such algorithm
    static boolean any(String algorithm, List<String> wanted, X509Certificate certificate)
            throws TlsException {
        try {
            Set<String> own =
                    Set.of(
                            digest(algorithm, certificate.getEncoded()),
                            digest(algorithm, certificate.getPublicKey().getEncoded()));
            for (String digest : wanted) {
                if (own.contains(digest.replace(":", "").toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
            return false;
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new TlsException(
                    "cannot take the fingerprint " + algorithm + ": " + e.getMessage(), e);
        }
    }

    private static String digest(String algorithm, byte[] bytes) throws NoSuchAlgorithmException {
        String name =
                switch (algorithm.toLowerCase(Locale.ROOT)) {
                    case "sha", "sha1" -> "SHA-1";
                    case "sha224" -> "SHA-224";
                    case "sha256" -> "SHA-256";
                    case "sha384" -> "SHA-384";
                    case "sha512" -> "SHA-512";
                    default -> algorithm;
                };
        return HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(bytes));
    }
}
