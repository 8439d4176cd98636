// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.Locale;
import java.util.Optional;

/// The amount of TLS that an SMTP client wants: the words of `smtp_tls_security_level` and `smtp_tls_policy_maps`, weakest first.
public enum TlsLevel {
    NONE,
    MAY,
    ENCRYPT,
    DANE,
    DANE_ONLY,
    FINGERPRINT,
    VERIFY,
    SECURE;

    /// Reads a word, in upper or lower case; empty if it is none of them.
    public static Optional<TlsLevel> parse(String word) {
        for (TlsLevel level : values()) {
            if (level.word().equalsIgnoreCase(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /// The word in tables and main.cf.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// True if mail waits rather than go in clear.
    public boolean isMandatory() {
        return compareTo(ENCRYPT) >= 0;
    }

    /// True if the server must prove who it is.
    public boolean needsProof() {
        return compareTo(DANE) >= 0;
    }
}
