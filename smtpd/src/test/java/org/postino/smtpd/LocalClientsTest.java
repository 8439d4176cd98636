// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.PeerCertificate;
import org.postino.tls.TlsSession;

class LocalClientsTest {
    private static LocalClients clients(String words) {
        var config =
                Config.of(
                        Map.of(
                                "local_header_rewrite_clients",
                                words,
                                "inet_interfaces",
                                "127.0.0.1",
                                "mynetworks",
                                "192.0.2.0/24",
                                "relay_clientcerts",
                                "inline:{AA:01=x, BB:02=x}"),
                        SmtpdParams.ALL);
        return LocalClients.of(config, new Tables(config));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permit_inet_interfaces | 127.0.0.1 | false | true",
                "permit_inet_interfaces | 192.0.2.1 | true | false",
                "permit_mynetworks | 192.0.2.1 | false | true",
                "permit_mynetworks | 198.51.100.1 | false | false",
                "permit_sasl_authenticated | 198.51.100.1 | true | true",
                "permit_sasl_authenticated | 198.51.100.1 | false | false",
                "check_address_map inline:{198.51.100.1=x} | 198.51.100.1 | false | true",
                "inline:{2001:db8::1=x} | 2001:db8::1 | false | true",
                "static:all | 198.51.100.1 | false | true",
                "permit_tls_clientcerts, permit_tls_all_clientcerts | 198.51.100.1 | true | false",
                "'' | 127.0.0.1 | true | false",
            })
    void aClientIsOneOfThem(String words, String address, boolean loggedIn, boolean ours)
            throws Exception {
        assertEquals(ours, clients(words).contains(InetAddress.ofLiteral(address), loggedIn, null));
    }

    @Test
    void aTableThatCannotBeAskedIsNoAnswer() {
        assertThrows(
                TableException.class,
                () -> clients("fail:x").contains(InetAddress.ofLiteral("192.0.2.1"), false, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permit_tls_clientcerts | AA:01 | UNTRUSTED | true",
                "permit_tls_clientcerts | AA:02 | UNTRUSTED | true",
                "permit_tls_clientcerts | AA:03 | TRUSTED | false",
                "permit_tls_all_clientcerts | AA:03 | TRUSTED | true",
                "permit_tls_all_clientcerts | AA:01 | UNTRUSTED | false",
                "permit_sasl_authenticated | AA:01 | TRUSTED | false",
            })
    void aClientHasACertificate(
            String words, String fingerprint, TlsSession.Trust trust, boolean ours)
            throws Exception {
        var shown =
                new PeerCertificate(
                        "client",
                        "ca",
                        fingerprint,
                        "AA:02".equals(fingerprint) ? "BB:02" : "BB:00");
        var tls =
                new TlsSession(
                        "TLSv1.3",
                        "TLS_AES_256_GCM_SHA384",
                        256,
                        false,
                        "",
                        new TlsSession.Peer(trust, shown, null));
        assertEquals(
                ours, clients(words).contains(InetAddress.ofLiteral("198.51.100.1"), false, tls));
    }
}
