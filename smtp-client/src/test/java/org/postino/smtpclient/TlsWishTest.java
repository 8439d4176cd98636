// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.Envelope;
import org.postino.tls.SelfSigned;
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
        Path pem = dir.resolve("tls.pem");
        Files.writeString(
                pem, SelfSigned.pem("one.test", List.of("single.test"), Clock.systemUTC()));
        one.on("EHLO", OFFERED).on("STARTTLS", "220 go");
        one.tls(new TlsServer(new TlsServer.Settings(List.of(pem), ">=TLSv1.2")));
        lab.set("smtp_tls_CAfile", pem.toString());
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
        assertTrue(result.startsWith("bounced "), result);
        assertTrue(result.contains(" 5.7.30 (REQUIRETLS support required"), result);
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
        assertReturned(lab.deliver("foreign.test", "a@foreign.test").getFirst());
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
