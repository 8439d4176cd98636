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
import org.postino.suite.SmtpdParams;
import org.postino.table.Tables;
import org.postino.tls.TlsParams;

class AuthenticatorTest {
    private static final List<String> ALL = List.of("PLAIN", "LOGIN");

    private static Authenticator of(Map<String, String> settings) {
        var config = Config.of(settings, SmtpdParams.ALL, TlsParams.ALL);
        return new Authenticator(config, new Tables(config), new FakeAuth());
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
}
