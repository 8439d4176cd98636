// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.milter.MilterParams;
import org.postino.sasl.OfferedMechanism;
import org.postino.suite.IncomingParams;
import org.postino.suite.SmtpdParams;
import org.postino.table.Tables;
import org.postino.tls.TlsParams;

class AuthenticatorTest {
    private static final List<String> ALL = List.of("PLAIN", "LOGIN");

    private static Authenticator of(Map<String, String> settings) {
        return of(settings, new FakeAuth());
    }

    private static Authenticator of(Map<String, String> settings, FakeAuth auth) {
        var config =
                Config.of(
                        settings,
                        SmtpdParams.ALL,
                        IncomingParams.ALL,
                        MilterParams.ALL,
                        TlsParams.ALL);
        return new Authenticator(config, new Tables(config), auth);
    }

    private static Client client(String address) {
        return new Client(ClientName.LOCALHOST, InetAddress.ofLiteral(address), 4711, false);
    }

    @Test
    void passwordsFromOtherMachinesNeedTls() throws IOException {
        var authenticator = of(Map.of());
        for (String other : List.of("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1")) {
            assertEquals(List.of(), authenticator.mechanisms(client(other), false));
            assertEquals(ALL, authenticator.mechanisms(client(other), true));
            assertTrue(authenticator.needsTls("PLAIN", client(other), false));
            assertFalse(authenticator.needsTls("PLAIN", client(other), true));
            assertFalse(authenticator.needsTls("SCRAM-SHA-256", client(other), false));
        }
        for (String own : List.of("127.0.0.1", "127.1.2.3", "::1")) {
            assertEquals(ALL, authenticator.mechanisms(client(own), false));
            assertFalse(authenticator.needsTls("LOGIN", client(own), false));
        }
    }

    @Test
    void anAdministratorMayAllowThem() throws IOException {
        var authenticator = of(Map.of("auth_allow_cleartext", "yes"));
        assertEquals(ALL, authenticator.mechanisms(client("192.0.2.1"), false));
        assertFalse(authenticator.needsTls("PLAIN", client("192.0.2.1"), false));
    }

    /// What a server of the protocol says of mechanisms that we do not know ourselves decides, as with Dovecot's.
    @Test
    void theSecurityOptionsChooseAmongWhatTheServerOffers() throws IOException {
        var auth = new FakeAuth();
        auth.offered =
                List.of(
                        OfferedMechanism.of("PLAIN", List.of("plaintext")),
                        OfferedMechanism.of("X-SHOWN", List.of("plaintext")),
                        OfferedMechanism.of("CRAM-MD5", List.of("dictionary", "active")),
                        OfferedMechanism.of("SCRAM-SHA-256", List.of("mutual-auth")),
                        OfferedMechanism.of("ANONYMOUS", List.of("anonymous")));
        Client other = client("192.0.2.1");
        assertEquals(
                List.of("CRAM-MD5", "SCRAM-SHA-256"), of(Map.of(), auth).mechanisms(other, false));
        assertEquals(
                List.of("PLAIN", "X-SHOWN", "CRAM-MD5", "SCRAM-SHA-256"),
                of(Map.of(), auth).mechanisms(other, true));
        var strict =
                of(
                        Map.of(
                                "smtpd_sasl_security_options",
                                "noanonymous, nodictionary",
                                "smtpd_sasl_tls_security_options",
                                "mutual_auth"),
                        auth);
        assertEquals(List.of("SCRAM-SHA-256"), strict.mechanisms(other, false));
        assertEquals(List.of("SCRAM-SHA-256"), strict.mechanisms(other, true));
    }
}
