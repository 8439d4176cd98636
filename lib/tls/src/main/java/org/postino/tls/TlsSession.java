// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.Locale;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The agreement of a handshake.
///
/// @param protocol `TLSv1.3`
/// @param cipher the cipher suite as OpenSSL names it: `TLS_AES_256_GCM_SHA384`, `ECDHE-RSA-AES256-GCM-SHA384`
/// @param bits the length of the symmetric key
/// @param resumed true if the keys come from an earlier session
/// @param serverName the name for which the server has a certificate of its own and that the client asked for; empty if there is none
public record TlsSession(
        String protocol, String cipher, int bits, boolean resumed, String serverName, Peer peer) {

    /// The knowledge about the peer's certificate; prints as the first word of the log line.
    public enum Trust {
        /// It showed none.
        ANONYMOUS,
        /// No known authority vouches for it.
        UNTRUSTED,
        TRUSTED,
        /// It is also made out for the peer that was wanted.
        VERIFIED;

        @Override
        public String toString() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /// The peer.
    ///
    /// @param certificate null if it showed none, or if nobody wants to know
    /// @param doubt why it is not trusted, for the log; null if there is nothing to say
    public record Peer(Trust trust, @Nullable PeerCertificate certificate, @Nullable String doubt) {
        static final Peer ANONYMOUS = new Peer(Trust.ANONYMOUS, null, null);

        static Peer of(Trust trust) {
            return new Peer(trust, null, null);
        }
    }

    /// @param begun when the handshake began, in milliseconds since 1970
    static TlsSession of(SSLSession session, long begun, String serverName, Peer peer) {
        var suite = CipherSuite.of(session.getCipherSuite());
        return new TlsSession(
                session.getProtocol(),
                suite.openssl(),
                suite.bits(),
                session.getCreationTime() < begun,
                serverName,
                peer);
    }

    /// The knowledge about the peer's certificate.
    public Trust trust() {
        return peer.trust();
    }

    /// The peer's certificate if a known authority vouches for it; null otherwise.
    public @Nullable PeerCertificate trustedCertificate() {
        return peer.trust().compareTo(Trust.TRUSTED) >= 0 ? peer.certificate() : null;
    }

    /// As in log lines and Received: header fields: `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`.
    @Override
    public String toString() {
        return protocol + " with cipher " + cipher + " (" + bits + "/" + bits + " bits)";
    }
}
