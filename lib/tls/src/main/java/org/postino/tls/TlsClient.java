// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client's side of TLS: encrypts to whoever answers, and says how far its certificate can be trusted.
///
/// Opportunistic by nature: an unknown certificate does not end the handshake. Safe for use by several threads. Our own keys and
/// certificates are read as by [TlsServer].
public final class TlsClient {
    private static final Logger LOG = LoggerFactory.getLogger(TlsClient.class);

    private final Settings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final WatchedContext own;
    private final WatchedContext nameless;
    private final Map<List<Path>, Authorities> trusted = new HashMap<>(); // guarded by lock
    private @Nullable String trouble; // what was said last about our keys; guarded by lock

    /// The settings of main.cf.
    ///
    /// @param identity PEM files with our own keys and certificates, for servers that ask for them; may be empty
    /// @param authorities PEM files with the certificates of trusted authorities, and directories of such files
    /// @param depth how many certificates may stand between an authority and a server
    /// @param groups for the agreement on keys, in the Java machine's names; empty for all that it has
    /// @param handed where those files are read that we may not open
    public record Settings(
            List<Path> identity,
            List<Path> authorities,
            int depth,
            List<String> groups,
            HandedFiles handed) {
        public Settings {
            identity = List.copyOf(identity);
            authorities = List.copyOf(authorities);
            groups = List.copyOf(groups);
        }

        /// A client without keys of its own.
        ///
        /// @param authorities a file or a directory; null if there is none
        public Settings(@Nullable Path authorities, HandedFiles handed) {
            this(
                    List.of(),
                    authorities == null ? List.of() : List.of(authorities),
                    TlsParams.VERIFYDEPTH,
                    List.of(),
                    handed);
        }
    }

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
    /// @param mandatory whether a handshake without our own keys, if they cannot be read, is worth nothing
    public record Demand(
            String serverName, String protocols, Ciphers ciphers, boolean mandatory, Proof proof) {}

    public TlsClient(Settings settings) {
        this.settings = settings;
        own = new WatchedContext(settings.identity(), settings.handed(), TlsClient::context);
        nameless = new WatchedContext(List.of(), HandedFiles.NONE, TlsClient::context);
    }

    /// Makes the handshake over a connected socket.
    ///
    /// A server that fails to prove what it shall does not end the handshake.
    ///
    /// @throws TlsException the handshake failed
    public TlsServer.Secured handshake(Socket plain, Demand demand) throws IOException {
        SSLContext context = context(demand.mandatory());
        long begun = System.currentTimeMillis();
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, demand.serverName(), plain.getPort(), true);
        socket.setUseClientMode(true);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(TlsProtocols.parse(demand.protocols()));
        parameters.setCipherSuites(demand.ciphers().among(socket.getSupportedCipherSuites()));
        if (!settings.groups().isEmpty()) {
            parameters.setNamedGroups(settings.groups().toArray(String[]::new));
        }
        if (isName(demand.serverName())) {
            parameters.setServerNames(List.of(new SNIHostName(demand.serverName())));
        }
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new TlsException("TLS handshake failed: " + e.getMessage(), e);
        }
        var session = socket.getSession();
        var chain = (X509Certificate[]) session.getPeerCertificates();
        var peer = judge(chain, demand.proof());
        return new TlsServer.Secured(socket, TlsSession.of(session, begun, "", peer));
    }

    /// A client as `smtp_tls_*` set it.
    ///
    /// @param lmtp whether the parameters are those of lmtp(8)
    public static TlsClient of(Config config, boolean lmtp) {
        ClientConfig own = ClientConfig.of(config, lmtp);
        TlsOptions.apply(config);
        var authorities = new ArrayList<Path>();
        for (String place :
                List.of(own.get(TlsParams.SMTP_TLS_CAFILE), own.get(TlsParams.SMTP_TLS_CAPATH))) {
            if (!place.isEmpty()) {
                authorities.add(ByteNames.path(place));
            }
        }
        if (config.get(TlsParams.TLS_APPEND_DEFAULT_CA)) {
            authorities.addAll(Authorities.ofSystem());
        }
        return new TlsClient(
                new Settings(
                        own.identity(),
                        authorities,
                        own.get(TlsParams.SMTP_TLS_SCERT_VERIFYDEPTH).intValue(),
                        NamedGroups.ofClient(config),
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

    private TlsSession.Peer judge(X509Certificate[] chain, Proof proof) throws TlsException {
        return switch (proof) {
            case Certified certified -> certified(chain, certified);
            case Fingerprinted(var algorithm, var digests) ->
                    TlsSession.Peer.of(
                            Fingerprints.any(algorithm, digests, chain[0])
                                    ? TlsSession.Trust.VERIFIED
                                    : TlsSession.Trust.UNTRUSTED);
        };
    }

    private TlsSession.Peer certified(X509Certificate[] chain, Certified demand)
            throws TlsException {
        String doubt;
        try {
            doubt = authorities(demand.anchors()).doubtServer(chain);
        } catch (TlsException e) {
            if (demand.needed()) {
                throw e;
            }
            doubt = String.valueOf(e.getMessage());
        }
        if (doubt != null) {
            return new TlsSession.Peer(TlsSession.Trust.UNTRUSTED, null, doubt);
        }
        for (String name : demand.names()) {
            if (Identities.covers(chain[0], name.toLowerCase(Locale.ROOT))) {
                return TlsSession.Peer.of(TlsSession.Trust.VERIFIED);
            }
        }
        return TlsSession.Peer.of(TlsSession.Trust.TRUSTED);
    }

    /// The context with our own keys. If they cannot be read, the log says why once, and what may go without TLS goes with TLS but without them.
    private SSLContext context(boolean mandatory) throws TlsException {
        try {
            return own.get();
        } catch (TlsException e) {
            String why = String.valueOf(e.getMessage());
            lock.lock();
            try {
                if (!why.equals(trouble)) {
                    LOG.warn("{}: servers are shown no certificate", why);
                    trouble = why;
                }
            } finally {
                lock.unlock();
            }
            if (mandatory) {
                throw e;
            }
            return nameless.get();
        }
    }

    private static SSLContext context(List<PemFiles.Identity> identities) throws TlsException {
        try {
            var made = SSLContext.getInstance("TLS");
            made.init(
                    identities.isEmpty() ? null : new KeyManager[] {new Identities(identities)},
                    new TrustManager[] {new AnyCertificate(List.of())},
                    null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /// The authorities in these files, or else those of main.cf.
    private Authorities authorities(List<Path> anchors) throws TlsException {
        lock.lock();
        try {
            Authorities known = trusted.get(anchors);
            if (known == null) {
                List<Path> places = anchors.isEmpty() ? settings.authorities() : anchors;
                known =
                        Authorities.of(
                                        Authorities.read(places, settings.handed()),
                                        settings.depth())
                                .withKeys(anchors, settings.handed());
                trusted.put(List.copyOf(anchors), known);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }
}
