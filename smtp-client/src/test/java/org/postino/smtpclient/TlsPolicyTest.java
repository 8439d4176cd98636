// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a policy asks for is done or the mail waits: it never goes in clear instead.
@Timeout(30)
class TlsPolicyTest {
    private static final String WAITS =
            "deferred none 4.7.5 (client TLS configuration problem: TLS policy table, destination \"single.test\": ";

    @TempDir Path dir;
    private Lab lab;
    private FakeSmtp one;
    private Path pem;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        one = lab.one();
        lab.dns().mx("single.test", 10, "one.test");
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS");
        pem = lab.secure("mx.single.test");
        lab.set("smtp_tls_CAfile", pem.toString());
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private String deliver(String policy) throws Exception {
        lab.set("smtp_tls_policy_maps", "inline:{ {single.test=" + policy + "} }");
        return lab.deliver("single.test", "a@dest.test").getFirst();
    }

    private void assertEncrypted(String policy) throws Exception {
        long before = encrypted();
        String result = deliver(policy);
        assertTrue(result.startsWith("sent "), policy + ": " + result);
        assertEquals(before + 1, encrypted(), policy);
    }

    private long encrypted() {
        return one.commands().stream().filter("STARTTLS"::equals).count();
    }

    private void assertDeferred(String policy, String reason) throws Exception {
        int before = one.messages().size();
        String result = deliver(policy);
        assertTrue(result.startsWith("deferred "), policy + ": " + result);
        assertTrue(result.contains(reason), policy + ": " + result);
        assertEquals(before, one.messages().size());
    }

    private String fingerprint(String algorithm, boolean key) throws Exception {
        byte[] text = Files.readString(pem).getBytes(StandardCharsets.US_ASCII);
        String certificate = new String(text, StandardCharsets.US_ASCII);
        certificate = certificate.substring(certificate.indexOf("-----BEGIN CERTIFICATE"));
        var parsed =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        certificate.getBytes(StandardCharsets.US_ASCII)));
        byte[] bytes = key ? parsed.getPublicKey().getEncoded() : parsed.getEncoded();
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "may",
                "encrypt",
                "Encrypt",
                "ENCRYPT protocols=TLSv1.3",
                "encrypt ciphers=high exclude=aNULL",
                "dane",
                "verify",
                "verify match=hostname",
                "secure match=mx.single.test",
                "secure match=dot-nexthop",
                "secure match=hostname",
                "secure match=nexthop:.single.test",
                "Secure match=other.test match=one.test servername=one.test"
            })
    void levelsAndTheirAttributesAreHonoured(String policy) throws Exception {
        assertEncrypted(policy);
    }

    @Test
    void aServerThatProvesSomethingElseGetsNoMail() throws Exception {
        assertDeferred("secure match=nexthop", "Server certificate not verified");
        assertDeferred("secure match=other.test", "Server certificate not verified");
        assertDeferred("verify match=.other.test", "Server certificate not verified");
        assertDeferred("encrypt protocols=TLSv1", "Cannot start TLS: handshake failure");
        lab.unset("smtp_tls_CAfile");
        assertDeferred("verify", "Server certificate not trusted");
        assertEncrypted("verify tafile=" + pem);
        lab.set("smtp_tls_trust_anchor_file", pem.toString());
        assertEncrypted("verify");
        lab.set("smtp_tls_trust_anchor_file", dir.resolve("none.pem").toString());
        assertDeferred("verify", "Cannot start TLS");
    }

    @Test
    void aPublicKeyIsAnAnchorToo() throws Exception {
        lab.unset("smtp_tls_CAfile");
        Path key = dir.resolve("public.pem");
        Files.writeString(key, text(certificate().getPublicKey()));
        assertEncrypted("verify tafile=" + key);
        assertDeferred("verify match=.other.test tafile=" + key, "Server certificate not verified");
        var generator = KeyPairGenerator.getInstance("EC");
        Files.writeString(key, text(generator.generateKeyPair().getPublic()));
        assertDeferred("verify match=.other.test tafile=" + key, "Server certificate not trusted");
        Path broken = dir.resolve("broken.pem");
        Files.writeString(broken, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        assertDeferred("verify tafile=" + broken, "Cannot start TLS");
    }

    private X509Certificate certificate() throws Exception {
        String text = Files.readString(pem);
        byte[] bytes =
                text.substring(text.indexOf("-----BEGIN CERTIFICATE"))
                        .getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static String text(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    @Test
    void fingerprintsOfCertificateOrKeyAreCompared() throws Exception {
        lab.set("smtp_tls_fingerprint_digest", "sha256");
        String sha256 = fingerprint("SHA-256", false);
        assertEncrypted("fingerprint match=" + sha256);
        assertEncrypted("fingerprint match=00:11|" + sha256.replace(":", ""));
        assertEncrypted("fingerprint match=00:11 match=" + fingerprint("SHA-256", true));
        assertDeferred("fingerprint match=00:11", "Server certificate not verified");
        assertDeferred("fingerprint", WAITS + "level fingerprint without fingerprints to match)");
        lab.set("smtp_tls_fingerprint_cert_match", "00:11, " + fingerprint("MD5", false));
        assertDeferred("fingerprint", "Server certificate not verified");
        lab.set("smtp_tls_fingerprint_digest", "md5");
        assertEncrypted("fingerprint");
        lab.unset("smtp_tls_policy_maps");
        lab.set("smtp_tls_security_level", "Fingerprint");
        lab.assertSentBy(one, "one.test", "single.test");
    }

    @Test
    void whatIsNotUnderstoodOrNotPossibleMakesTheMailWait() throws Exception {
        assertDeferred("encypt", WAITS + "invalid security level \"encypt\")");
        assertDeferred("secure mach=x.test", WAITS + "unknown attribute \"mach\")");
        assertDeferred(
                "dane-only", WAITS + "dane-only needs DNSSEC, which this version does not check)");
        assertEquals(0, one.connections());
    }

    @Test
    void noneIsNone() throws Exception {
        lab.set("smtp_tls_security_level", "encrypt");
        assertTrue(deliver("None").startsWith("sent "));
        assertEquals(0, encrypted());
        lab.set("smtp_tls_wrappermode", "yes");
        assertDeferred("none", "Cannot start TLS: handshake failure");
    }

    @Test
    void domainsAreFoundByTheirParentsAndDestinationsByTheirTextAlone() throws Exception {
        lab.dns().mx("a.b.single.test", 10, "one.test");
        String port = Integer.toString(one.port());
        for (String key : List.of("a.b.single.test", ".b.single.test", ".single.test", ".test")) {
            assertWaits(key, "A.b.Single.test");
        }
        assertWaits("[one.test]:" + port, "[One.test]:" + port);
        assertWaits("[one.test]", "[one.test]");
        assertWaits("one.test:" + port, "one.test:" + port);
        for (String key : List.of("b.single.test", "one.test", "one.test:" + port, ".a.test")) {
            lab.set("smtp_tls_policy_maps", "inline:{ {" + key + "=encypt} }");
            for (String site : List.of("a.b.single.test", "[one.test]:" + port)) {
                String result = lab.deliver(site, "a@dest.test").getFirst();
                assertTrue(result.startsWith("sent "), key + " " + site + ": " + result);
            }
        }
    }

    private void assertWaits(String key, String site) throws Exception {
        lab.set("smtp_tls_policy_maps", "inline:{ {" + key + "=encypt} }");
        String result = lab.deliver(site, "a@dest.test").getFirst();
        assertTrue(result.contains("destination \"" + key + "\""), result);
    }

    @Test
    void aTableThatCannotBeAskedMakesTheMailWait() throws Exception {
        lab.set("smtp_tls_policy_maps", "fail:x");
        assertTrue(
                lab.deliver("single.test", "a@dest.test")
                        .getFirst()
                        .startsWith("deferred none 4.3.0 (TLS policy lookup failed: "));
    }

    @Test
    void theOldNamesMeanWhatTheySay() throws Exception {
        lab.unset("smtp_tls_security_level");
        lab.set("compatibility_level", "3.6");
        lab.set("smtp_use_tls", "yes");
        lab.assertSentBy(one, "one.test", "single.test");
        assertEquals(1, encrypted());
        lab.set("smtp_enforce_tls", "yes");
        lab.assertSentBy(one, "one.test", "single.test");
        assertEquals(2, encrypted());
        lab.set("compatibility_level", "3.11");
        lab.unset("smtp_tls_CAfile");
        String result = lab.deliver("single.test", "a@dest.test").getFirst();
        assertTrue(result.contains("Server certificate not trusted"), result);
        lab.set("smtp_tls_enforce_peername", "no");
        lab.assertSentBy(one, "one.test", "single.test");
        lab.set("smtp_tls_security_level", "NONE");
        long before = encrypted();
        lab.assertSentBy(one, "one.test", "single.test");
        assertEquals(before, encrypted());
        lab.set("smtp_tls_security_level", "");
        lab.assertSentBy(one, "one.test", "single.test");
        assertEquals(before + 1, encrypted());
    }

    @Test
    void aConnectionInClearIsNotKeptForADestinationThatNeedsTls() throws Exception {
        Path table = dir.resolve("policy");
        lab.set("smtp_tls_policy_maps", "texthash:" + table);
        Files.writeString(table, "single.test none\n");
        var agent = lab.agent(false);
        assertTrue(lab.by(agent, "single.test", "a@dest.test").getFirst().startsWith("sent "));
        Files.writeString(table, "single.test verify match=hostname\n");
        assertFalse(one.commands().contains("STARTTLS"));
        // A changed table is seen within a tenth of a second; the connection is kept for longer.
        while (!one.commands().contains("STARTTLS")) {
            assertTrue(lab.by(agent, "single.test", "a@dest.test").getFirst().startsWith("sent "));
        }
    }
}
