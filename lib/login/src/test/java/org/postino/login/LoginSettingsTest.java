// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.mailstore.MailParams;
import org.postino.suite.AuthParams;
import org.postino.suite.ImapdParams;
import org.postino.tls.TlsParams;

final class LoginSettingsTest {
    private static final LoginSettings.Own OWN =
            new LoginSettings.Own(
                    ImapdParams.IMAPD_TLS_SECURITY_LEVEL,
                    ImapdParams.IMAPD_TLS_WRAPPERMODE,
                    ImapdParams.IMAPD_HAPROXY,
                    ImapdParams.IMAP_LOGIN_TIMEOUT);

    private static LoginSettings settings(Map<String, String> settings) {
        return LoginSettings.of(
                Config.of(settings, ImapdParams.ALL, MailParams.ALL, AuthParams.ALL, TlsParams.ALL),
                OWN);
    }

    private static LoginSettings withKey(String name, String value) {
        var all = new HashMap<>(Map.of("smtpd_tls_chain_files", "/etc/ssl/chain.pem"));
        all.put(name, value);
        return settings(all);
    }

    @Test
    void tlsIsOfferedWhereThereIsAKey() {
        assertFalse(settings(Map.of()).offerTls());
        for (String key :
                new String[] {
                    "smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_eccert_file"
                }) {
            assertTrue(settings(Map.of(key, "/etc/ssl/key.pem")).offerTls(), key);
        }
        assertFalse(settings(Map.of("smtpd_tls_cert_file", "none")).offerTls());
    }

    @Test
    void theLevelSaysWhoMustEncrypt() {
        assertFalse(withKey("imapd_tls_security_level", "may").demandTls());
        assertTrue(withKey("imapd_tls_security_level", "encrypt").demandTls());
        assertTrue(withKey("imapd_tls_security_level", "encrypt").offerTls());
        assertFalse(withKey("imapd_tls_security_level", "none").offerTls());
        assertFalse(withKey("imapd_tls_wrappermode", "yes").offerTls());
    }

    @Test
    void mechanismsAreNamedAsClientsNameThem() {
        assertEquals(
                List.of("PLAIN", "LOGIN"),
                settings(Map.of("auth_mechanisms", "plain login")).mechanisms());
    }
}
