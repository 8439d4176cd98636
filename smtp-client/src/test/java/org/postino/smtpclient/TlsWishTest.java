// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.queue.Envelope;
import org.postino.tls.TlsServer;

/// What a sender wants of TLS (RFC 8689) is done, or the message comes back.
@Timeout(30)
class TlsWishTest {
    private static final String OFFERED = "250-fake.test\r\n250-REQUIRETLS\r\n250 STARTTLS";

    @TempDir Path dir;
    private Lab lab;
    private FakeSmtp one;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        one = lab.one();
        lab.dns().mx("single.test", 10, "one.test");
        one.on("EHLO", OFFERED);
        lab.set("smtp_tls_CAfile", lab.secure("single.test").toString());
        lab.set("mydomain", "me.test");
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private String deliver(String wish) throws Exception {
        lab.attribute(wish, Envelope.YES);
        return lab.deliver("single.test", "a@dest.test").getFirst();
    }

    @Test
    void requiredTlsIsUsedAndPassedOn() throws Exception {
        String result = deliver(Envelope.REQUIRETLS);
        assertTrue(result.startsWith("sent "), result);
        assertTrue(one.commands().contains("STARTTLS"), one.commands().toString());
        assertTrue(
                one.commands().stream()
                        .anyMatch(c -> c.startsWith("MAIL FROM:") && c.endsWith(" REQUIRETLS")),
                one.commands().toString());
    }

    private void assertReturned(String result) {
        assertReturned("5.7.30", result);
    }

    private void assertReturned(String status, String result) {
        assertTrue(result.startsWith("bounced "), result);
        assertTrue(result.contains(" " + status + " (REQUIRETLS support required"), result);
        assertEquals(List.of(), one.messages());
    }

    @Test
    void aServerThatDoesNotPromiseTheSameGetsNothing() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS");
        assertReturned(deliver(Envelope.REQUIRETLS));
    }

    @Test
    void aServerWithoutTlsGetsNothing() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250 REQUIRETLS");
        assertReturned(deliver(Envelope.REQUIRETLS));
    }

    @Test
    void aServerThatDoesNotProveThatItServesTheDestinationGetsNothing() throws Exception {
        lab.dns().mx("foreign.test", 10, "one.test");
        lab.attribute(Envelope.REQUIRETLS, Envelope.YES);
        assertReturned("5.7.10", lab.deliver("foreign.test", "a@foreign.test").getFirst());
    }

    @Test
    void whatThePolicyNamesIsProofEnough() throws Exception {
        lab.dns().mx("foreign.test", 10, "one.test");
        lab.set("smtp_tls_policy_maps", "inline:{ {foreign.test=secure match=one.test} }");
        lab.attribute(Envelope.REQUIRETLS, Envelope.YES);
        String result = lab.deliver("foreign.test", "a@foreign.test").getFirst();
        assertTrue(result.startsWith("sent "), result);
    }

    @Test
    void aHandshakeThatFailsMakesItWait() throws Exception {
        lab.set("smtp_tls_mandatory_protocols", "TLSv1.1");
        String result = deliver(Envelope.REQUIRETLS);
        assertTrue(result.startsWith("deferred one.test[127.0.0.21]"), result);
        assertTrue(result.contains(" 4.7.5 (Cannot start TLS"), result);
    }

    @Test
    void anotherHostMayPromiseWhatOneDoesNot() throws Exception {
        FakeSmtp two = lab.two();
        lab.dns().mx("single.test", 20, "two.test");
        lab.set("smtp_tls_secure_cert_match", "one.test");
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS");
        two.on("EHLO", OFFERED).on("STARTTLS", "220 go");
        two.tls(
                new TlsServer(
                        new TlsServer.Settings(List.of(dir.resolve("tls.pem")), ">=TLSv1.2")));
        String result = deliver(Envelope.REQUIRETLS);
        assertTrue(result.startsWith("sent two.test"), result);
        assertEquals(List.of(), one.messages());
    }

    /// The words are as Postfix 3.11 was seen to understand them.
    @ParameterizedTest
    @CsvSource({
        // policy, offers TLS, offers REQUIRETLS, how it goes
        "opportunistic, false, false, clear",
        "opportunistic, true, false, tls",
        "opportunistic, true, true, told",
        "opportunistic+starttls, false, false, returned",
        "opportunistic+starttls, true, false, tls",
        "opportunistic+starttls, true, true, told",
        "disable, false, false, clear",
        "disable, true, true, tls",
        "'inline:{{x=disable}}', true, false, returned",
        "'inline:{{foreign.test=disable}}, enforce', true, false, tls",
        "'inline:{{.test=opportunistic}}', true, true, told",
        "'regexp:{{/^[.]test/ disable}}', true, false, returned",
        "'enforce, inline:{{foreign.test=disable}}', true, false, returned",
        "'inline:{{foreign.test=nonsense}}', true, true, waits",
        "'fail:x, enforce', true, true, waits",
    })
    void itIsHonouredAsMainCfSays(String policy, boolean tls, boolean promise, String how)
            throws Exception {
        lab.dns().mx("foreign.test", 10, "one.test");
        lab.set("smtp_tls_security_level", "may");
        lab.set("smtp_requiretls_policy", policy);
        one.on(
                "EHLO",
                "250-fake.test\r\n"
                        + (tls ? "250-STARTTLS\r\n" : "")
                        + (promise ? "250-REQUIRETLS\r\n" : "")
                        + "250 8BITMIME");
        lab.attribute(Envelope.REQUIRETLS, Envelope.YES);
        String result = lab.deliver("foreign.test", "a@foreign.test").getFirst();
        switch (how) {
            case "returned" -> assertTrue(result.startsWith("bounced "), result);
            case "waits" ->
                    assertTrue(
                            result.startsWith(
                                    "deferred none 4.7.10 (REQUIRETLS policy configuration problem: "),
                            result);
            default -> {
                assertTrue(result.startsWith("sent "), result);
                assertEquals(!how.equals("clear"), one.commands().contains("STARTTLS"));
                assertEquals(
                        how.equals("told"),
                        one.commands().stream().anyMatch(c -> c.endsWith(" REQUIRETLS")));
            }
        }
    }

    @Test
    void oursNeedNotPromise() throws Exception {
        lab.set("mydomain", "Single.test");
        one.on("EHLO", "250 fake.test");
        assertTrue(deliver(Envelope.REQUIRETLS).startsWith("sent "));
        String number = "[127.0.0.21]";
        assertTrue(lab.deliver(number, "a@foreign.test").getFirst().startsWith("sent "));
        String other = lab.deliver("[one.test]", "a@foreign.test").getFirst();
        assertTrue(other.startsWith("bounced "), other);
    }

    @Test
    void switchedOffItIsNotHonoured() throws Exception {
        lab.set("requiretls_enable", "no");
        one.on("EHLO", "250 fake.test");
        assertTrue(deliver(Envelope.REQUIRETLS).startsWith("sent "));
        assertFalse(one.commands().toString().contains("REQUIRETLS"));
    }

    @Test
    void whoPrefersDeliveryGetsItWithoutTls() throws Exception {
        lab.set("smtp_tls_security_level", "secure");
        one.on("EHLO", "250 fake.test");
        assertTrue(deliver("nothing").startsWith("deferred "));
        assertTrue(deliver(Envelope.TLS_OPTIONAL).startsWith("sent "));
        lab.set("tls_required_enable", "no");
        assertTrue(deliver(Envelope.TLS_OPTIONAL).startsWith("deferred "));
    }

    @Test
    void whatTheAdministratorSaysOfADestinationHolds() throws Exception {
        lab.set("smtp_tls_policy_maps", "inline:{ {single.test=encrypt} }");
        one.on("EHLO", "250 fake.test");
        assertTrue(deliver(Envelope.TLS_OPTIONAL).startsWith("deferred "));
    }

    @Test
    void aPasswordIsNotSentInClearForIt() throws Exception {
        lab.set("smtp_tls_security_level", "secure");
        lab.set("smtp_sasl_auth_enable", "yes");
        lab.set("smtp_sasl_password_maps", "inline:{ {single.test=u:p} }");
        one.on("EHLO", "250 fake.test");
        assertTrue(deliver(Envelope.TLS_OPTIONAL).startsWith("deferred "));
    }
}
