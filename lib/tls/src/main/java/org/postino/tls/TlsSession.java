// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.Locale;
import javax.net.ssl.SSLSession;

/// The agreement of a handshake.
///
/// @param protocol `TLSv1.3`
/// @param cipher the cipher suite's name, `TLS_AES_256_GCM_SHA384`
/// @param bits the length of the symmetric key
/// @param trust whose certificate the peer showed
public record TlsSession(String protocol, String cipher, int bits, Trust trust) {

    /// The knowledge about the peer's certificate; prints as the first word of the log line.
    public enum Trust {
        ANONYMOUS,
        UNTRUSTED,
        TRUSTED,
        VERIFIED;

        @Override
        public String toString() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    static TlsSession of(SSLSession session, Trust trust) {
        String cipher = session.getCipherSuite();
        return new TlsSession(session.getProtocol(), cipher, bits(cipher), trust);
    }

    private static int bits(String cipher) {
        if (cipher.contains("AES_256") || cipher.contains("CHACHA20")) {
            return 256;
        }
        return cipher.contains("3DES") ? 168 : 128;
    }

    /// As in log lines and Received: header fields: `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`.
    @Override
    public String toString() {
        return protocol + " with cipher " + cipher + " (" + bits + "/" + bits + " bits)";
    }
}
