// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.config.Config;

/// The words of `tls_ssl_options`. Most of them switch off what the Java machine does not have, or turn on what it always does.
final class TlsOptions {
    /// Without effect: so it is always.
    private static final Set<String> ALWAYS_SO =
            Set.of(
                    "CIPHER_SERVER_PREFERENCE",
                    "CRYPTOPRO_TLSEXT_BUG",
                    "ENABLE_MIDDLEBOX_COMPAT",
                    "IGNORE_UNEXPECTED_EOF",
                    "LEGACY_SERVER_CONNECT",
                    "NO_ANTI_REPLAY",
                    "NO_COMPRESSION",
                    "NO_ENCRYPT_THEN_MAC",
                    "NO_EXTENDED_MASTER_SECRET",
                    "NO_RENEGOTIATION",
                    "NO_RX_CERTIFICATE_COMPRESSION",
                    "NO_SESSION_RESUMPTION_ON_RENEGOTIATION",
                    "NO_TX_CERTIFICATE_COMPRESSION",
                    "PRIORITIZE_CHACHA",
                    "SINGLE_DH_USE",
                    "SINGLE_ECDH_USE",
                    "TLSEXT_PADDING");

    private static final String NO_TICKET = "NO_TICKET";

    private TlsOptions() {}

    /// Sets what the Java machine reads once, before its first handshake: clients cannot have a handshake repeated (it costs us more than them),
    /// and with NO_TICKET, or without a cipher for them, they get no tickets for later sessions.
    static void apply(Config config) {
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        boolean noTickets =
                config.get(TlsParams.TLS_SSL_OPTIONS).stream()
                                .anyMatch(word -> word.equalsIgnoreCase(NO_TICKET))
                        || config.get(TlsParams.TLS_SESSION_TICKET_CIPHER).isEmpty();
        if (noTickets) {
            System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
        }
    }

    /// The words that mean nothing.
    static List<String> unknown(List<String> words) {
        return words.stream()
                .filter(word -> {
                    String upper = word.toUpperCase(Locale.ROOT);
                    return !ALWAYS_SO.contains(upper)
                            && !upper.equals(NO_TICKET)
                            && !upper.matches("0X[0-9A-F]+");
                })
                .toList();
    }
}
