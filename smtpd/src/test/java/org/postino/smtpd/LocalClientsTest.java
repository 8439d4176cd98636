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
                                "192.0.2.0/24"),
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
        assertEquals(ours, clients(words).contains(InetAddress.ofLiteral(address), loggedIn));
    }

    @Test
    void aTableThatCannotBeAskedIsNoAnswer() {
        assertThrows(
                TableException.class,
                () -> clients("fail:x").contains(InetAddress.ofLiteral("192.0.2.1"), false));
    }
}
