// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges clients' certificates for a server. Safe for use by several threads.
///
/// Authorities are read when the first client comes, and again when a file of them has changed; those that cannot be read vouch for nobody,
/// which the log says.
final class ClientCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

    private final List<Path> named;
    private final List<Path> others;
    private final int depth;
    private final String digest;
    private final HandedFiles handed;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Known known; // guarded by lock

    private record Known(Authorities authorities, List<String> stamps) {}

    /// @param named files of authorities that clients are told of
    /// @param others files and directories of further authorities
    /// @param depth how many certificates may stand between an authority and a client
    /// @param digest the algorithm of fingerprints
    ClientCertificates(
            List<Path> named, List<Path> others, int depth, String digest, HandedFiles handed) {
        this.named = List.copyOf(named);
        this.others = List.copyOf(others);
        this.depth = depth;
        this.digest = digest;
        this.handed = handed;
    }

    /// The settings of main.cf; null if clients are not to be asked.
    static @Nullable ClientCertificates of(Config config, boolean mandatory) {
        boolean required = config.get(TlsParams.SMTPD_TLS_REQ_CCERT);
        if (required && !mandatory) {
            LOG.warn("Can't require client certs unless TLS is required");
        }
        if (!required && !config.get(TlsParams.SMTPD_TLS_ASK_CCERT)) {
            return null;
        }
        var others = new ArrayList<>(path(config.get(TlsParams.SMTPD_TLS_CAPATH)));
        if (config.get(TlsParams.TLS_APPEND_DEFAULT_CA)) {
            others.addAll(Authorities.ofSystem());
        }
        return new ClientCertificates(
                path(config.get(TlsParams.SMTPD_TLS_CAFILE)),
                others,
                config.get(TlsParams.SMTPD_TLS_CCERT_VERIFYDEPTH).intValue(),
                config.get(TlsParams.SMTPD_TLS_FINGERPRINT_DIGEST),
                config.files());
    }

    private static List<Path> path(String text) {
        return text.isEmpty() ? List.of() : List.of(ByteNames.path(text));
    }

    /// The authorities that clients are told of; none if their file cannot be read.
    List<X509Certificate> named() {
        try {
            return Authorities.read(named, handed);
        } catch (TlsException e) {
            return List.of(); // it is logged when the first client has a certificate
        }
    }

    /// Says what a client's certificate is worth.
    ///
    /// @param chain its own first
    TlsSession.Peer judge(X509Certificate[] chain) throws TlsException {
        String doubt = authorities().doubtClient(chain);
        return new TlsSession.Peer(
                doubt == null ? TlsSession.Trust.TRUSTED : TlsSession.Trust.UNTRUSTED,
                PeerCertificate.of(chain[0], digest),
                doubt);
    }

    private Authorities authorities() throws TlsException {
        var places = new ArrayList<>(named);
        places.addAll(others);
        lock.lock();
        try {
            List<String> stamps = WatchedContext.stamps(places, handed);
            Known current = known;
            if (current == null || !current.stamps().equals(stamps)) {
                current = new Known(read(places), stamps);
                known = current;
            }
            return current.authorities();
        } finally {
            lock.unlock();
        }
    }

    private Authorities read(List<Path> places) throws TlsException {
        try {
            return Authorities.of(Authorities.read(places, handed), depth);
        } catch (TlsException e) {
            LOG.warn("no client certificate is trusted: {}", e.getMessage());
            return Authorities.of(List.of(), depth);
        }
    }
}
