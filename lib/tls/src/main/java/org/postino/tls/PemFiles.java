// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.jspecify.annotations.Nullable;
import org.postino.config.HandedFiles;

/// Keys and certificate chains out of PEM files, in whatever order they stand there.
///
/// Keys may be PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`), not encrypted.
final class PemFiles {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";

    private PemFiles() {}

    /// A private key and the certificates that vouch for it, its own first.
    record Identity(PrivateKey key, List<X509Certificate> chain) {}

    private record Block(String label, String text) {
        byte[] der() {
            return Base64.getMimeDecoder().decode(text);
        }

        String pem() {
            return BEGIN + label + "-----\n" + text + END + label + "-----\n";
        }
    }

    /// Every private key of the files with its certificates.
    ///
    /// @throws TlsException a file can't be read or understood, a key lacks its certificate, or there is no key
    static List<Identity> identities(List<Path> files, HandedFiles handed) throws TlsException {
        var pool = new Pool(files.toString());
        for (Path file : files) {
            try {
                pool.add(blocks(handed.placeOf(file)));
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                throw new TlsException("cannot use " + file + ": " + reason(e), e);
            }
        }
        return pool.identities();
    }

    /// Every private key of a PEM text with its certificates.
    ///
    /// @param where names the text in messages
    /// @throws TlsException the text can't be understood, a key lacks its certificate, or there is no key
    static List<Identity> identities(String text, String where) throws TlsException {
        var pool = new Pool(where);
        try {
            pool.add(blocks(text.lines().toList()));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException("cannot use " + where + ": " + reason(e), e);
        }
        return pool.identities();
    }

    /// The keys and certificates of some files, in any order.
    private static final class Pool {
        private final List<PrivateKey> keys = new ArrayList<>();
        private final List<X509Certificate> certificates = new ArrayList<>();
        private final String where;

        Pool(String where) {
            this.where = where;
        }

        void add(List<Block> blocks) throws IOException, GeneralSecurityException {
            for (Block block : blocks) {
                if (block.label().endsWith("PRIVATE KEY")) {
                    keys.add(key(block));
                } else if (block.label().endsWith("CERTIFICATE")) {
                    certificates.add(certificate(block));
                }
            }
        }

        List<Identity> identities() throws TlsException {
            var identities = new ArrayList<Identity>();
            for (PrivateKey key : keys) {
                identities.add(new Identity(key, chain(key, certificates, where)));
            }
            if (identities.isEmpty()) {
                throw new TlsException("no private key in " + where);
            }
            return identities;
        }
    }

    /// The certificates of a file, as of `smtp_tls_CAfile`.
    static List<X509Certificate> certificates(Path file, HandedFiles handed) throws TlsException {
        var certificates = new ArrayList<X509Certificate>();
        try {
            for (Block block : blocks(handed.placeOf(file))) {
                if (block.label().endsWith("CERTIFICATE")) {
                    certificates.add(certificate(block));
                }
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException("cannot use " + file + ": " + reason(e), e);
        }
        return certificates;
    }

    /// The public keys of a file that stand there without a certificate.
    static List<PublicKey> publicKeys(Path file, HandedFiles handed) throws TlsException {
        var keys = new ArrayList<PublicKey>();
        try {
            for (Block block : blocks(handed.placeOf(file))) {
                if (block.label().equals("PUBLIC KEY")) {
                    keys.add(publicKey(block.der()));
                }
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException("cannot use " + file + ": " + reason(e), e);
        }
        return keys;
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // Another kind of key: the next one is tried.
            }
        }
        throw new GeneralSecurityException("public key of an unknown kind");
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException
                ? "No such file or directory"
                : String.valueOf(e.getMessage());
    }

    private static List<Block> blocks(Path file) throws IOException {
        return blocks(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    }

    private static List<Block> blocks(List<String> lines) {
        var blocks = new ArrayList<Block>();
        String label = "";
        var text = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith(BEGIN) && line.stripTrailing().endsWith("-----")) {
                String whole = line.stripTrailing();
                label = whole.substring(BEGIN.length(), whole.length() - 5);
                text.setLength(0);
            } else if (line.startsWith(END + label) && !label.isEmpty()) {
                blocks.add(new Block(label, text.toString()));
                label = "";
            } else {
                text.append(line).append('\n');
            }
        }
        return blocks;
    }

    private static X509Certificate certificate(Block block) throws GeneralSecurityException {
        var made =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.der()));
        if (made instanceof X509Certificate certificate) {
            return certificate;
        }
        throw new GeneralSecurityException("not an X.509 certificate");
    }

    private static PrivateKey key(Block block) throws IOException, GeneralSecurityException {
        if (block.label().startsWith("ENCRYPTED") || block.text().contains("ENCRYPTED")) {
            throw new GeneralSecurityException("the private key is encrypted");
        }
        byte[] pkcs8 = block.label().equals("PRIVATE KEY") ? block.der() : converted(block);
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                // Another kind of key: the next one is tried.
            }
        }
        throw new GeneralSecurityException("private key of an unknown kind");
    }

    private static byte[] converted(Block block) throws IOException {
        try (var parser = new PEMParser(new StringReader(block.pem()))) {
            return switch (parser.readObject()) {
                case PEMKeyPair pair -> pair.getPrivateKeyInfo().getEncoded();
                case PrivateKeyInfo info -> info.getEncoded();
                case null, default -> throw new IOException("no private key");
            };
        }
    }

    private static List<X509Certificate> chain(
            PrivateKey key, List<X509Certificate> certificates, String where) throws TlsException {
        X509Certificate leaf = null;
        for (X509Certificate certificate : certificates) {
            if (belongs(key, certificate.getPublicKey())) {
                leaf = certificate;
                break;
            }
        }
        if (leaf == null) {
            throw new TlsException("no certificate for the private key in " + where);
        }
        var chain = new ArrayList<>(List.of(leaf));
        X509Certificate next = issuer(leaf, certificates);
        while (next != null && !chain.contains(next)) {
            chain.add(next);
            next = issuer(next, certificates);
        }
        return List.copyOf(chain);
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate of, List<X509Certificate> certificates) {
        for (X509Certificate certificate : certificates) {
            if (certificate.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
                return certificate;
            }
        }
        return null;
    }

    private static boolean belongs(PrivateKey key, PublicKey open) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> "EdDSA";
                };
        try {
            byte[] sample = "Does this key belong to that one?".getBytes(StandardCharsets.US_ASCII);
            var sign = Signature.getInstance(algorithm);
            sign.initSign(key);
            sign.update(sample);
            byte[] signature = sign.sign();
            var check = Signature.getInstance(algorithm);
            check.initVerify(open);
            check.update(sample);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
