// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.postino.config.HandedFiles;

/// The authorities whose certificates count, and the length of the chains up to them. Safe for use by several threads.
final class Authorities {
    /// The links that `openssl rehash` makes in a directory.
    private static final Pattern HASHED = Pattern.compile("[0-9a-f]{8}\\.[0-9]+");

    /// Lists of authorities that systems come with.
    private static final List<Path> OF_SYSTEM =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/cert.pem"));

    private final @Nullable X509TrustManager manager;
    private final List<X509Certificate> anchors;
    private final int depth;
    private final KeyAnchors keys;

    private Authorities(
            @Nullable X509TrustManager manager,
            List<X509Certificate> anchors,
            int depth,
            KeyAnchors keys) {
        this.manager = manager;
        this.anchors = List.copyOf(anchors);
        this.depth = depth;
        this.keys = keys;
    }

    /// Makes authorities of certificates.
    ///
    /// @param depth how many certificates may stand between that of an authority and that of the peer
    static Authorities of(List<X509Certificate> certificates, int depth) throws TlsException {
        var none = new KeyAnchors(List.of(), depth);
        if (certificates.isEmpty()) {
            return new Authorities(null, certificates, depth, none);
        }
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("ca" + i, certificates.get(i));
            }
            var parameters = new PKIXBuilderParameters(store, new X509CertSelector());
            // The limit for chains that must be built; complete ones are measured by isLong.
            parameters.setMaxPathLength(depth);
            parameters.setRevocationEnabled(false);
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            for (TrustManager made : factory.getTrustManagers()) {
                if (made instanceof X509TrustManager x509) {
                    return new Authorities(x509, certificates, depth, none);
                }
            }
            throw new GeneralSecurityException("no trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /// These authorities, and others of which only the public keys are known, in PEM files; they vouch for servers.
    Authorities withKeys(List<Path> files, HandedFiles handed) throws TlsException {
        var found = new ArrayList<PublicKey>();
        for (Path file : files) {
            found.addAll(PemFiles.publicKeys(file, handed));
        }
        return new Authorities(manager, anchors, depth, new KeyAnchors(found, depth));
    }

    /// Reads the certificates in these files and directories. In a directory those count that end in `.pem`, and the links that
    /// `openssl rehash` makes.
    static List<X509Certificate> read(List<Path> places, HandedFiles handed) throws TlsException {
        Set<X509Certificate> found = new LinkedHashSet<>();
        for (Path place : places) {
            for (Path file : files(place)) {
                found.addAll(PemFiles.certificates(file, handed));
            }
        }
        return List.copyOf(found);
    }

    private static List<Path> files(Path place) throws TlsException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        var files = new ArrayList<Path>();
        try (var all = Files.newDirectoryStream(place)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".pem") || HASHED.matcher(name).matches()) {
                    files.add(file);
                }
            }
        } catch (IOException e) {
            throw new TlsException("cannot read " + place + ": " + e.getMessage(), e);
        }
        files.sort(null);
        return files;
    }

    /// Lists the files that the system's own authorities stand in: one, or none if they are somewhere else.
    static List<Path> ofSystem() {
        return OF_SYSTEM.stream().filter(Files::exists).limit(1).toList();
    }

    /// Says why the certificate of a server has no good chain to an authority; null if it has one.
    @Nullable String doubtServer(X509Certificate[] chain) {
        String doubt = doubt(chain, true);
        return doubt != null && keys.vouchFor(chain) ? null : doubt;
    }

    /// Says why the certificate of a client has no good chain to an authority; null if it has one.
    @Nullable String doubtClient(X509Certificate[] chain) {
        return doubt(chain, false);
    }

    private @Nullable String doubt(X509Certificate[] chain, boolean server) {
        if (manager == null) {
            return "no authority is known";
        }
        try {
            if (server) {
                manager.checkServerTrusted(chain, "UNKNOWN");
            } else {
                manager.checkClientTrusted(chain, "UNKNOWN");
            }
            return isLong(chain) ? "certificate chain too long" : null;
        } catch (CertificateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// True if more certificates than allowed stand between that of the peer and that of an authority.
    private boolean isLong(X509Certificate[] chain) {
        X509Certificate at = chain[0];
        for (int between = 0; between <= depth && between < chain.length; between++) {
            if (isAnchored(at)) {
                return false;
            }
            X509Certificate next = issuer(at, chain);
            if (next == null) {
                return false; // the way up was found without the peer's help, and measured there
            }
            at = next;
        }
        return true;
    }

    private boolean isAnchored(X509Certificate certificate) {
        return anchors.contains(certificate)
                || anchors.stream().anyMatch(anchor -> isIssuer(anchor, certificate));
    }

    private static @Nullable X509Certificate issuer(X509Certificate of, X509Certificate[] chain) {
        for (X509Certificate other : chain) {
            if (!other.equals(of) && isIssuer(other, of)) {
                return other;
            }
        }
        return null;
    }

    private static boolean isIssuer(X509Certificate one, X509Certificate of) {
        if (!one.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
            return false;
        }
        try {
            of.verify(one.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
