// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Digests of certificates and of their public keys (SubjectPublicKeyInfo), as `smtp_tls_fingerprint_cert_match` has them.
final class Fingerprints {
    private static final HexFormat FORM = HexFormat.ofDelimiter(":").withUpperCase();

    private Fingerprints() {}

    /// True if one of these is the certificate's or its key's; with or without colons, in letters of either case.
    ///
    /// @throws TlsException there is no such algorithm
    static boolean any(String algorithm, List<String> wanted, X509Certificate certificate)
            throws TlsException {
        String whole = plain(ofCertificate(algorithm, certificate));
        String key = plain(ofKey(algorithm, certificate));
        for (String digest : wanted) {
            String plain = plain(digest);
            if (plain.equals(whole) || plain.equals(key)) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String digest) {
        return digest.replace(":", "").toLowerCase(Locale.ROOT);
    }

    /// The digest of a certificate: `A1:B2:...`.
    ///
    /// @throws TlsException there is no such algorithm
    static String ofCertificate(String algorithm, X509Certificate certificate) throws TlsException {
        try {
            return digest(algorithm, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new TlsException("cannot read a certificate: " + e.getMessage(), e);
        }
    }

    /// The digest of a certificate's public key.
    ///
    /// @throws TlsException there is no such algorithm
    static String ofKey(String algorithm, X509Certificate certificate) throws TlsException {
        return digest(algorithm, certificate.getPublicKey().getEncoded());
    }

    private static String digest(String algorithm, byte[] bytes) throws TlsException {
        String name =
                switch (algorithm.toLowerCase(Locale.ROOT)) {
                    case "sha", "sha1" -> "SHA-1";
                    case "sha224" -> "SHA-224";
                    case "sha256" -> "SHA-256";
                    case "sha384" -> "SHA-384";
                    case "sha512" -> "SHA-512";
                    default -> algorithm;
                };
        try {
            return FORM.formatHex(MessageDigest.getInstance(name).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new TlsException(
                    "cannot take the fingerprint " + algorithm + ": " + e.getMessage(), e);
        }
    }
}
