// SPDX-License-Identifier: Apache-2.0

package org.postino.net.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
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
import org.postino.global.config.Config;
import org.postino.global.config.HandedFiles;
import org.postino.global.config.TlsParams;

/// The client's side of TLS: encrypts to whoever answers, and says how far its certificate can be trusted.
///
/// Opportunistic by nature: an unknown certificate does not end the handshake. Safe for use by several threads.
public final class TlsClient {
    private final Settings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SSLContext context; // guarded by lock
    private @Nullable X509TrustManager trusted; // guarded by lock

    /// What main.cf says.
    ///
    /// @param authorities a PEM file with the certificates of trusted authorities, or a directory of such files, if there is one
    /// @param protocols as in `smtp_tls_protocols`
    /// @param handed where those files are read that we may not open
    public record Settings(@Nullable Path authorities, String protocols, HandedFiles handed) {
        public Settings(@Nullable Path authorities, String protocols) {
            this(authorities, protocols, HandedFiles.NONE);
        }
    }

    public TlsClient(Settings settings) {
        this.settings = settings;
    }

    /// Makes the handshake over a connected socket.
    ///
    /// @param host the server's name, for SNI; may be an address or empty
    /// @throws TlsException the handshake failed
    public TlsServer.Secured handshake(Socket plain, String host) throws IOException {
        var socket =
                (SSLSocket)
                        context()
                                .getSocketFactory()
                                .createSocket(plain, host, plain.getPort(), true);
        socket.setUseClientMode(true);
        socket.setEnabledProtocols(TlsProtocols.parse(settings.protocols()));
        var parameters = socket.getSSLParameters();
        if (isName(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new TlsException("TLS handshake failed: " + e.getMessage(), e);
        }
        return new TlsServer.Secured(
                socket, TlsSession.of(socket.getSession(), trust(socket, host)));
    }

    /// A client as `smtp_tls_*` say; `mandatory` if the level demands encryption.
    public static TlsClient of(Config config, boolean mandatory) {
        String file = config.get(TlsParams.SMTP_TLS_CAFILE);
        String authorities = file.isEmpty() ? config.get(TlsParams.SMTP_TLS_CAPATH) : file;
        List<String> protocols =
                config.get(
                        mandatory
                                ? TlsParams.SMTP_TLS_MANDATORY_PROTOCOLS
                                : TlsParams.SMTP_TLS_PROTOCOLS);
        return new TlsClient(
                new Settings(
                        authorities.isEmpty() ? null : Path.of(authorities),
                        String.join(" ", protocols),
                        config.files()));
    }

    private static boolean isName(String host) {
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

    private TlsSession.Trust trust(SSLSocket socket, String host) throws IOException {
        lock.lock();
        try {
            var manager = trusted;
            if (manager == null) {
                return TlsSession.Trust.UNTRUSTED;
            }
            var chain = (X509Certificate[]) socket.getSession().getPeerCertificates();
            manager.checkServerTrusted(chain, "UNKNOWN");
            return Identities.covers(chain[0], host.toLowerCase(Locale.ROOT))
                    ? TlsSession.Trust.VERIFIED
                    : TlsSession.Trust.TRUSTED;
        } catch (CertificateException e) {
            return TlsSession.Trust.UNTRUSTED;
        } finally {
            lock.unlock();
        }
    }

    private SSLContext context() throws TlsException {
        lock.lock();
        try {
            var made = context;
            if (made == null) {
                made = SSLContext.getInstance("TLS");
                made.init(null, new TrustManager[] {new Anyone()}, null);
                trusted = authorities();
                context = made;
            }
            return made;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable X509TrustManager authorities() throws GeneralSecurityException, IOException {
        Path file = settings.authorities();
        if (file == null) {
            return null;
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (Path pem : pemFiles(file)) {
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
        return null;
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
