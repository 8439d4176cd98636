// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.smtp.Delivery;
import org.postino.tls.SelfSigned;
import org.postino.tls.TlsServer;

/// What is said to a server, and what is made of its replies.
@Timeout(30)
class DialogueTest {
    @TempDir Path dir;
    private Lab lab;
    private FakeSmtp one;
    private FakeSmtp two;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        one = lab.one();
        two = lab.two();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void eachRecipientHasItsOwnFate() throws Exception {
        one.on("RCPT TO:<b@dest.test>", "550 5.1.1 no such user")
                .on("RCPT TO:<c@dest.test>", "450 4.2.0 greylisted");
        two.on("RCPT TO:<c@dest.test>", "451 try later");
        assertEquals(
                List.of(
                        "sent "
                                + lab.relay(one, "one.test")
                                + " 2.0.0 (250 2.0.0 Ok: queued as FAKE)",
                        "bounced "
                                + lab.relay(one, "one.test")
                                + " 5.1.1 (host one.test[127.0.0.21] said: 550 5.1.1 no such user (in reply to RCPT TO command))",
                        "deferred "
                                + lab.relay(two, "two.test")
                                + " 4.0.0 (host two.test[127.0.0.22] said: 451 try later (in reply to RCPT TO command))"),
                lab.deliver("dest.test", "a@dest.test", "b@dest.test", "c@dest.test"));
        assertEquals(1, one.messages().size());
        assertEquals(0, two.messages().size());
    }

    @Test
    void aServerThatWantsAMessageForNobodyGetsAnEmptyOne() throws Exception {
        one.lenient().on("RCPT", "550 5.1.1 nobody");
        var agent = lab.agent(false);
        assertTrue(lab.by(agent, "dest.test", "a@dest.test").getFirst().startsWith("bounced "));
        assertEquals(List.of(""), one.messages());
        one.on("RCPT", "250 ok");
        assertTrue(lab.by(agent, "dest.test", "a@dest.test").getFirst().startsWith("sent "));
        assertEquals(1, one.connections());
    }

    @Test
    void refusalsOfTheMessageConcernAllRecipients() throws Exception {
        one.on("MAIL", "550 5.7.1 not you");
        assertTrue(
                lab.deliver("dest.test", "a@dest.test", "b@dest.test")
                        .get(1)
                        .endsWith("said: 550 5.7.1 not you (in reply to MAIL FROM command))"));
        one.on("MAIL", "250 ok").on("DATA", "554 5.5.1 no");
        assertTrue(
                lab.deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("bounced " + lab.relay(one, "one.test") + " 5.5.1 "));
        one.on("DATA", "354 ok").on(".", "552 5.2.2 too much");
        assertTrue(
                lab.deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .endsWith("552 5.2.2 too much (in reply to end of DATA command))"));
        one.on(".", "451 4.3.0 later");
        lab.assertSentBy(two, "two.test", "dest.test");
    }

    @Test
    void theCodeOfALongReplyCounts() throws Exception {
        for (String reply :
                List.of(
                        "550 5.1.1 " + "x".repeat(4100),
                        "550-5.1.1 no such user\r\n".repeat(299) + "550 5.1.1 no such user")) {
            one.on("RCPT", reply);
            String result = lab.deliver("dest.test", "a@dest.test").getFirst();
            assertTrue(
                    result.startsWith("bounced " + lab.relay(one, "one.test") + " 5.1.1 "), result);
            assertTrue(result.length() < 2300, result);
            assertTrue(
                    String.valueOf(lab.outcomes().getFirst().dsn().diagnostic()).length() < 2100);
        }
        one.on("RCPT", "250 " + "x".repeat(10_000));
        assertTrue(lab.deliver("dest.test", "a@dest.test").getFirst().startsWith("sent "));
    }

    @Test
    void aServerWithDsnTellsTheSenderItself() throws Exception {
        lab.deliver("dest.test", "a@dest.test");
        assertEquals(Delivery.Goal.RELAYED, goal());
        one.on("EHLO", "250-fake.test\r\n250 DSN");
        lab.deliver("dest.test", "a@dest.test");
        assertEquals(Delivery.Goal.PASSED_ON, goal());
        lab.set("smtp_discard_ehlo_keywords", "dsn");
        lab.deliver("dest.test", "a@dest.test");
        assertEquals(Delivery.Goal.RELAYED, goal());
        one.lmtp().on("LHLO", "250 fake.test");
        lab.by(lab.agent(true), "inet:127.0.0.21:" + one.port(), "a@dest.test");
        assertEquals(Delivery.Goal.DELIVERED, goal());
    }

    private Delivery.Goal goal() {
        return assertInstanceOf(Delivery.Sent.class, lab.outcomes().getFirst()).goal();
    }

    @Test
    void aSocketOfThisMachineHasOurName() throws Exception {
        assertEquals(
                List.of(
                        "deferred none 4.4.1 (connect to me.test[/nonexistent/lmtp]: No such file or directory)"),
                lab.by(lab.agent(true), "unix:/nonexistent/lmtp", "a@dest.test"));
        assertEquals("me.test[private/lmtp]", Target.unix("me.test", "private/lmtp").relay());
    }

    @Test
    void serversWithoutExtensionsAreServed() throws Exception {
        one.on("EHLO", "500 what?");
        assertTrue(
                lab.deliver("dest.test", "a@dest.test", "b@dest.test")
                        .getFirst()
                        .startsWith("sent"));
        assertEquals(
                List.of("EHLO me.test", "HELO me.test", "MAIL FROM:<sender@me.test>"),
                one.commands().subList(0, 3));
    }

    @Test
    void parametersAreSentToWhoAnnouncesThem() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 DSN");
        lab.attribute("encoding", "8bit");
        lab.attribute("ret", "HDRS");
        lab.attribute("envid", "x+41");
        lab.deliver("dest.test", "a@dest.test");
        assertEquals(
                "MAIL FROM:<sender@me.test> SIZE="
                        + Lab.MESSAGE.length()
                        + " BODY=8BITMIME RET=HDRS ENVID=x+41",
                one.commands().get(1));
        assertEquals("RCPT TO:<a@dest.test> ORCPT=rfc822;a@dest.test", one.commands().get(2));
    }

    @Test
    void originalRecipientsAreSaidInTheSyntaxOfTheEnvelope() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250-SMTPUTF8\r\n250 DSN");
        lab.deliver("dest.test", "c d@dest.test", "a+b@dest.test");
        assertEquals(
                "RCPT TO:<\"c d\"@dest.test> ORCPT=rfc822;\"c+20d\"@dest.test",
                one.commands().get(2));
        assertEquals("RCPT TO:<a+b@dest.test> ORCPT=rfc822;a+2Bb@dest.test", one.commands().get(3));
        lab.deliver("dest.test", "\u00fc@dest.test");
        String last = one.commands().stream().filter(c -> c.startsWith("RCPT")).toList().getLast();
        assertTrue(last.endsWith(" ORCPT=utf-8;\u00c3\u00bc@dest.test"), last);
    }

    @Test
    void eightBitContentIsDeclaredOrMadeQuotedPrintable() throws Exception {
        String content =
                String.join(
                        "\r\n",
                        "Subject: s",
                        "MIME-Version: 1.0",
                        "Content-Transfer-Encoding: 8bit",
                        "Content-Type: text/plain; charset=utf-8",
                        "",
                        "J\u00c3\u00b6rg=",
                        ".x ",
                        "");
        lab.attribute("encoding", "8bit");
        lab.send(lab.agent(false), content, "dest.test", "a@dest.test");
        assertTrue(one.commands().get(1).endsWith(" BODY=8BITMIME"), one.commands().get(1));
        one.on("EHLO", "250 fake.test");
        lab.send(lab.agent(false), content, "dest.test", "a@dest.test");
        assertEquals(
                String.join(
                                "\r\n",
                                "Subject: s",
                                "MIME-Version: 1.0",
                                "Content-Type: text/plain; charset=utf-8",
                                "Content-Transfer-Encoding: quoted-printable",
                                "",
                                "J=C3=B6rg=3D",
                                "..x=20",
                                "")
                        .replace("\r\n", "\n"),
                one.messages().getLast());
        lab.set("disable_mime_output_conversion", "yes");
        lab.send(lab.agent(false), content, "dest.test", "a@dest.test");
        assertTrue(one.messages().getLast().contains("J\u00c3\u00b6rg"));
    }

    @Test
    void aHeaderInUtf8GoesToServersThatTakeItOrBounces() throws Exception {
        lab.attribute("utf8_header", "yes");
        assertTrue(
                lab.deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("bounced " + lab.relay(one, "one.test") + " 5.6.7 "));
        one.on("EHLO", "250-fake.test\r\n250 SMTPUTF8");
        lab.assertSentBy(one, "one.test", "dest.test");
        assertEquals(
                "MAIL FROM:<sender@me.test> SMTPUTF8",
                one.commands().stream().filter(c -> c.startsWith("MAIL")).toList().getLast());
    }

    @Test
    void aMessageTooLargeForTheServerBounces() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250 SIZE 10");
        assertEquals(
                List.of(
                        "bounced "
                                + lab.relay(one, "one.test")
                                + " 5.3.4 (message size "
                                + Lab.MESSAGE.length()
                                + " exceeds size limit 10 of server one.test[127.0.0.21])"),
                lab.deliver("dest.test", "a@dest.test"));
    }

    @Test
    void addressesThatNeedUtf8BounceWithoutIt() throws Exception {
        assertTrue(
                lab.deliver("dest.test", "grün@dest.test")
                        .getFirst()
                        .contains(
                                " 5.6.7 (SMTPUTF8 is required, but was not offered by host one.test"));
    }

    @Test
    void largeMessagesTravelWhole() throws Exception {
        var content = new StringBuilder("Subject: big\r\n\r\n");
        for (int i = 0; i < 40_000; i++) {
            content.append(i % 7 == 0 ? "." : "").append("line ").append(i).append("\r\n");
        }
        lab.send(lab.agent(false), content.toString(), "dest.test", "a@dest.test");
        assertEquals(
                content.toString().replace("\r\n.", "\r\n..").replace("\r\n", "\n"),
                one.messages().getFirst());
    }

    @Test
    void tlsIsUsedWhereOfferedAndDemandedWhereMainCfSaysSo() throws Exception {
        Path pem = dir.resolve("tls.pem");
        Files.writeString(pem, SelfSigned.pem("one.test", List.of(), Clock.systemUTC()));
        var server = new TlsServer(new TlsServer.Settings(List.of(pem), ">=TLSv1.2"));
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS").on("STARTTLS", "220 go").tls(server);
        lab.set("smtp_tls_security_level", "encrypt");
        lab.assertSentBy(one, "one.test", "dest.test");
        assertEquals(
                List.of("EHLO me.test", "STARTTLS", "EHLO me.test"), one.commands().subList(0, 3));
        lab.set("smtp_tls_security_level", "verify");
        assertTrue(
                lab.deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .endsWith(
                                "(TLS is required, but was not offered by host two.test[127.0.0.22])"));
        lab.set("smtp_tls_CAfile", pem.toString());
        lab.assertSentBy(one, "one.test", "dest.test");
        lab.set("smtp_tls_security_level", "may");
        one.on("STARTTLS", "454 4.7.0 not now");
        lab.assertSentBy(one, "one.test", "dest.test");
    }

    @Test
    void aBrokenOfferOfTlsIsPassedOver() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS").on("STARTTLS", "220 go\r\nrubbish");
        lab.set("smtp_tls_security_level", "may");
        lab.assertSentBy(one, "one.test", "dest.test");
        assertEquals(2, one.connections());
    }

    @Test
    void aLoginIsAnsweredHoweverItIsAsked() throws Exception {
        knowPassword();
        lab.set("smtp_sasl_security_options", "noanonymous");
        one.on("EHLO", "250-fake.test\r\n250 AUTH LOGIN X-OTHER")
                .on("AUTH LOGIN", "334 Name, please")
                .on(base64("joe"), "334 UGFzc3dvcmQ6")
                .on(base64("secret"), "235 2.7.0 ok");
        assertTrue(lab.deliver("dest.test", "a@dest.test").getFirst().startsWith("sent"));
    }

    @Test
    void aQuestionTooManyEndsTheLogin() throws Exception {
        knowPassword();
        lab.set("smtp_mx_session_limit", "1");
        lab.dns().mx("single.test", 1, "one.test");
        one.on("EHLO", "250-fake.test\r\n250 AUTH CRAM-MD5")
                .on("AUTH CRAM-MD5", "334 " + base64("<1@fake.test>"))
                .on(base64("joe 45bfa9b64574c53357a8884f92a01523"), "334 " + base64("once more"))
                .on("*", "501 5.7.0 given up");
        assertEquals(
                List.of(
                        "deferred "
                                + lab.relay(one, "one.test")
                                + " 4.7.8 (SASL authentication failed; server one.test[127.0.0.21] said: 501 5.7.0 given up)"),
                lab.deliver("single.test", "a@dest.test"));
    }

    private void knowPassword() {
        lab.set("smtp_sasl_auth_enable", "yes");
        lab.set("smtp_sasl_password_maps", "inline:{ one.test=joe:secret }");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
    }

    @Test
    void passwordsAreSentToWhomTheyBelong() throws Exception {
        knowPassword();
        lab.set("smtp_sasl_security_options", "noanonymous");
        String plain = base64("\0joe\0secret");
        one.on("EHLO", "250-fake.test\r\n250 AUTH LOGIN PLAIN")
                .on("AUTH PLAIN " + plain, "235 2.7.0 ok");
        assertTrue(lab.deliver("dest.test", "a@dest.test").getFirst().startsWith("sent"));
        one.on("AUTH PLAIN " + plain, "535 5.7.8 no");
        two.on("CONNECT", "421 no");
        assertTrue(one.commands().contains("AUTH PLAIN " + plain));
        lab.set("smtp_mx_session_limit", "1");
        lab.dns().mx("single.test", 1, "one.test");
        assertEquals(
                List.of(
                        "deferred "
                                + lab.relay(one, "one.test")
                                + " 4.7.8 (SASL authentication failed; server one.test[127.0.0.21] said: 535 5.7.8 no)"),
                lab.deliver("single.test", "a@dest.test"));
        lab.unset("smtp_sasl_security_options");
        assertTrue(
                lab.deliver("single.test", "a@dest.test")
                        .getFirst()
                        .endsWith(
                                "cannot authenticate to server one.test[127.0.0.21]: no mechanism available)"));
    }

    @Test
    void lmtpHasParametersOfItsOwn() throws Exception {
        lab.set("smtp_helo_name", "smtp.test");
        lab.set("smtp_discard_ehlo_keywords", "dsn");
        lab.set("lmtp_lhlo_name", "lmtp.test");
        one.lmtp().on("LHLO", "250-fake.test\r\n250 DSN");
        assertTrue(
                lab.by(lab.agent(true), "[127.0.0.21]", "a@dest.test")
                        .getFirst()
                        .startsWith("sent "));
        assertTrue(one.commands().contains("LHLO lmtp.test"));
        lab.set("lmtp_discard_lhlo_keywords", "dsn");
        lab.set("lmtp_bind_address", "127.0.0.77");
        lab.set("lmtp_line_length_limit", "0");
        lab.set("lmtp_address_verify_target", "data");
        assertTrue(
                lab.by(lab.agent(true), "[127.0.0.21]", "a@dest.test")
                        .getFirst()
                        .startsWith("sent "));
    }

    @Test
    void lmtpHasAReplyForEachRecipient() throws Exception {
        one.lmtp().on("LHLO", "250-fake.test\r\n250 PIPELINING").on(".2", "452 4.2.2 full");
        one.on("RCPT TO:<c@dest.test>", "550 5.1.1 unknown");
        var results =
                lab.by(
                        lab.agent(true),
                        "inet:127.0.0.21:" + one.port(),
                        "a@dest.test",
                        "b@dest.test",
                        "c@dest.test");
        assertTrue(results.get(0).startsWith("sent "));
        assertTrue(results.get(1).endsWith("452 4.2.2 full (in reply to end of DATA command))"));
        assertTrue(results.get(2).startsWith("bounced "));
        assertFalse(one.commands().contains("EHLO me.test"));
    }
}
