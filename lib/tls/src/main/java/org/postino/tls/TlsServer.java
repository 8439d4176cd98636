// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.server.SocketLayer;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's side of TLS, for STARTTLS and for wrapper mode. Safe for use by several threads.
///
/// Keys and certificates are read at the first handshake and again when a file has changed;
/// a changed file that can't be used leaves the old ones in force, with a warning.
public final class TlsServer implements SocketLayer {
    private static final Logger LOG = LoggerFactory.getLogger(TlsServer.class);

    private final Settings settings;
    private final @Nullable ClientCertificates clients;
    private final @Nullable NamedIdentities named;
    private final WatchedContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String
            trouble; // what was said last about keys that can't be used; guarded by lock

    /// The settings of main.cf.
    ///
    /// @param files PEM files with keys and certificates, in any order
    /// @param protocols as in `smtpd_tls_protocols`: `>=TLSv1.2`
    /// @param groups for the agreement on keys, in the Java machine's names; empty for all that it has
    /// @param ownOrder whether our order of ciphers counts, and not the client's
    /// @param names certificates by server name; null if there is no table of them
    /// @param directory with a file of keys and chains for each server name; null if there is none
    /// @param handed where files are read that we may not open
    public record Settings(
            List<Path> files,
            String protocols,
            Ciphers ciphers,
            List<String> groups,
            boolean ownOrder,
            @Nullable ServerNames names,
            @Nullable Path directory,
            HandedFiles handed) {
        public Settings {
            files = List.copyOf(files);
            groups = List.copyOf(groups);
        }

        public Settings(List<Path> files, String protocols) {
            this(files, protocols, Ciphers.ALL, List.of(), false, null, null, HandedFiles.NONE);
        }
    }

    public TlsServer(Settings settings) {
        this(settings, null);
    }

    private TlsServer(Settings settings, @Nullable ClientCertificates clients) {
        this.settings = settings;
        this.clients = clients;
        named =
                settings.names() == null && settings.directory() == null
                        ? null
                        : new NamedIdentities(
                                settings.names(), settings.directory(), settings.handed());
        context = new WatchedContext(settings.files(), settings.handed(), this::context);
    }

    /// A server like this one that asks clients for certificates, if main.cf wants it.
    ///
    /// @param mandatory whether clients cannot do without TLS
    public TlsServer askingClients(Config config, boolean mandatory) {
        return new TlsServer(settings, ClientCertificates.of(config, mandatory));
    }

    /// `none`, `may` or `encrypt`: what `smtpd_tls_security_level` says or, if it is not set, what it was before Postfix 2.3.
    public static String level(Config config) {
        String level = config.get(TlsParams.SMTPD_TLS_SECURITY_LEVEL);
        if (!level.isEmpty()) {
            return level;
        }
        if (config.get(TlsParams.SMTPD_ENFORCE_TLS)) {
            return "encrypt";
        }
        return config.get(TlsParams.SMTPD_USE_TLS) ? "may" : "none";
    }

    /// The server's side as `smtpd_tls_*` set it; imapd and pop3d use the same keys.
    ///
    /// @param mandatory whether the protocols are those of sessions that must be encrypted
    /// @param names the table of `tls_server_sni_maps`; null if that is empty
    public static TlsServer of(Config config, boolean mandatory, @Nullable ServerNames names) {
        TlsOptions.apply(config);
        List<String> protocols =
                config.get(
                        mandatory
                                ? TlsParams.SMTPD_TLS_MANDATORY_PROTOCOLS
                                : TlsParams.SMTPD_TLS_PROTOCOLS);
        String directory = config.get(TlsParams.TLS_SERVER_SNI_DIRECTORY);
        return new TlsServer(
                new Settings(
                        files(
                                config.get(TlsParams.SMTPD_TLS_CHAIN_FILES),
                                List.of(
                                        config.get(TlsParams.SMTPD_TLS_CERT_FILE),
                                        config.get(TlsParams.SMTPD_TLS_KEY_FILE),
                                        config.get(TlsParams.SMTPD_TLS_ECCERT_FILE),
                                        config.get(TlsParams.SMTPD_TLS_ECKEY_FILE))),
                        String.join(" ", protocols),
                        Ciphers.ofServer(config, mandatory),
                        NamedGroups.ofServer(config),
                        config.get(TlsParams.TLS_PREEMPT_CIPHERLIST),
                        names,
                        directory.isEmpty() ? null : ByteNames.path(directory),
                        config.files()));
    }

    /// Lists the files of keys and certificates: `chain_files` or, if there are none, the others.
    static List<Path> files(List<String> chainFiles, List<String> others) {
        var files = new LinkedHashSet<Path>();
        for (String file : chainFiles.isEmpty() ? others : chainFiles) {
            if (!file.isEmpty() && !file.equals("none")) {
                files.add(ByteNames.path(file));
            }
        }
        return List.copyOf(files);
    }

    /// True if there are key and certificate files at all: otherwise TLS is not to be offered.
    public boolean isConfigured() {
        return !settings.files().isEmpty();
    }

    /// Reads keys and certificates now, so that `check` finds what is wrong with them.
    ///
    /// @throws TlsException they can't be used; the message names the file
    public void check() throws TlsException {
        PemFiles.identities(settings.files(), settings.handed());
    }

    /// Reads files of keys and certificates that belong together.
    ///
    /// @param handed where files are read that lie elsewhere
    /// @throws TlsException they can't be used; the message names the file
    public static void check(List<Path> files, HandedFiles handed) throws TlsException {
        PemFiles.identities(files, handed);
    }

    /// True if a handshake can be made: if the keys can't be read, TLS is not to be offered. The log says why, once.
    public boolean isUsable() {
        try {
            settings.ciphers().among(context.get().getSupportedSSLParameters().getCipherSuites());
            tell(null);
            return true;
        } catch (TlsException e) {
            tell(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void tell(@Nullable String why) {
        lock.lock();
        try {
            if (why != null && !why.equals(trouble)) {
                LOG.warn("{}: disabling TLS support", why);
            }
            trouble = why;
        } finally {
            lock.unlock();
        }
    }

    /// Makes the handshake over a connected socket and gives the encrypted one, which closes the plain one when closed.
    ///
    /// What the client sent in clear before the handshake must have been thrown away already.
    ///
    /// @throws TlsException keys can't be used, or the handshake failed
    @Override
    public Socket over(Socket plain) throws IOException {
        return handshake(plain).socket();
    }

    /// Makes the handshake over a connected socket, and tells beside the encrypted socket what was agreed on.
    ///
    /// A client that shows no certificate, or one that is not trusted, does not end the handshake.
    public Secured handshake(Socket plain) throws IOException {
        SSLContext made = context.get();
        long begun = System.currentTimeMillis();
        var socket =
                (SSLSocket)
                        made.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(TlsProtocols.parse(settings.protocols()));
        parameters.setCipherSuites(settings.ciphers().among(socket.getSupportedCipherSuites()));
        parameters.setUseCipherSuitesOrder(settings.ownOrder());
        if (!settings.groups().isEmpty()) {
            parameters.setNamedGroups(settings.groups().toArray(String[]::new));
        }
        parameters.setWantClientAuth(clients != null);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new TlsException("TLS handshake failed: " + e.getMessage(), e);
        }
        var session = socket.getSession();
        return new Secured(
                socket, TlsSession.of(session, begun, serverName(session), client(session)));
    }

    /// An encrypted socket and what was agreed on.
    public record Secured(Socket socket, TlsSession session) {}

    private String serverName(SSLSession session) {
        if (named == null) {
            return "";
        }
        String wanted = Identities.serverName(session);
        return wanted == null || named.find(wanted).isEmpty() ? "" : wanted;
    }

    private TlsSession.Peer client(SSLSession session) throws TlsException {
        if (clients == null) {
            return TlsSession.Peer.ANONYMOUS;
        }
        try {
            return clients.judge((X509Certificate[]) session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return TlsSession.Peer.ANONYMOUS; // it showed none
        }
    }

    private SSLContext context(List<PemFiles.Identity> identities) throws TlsException {
        try {
            var made = SSLContext.getInstance("TLS");
            List<X509Certificate> authorities = clients == null ? List.of() : clients.named();
            made.init(
                    new KeyManager[] {new Identities(identities, named)},
                    new TrustManager[] {new AnyCertificate(authorities)},
                    null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        }
    }
}
