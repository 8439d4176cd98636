// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.util.ByteNames;

/// The client's side of TLS: encrypts to whoever answers, and says how far its certificate can be trusted.
///
/// Opportunistic by nature: an unknown certificate does not end the handshake. Safe for use by several threads.
public final class TlsClient {
    private final Settings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SSLContext context; // guarded by lock
    private final Map<List<Path>, X509TrustManager> trusted = new HashMap<>(); // guarded by lock

    /// The settings of main.cf.
    ///
    /// @param authorities a PEM file with the certificates of trusted authorities, or a directory of such files, if there is one
    /// @param handed where those files are read that we may not open
    public record Settings(@Nullable Path authorities, HandedFiles handed) {}

    /// The proof that a server shall give; the proof that it gave stands in the session's [TlsSession.Trust].
    public sealed interface Proof {}

    /// A certificate of an authority, made out for one of these names.
    ///
    /// @param names host names, or `.domain` for any name below it
    /// @param anchors the files of the only authorities that count; empty for those of main.cf
    /// @param needed whether a file of authorities that cannot be read ends the handshake
    public record Certified(List<String> names, List<Path> anchors, boolean needed)
            implements Proof {}

    /// A certificate or public key with one of these digests, whoever issued it and however old.
    ///
    /// @param algorithm `md5`, `sha1`, `sha256`, `sha384`, `sha512`
    /// @param digests in hexadecimal, with or without colons
    public record Fingerprinted(String algorithm, List<String> digests) implements Proof {}

    /// The demands of a client on one handshake.
    ///
    /// @param serverName for SNI; not sent if it is not the name of a host
    /// @param protocols as in `smtp_tls_protocols`
    /// @param exclude ciphers not to be used, as in `smtp_tls_exclude_ciphers`
    public record Demand(String serverName, String protocols, String exclude, Proof proof) {}

    public TlsClient(Settings settings) {
        this.settings = settings;
    }

    /// Makes the handshake over a connected socket.
    ///
    /// A server that fails to prove what it shall does not end the handshake.
    ///
    /// @throws TlsException the handshake failed
    public TlsServer.Secured handshake(Socket plain, Demand demand) throws IOException {
        var socket =
                (SSLSocket)
                        context()
                                .getSocketFactory()
                                .createSocket(plain, demand.serverName(), plain.getPort(), true);
        socket.setUseClientMode(true);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(TlsProtocols.parse(demand.protocols()));
        parameters.setCipherSuites(
                CipherChoice.without(parameters.getCipherSuites(), demand.exclude()));
        if (isName(demand.serverName())) {
            parameters.setServerNames(List.of(new SNIHostName(demand.serverName())));
        }
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new TlsException("TLS handshake failed: " + e.getMessage(), e);
        }
        var chain = (X509Certificate[]) socket.getSession().getPeerCertificates();
        return new TlsServer.Secured(
                socket, TlsSession.of(socket.getSession(), trust(chain, demand.proof())));
    }

    /// A client with the authorities of `smtp_tls_CAfile` or `smtp_tls_CApath`.
    public static TlsClient of(Config config) {
        String file = config.get(TlsParams.SMTP_TLS_CAFILE);
        String authorities = file.isEmpty() ? config.get(TlsParams.SMTP_TLS_CAPATH) : file;
        return new TlsClient(
                new Settings(
                        authorities.isEmpty() ? null : ByteNames.path(authorities),
                        config.files()));
    }

    /// True if a text can be the name of a server in a handshake.
    static boolean isName(String host) {
        if (host.indexOf('.') < 0 || host.indexOf(':') >= 0) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c > 0x7f || (!Character.isLetterOrDigit(c) && c != '.' && c != '-')) {
                return false;
            }
        }
        char last = host.charAt(host.length() - 1);
        return last != '.' && !(last >= '0' && last <= '9');
    }

    private TlsSession.Trust trust(X509Certificate[] chain, Proof proof) throws TlsException {
        return switch (proof) {
            case Certified certified -> certified(chain, certified);
            case Fingerprinted(var algorithm, var digests) ->
                    Fingerprints.any(algorithm, digests, chain[0])
                            ? TlsSession.Trust.VERIFIED
                            : TlsSession.Trust.UNTRUSTED;
        };
    }

    private TlsSession.Trust certified(X509Certificate[] chain, Certified demand)
            throws TlsException {
        X509TrustManager manager;
        try {
            manager = authorities(demand.anchors());
        } catch (TlsException e) {
            if (demand.needed()) {
                throw e;
            }
            return TlsSession.Trust.UNTRUSTED;
        }
        if (manager == null) {
            return TlsSession.Trust.UNTRUSTED;
        }
        try {
            manager.checkServerTrusted(chain, "UNKNOWN");
        } catch (CertificateException e) {
            return TlsSession.Trust.UNTRUSTED;
        }
        for (String name : demand.names()) {
            if (Identities.covers(chain[0], name.toLowerCase(Locale.ROOT))) {
                return TlsSession.Trust.VERIFIED;
            }
        }
        return TlsSession.Trust.TRUSTED;
    }

    private SSLContext context() throws TlsException {
        lock.lock();
        try {
            var made = context;
            if (made == null) {
                made = SSLContext.getInstance("TLS");
                made.init(null, new TrustManager[] {new Anyone()}, null);
                context = made;
            }
            return made;
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /// The authorities in these files, or else those of main.cf; null if there are none.
    private @Nullable X509TrustManager authorities(List<Path> anchors) throws TlsException {
        Path usual = settings.authorities();
        if (anchors.isEmpty() && usual == null) {
            return null;
        }
        lock.lock();
        try {
            X509TrustManager known = trusted.get(anchors);
            if (known == null) {
                known = read(anchors.isEmpty() && usual != null ? pemFiles(usual) : anchors);
                trusted.put(List.copyOf(anchors), known);
            }
            return known;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private X509TrustManager read(List<Path> files) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (Path pem : files) {
            for (X509Certificate certificate : PemFiles.certificates(pem, settings.handed())) {
                store.setCertificateEntry("ca" + n++, certificate);
            }
        }
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no trust manager");
    }

    private static List<Path> pemFiles(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (var files = Files.list(path)) {
            return files.filter(f -> f.toString().endsWith(".pem")).sorted().toList();
        }
    }

    /// Lets every certificate pass; what it is worth is found out after the handshake.
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
