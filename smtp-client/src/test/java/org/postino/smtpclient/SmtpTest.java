// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.global.config.Config;
import org.postino.global.config.SmtpParams;
import org.postino.global.config.TlsParams;
import org.postino.global.delivery.DeliveryRequest;
import org.postino.global.delivery.DeliveryResult;
import org.postino.global.delivery.DeliveryServer;
import org.postino.global.queue.CorruptQueueFileException;
import org.postino.global.queue.Envelope;
import org.postino.global.queue.QueueFile;
import org.postino.global.queue.QueueFileWriter;
import org.postino.global.queue.QueueId;
import org.postino.global.queue.QueueName;
import org.postino.global.queue.Recipient;
import org.postino.global.server.Daemon;
import org.postino.global.smtp.Delivery;
import org.postino.kit.FakeDns;
import org.postino.net.tls.SelfSigned;
import org.postino.net.tls.TlsServer;

@Timeout(30)
class SmtpTest {
    private static final String MESSAGE = "Subject: hi\r\n\r\n.dot\r\nbody\r\n";

    @TempDir Path dir;
    private FakeDns dns;
    private FakeSmtp one;
    private FakeSmtp two;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> attributes = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        dns = FakeDns.start();
        one = FakeSmtp.start("127.0.0.21", 0);
        two = FakeSmtp.start("127.0.0.22", one.port());
        settings.put("dns_servers", dns.address());
        settings.put("smtp_tcp_port", Integer.toString(one.port()));
        settings.put("myhostname", "me.test");
        settings.put("mydomain", "test");
        settings.put("inet_protocols", "ipv4");
        settings.put("smtp_helo_timeout", "2s");
        settings.put("smtp_data_done_timeout", "2s");
        settings.put("smtp_tls_security_level", "");
        dns.mx("dest.test", 10, "one.test").mx("dest.test", 20, "two.test");
        dns.a("one.test", "127.0.0.21").a("two.test", "127.0.0.22");
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
        one.close();
        two.close();
    }

    private record TestDaemon(Config config) implements Daemon {
        @Override
        public String service() {
            return "smtp";
        }

        @Override
        public List<String> arguments() {
            return List.of();
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public Path queueDirectory() {
            return Path.of("/nonexistent");
        }

        @Override
        public boolean draining() {
            return false;
        }

        @Override
        public void onDrain(Runnable r) {}

        @Override
        public void onWakeup(Runnable r) {}

        @Override
        public Work working() {
            return () -> {};
        }
    }

    private Smtp agent(boolean lmtp) {
        return Smtp.start(new TestDaemon(Config.of(settings, SmtpParams.ALL, TlsParams.ALL)), lmtp);
    }

    private List<String> deliver(String nexthop, String... recipients) throws Exception {
        return by(agent(false), nexthop, recipients);
    }

    /// Delivers, and says per recipient `status relay dsn (reason)`.
    private List<String> by(Smtp agent, String nexthop, String... recipients) throws Exception {
        return send(agent, MESSAGE, nexthop, recipients);
    }

    private List<String> send(Smtp agent, String content, String nexthop, String... recipients)
            throws Exception {
        Path file = Files.createTempFile(dir, "queue", "");
        List<Recipient> written = write(file, content, recipients);
        var request =
                new DeliveryRequest(
                        QueueId.parse("4F00012345").orElseThrow(),
                        QueueName.ACTIVE,
                        "TRACE",
                        "sender@me.test",
                        nexthop,
                        written,
                        content.length(),
                        Instant.now(),
                        Instant.now(),
                        attributes);
        var results = DeliveryServer.deliver(agent, request, file, Clock.systemUTC());
        var texts = new ArrayList<String>();
        for (Recipient r : written) {
            for (DeliveryResult result : results) {
                if (result.offset() == r.offset()) {
                    Delivery d = result.outcome();
                    texts.add(
                            d.word()
                                    + " "
                                    + result.relay()
                                    + " "
                                    + d.dsn().status()
                                    + " ("
                                    + d.dsn().reason()
                                    + ")");
                }
            }
        }
        return texts;
    }

    private static List<Recipient> write(Path file, String content, String... recipients)
            throws IOException, CorruptQueueFileException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(new Envelope("sender@me.test", Instant.now(), "TRACE", Map.of()));
            for (String r : recipients) {
                writer.recipient(Recipient.of(r, r, "", ""));
            }
            writer.beginContent();
            byte[] bytes = content.getBytes(ISO_8859_1);
            writer.content(bytes, 0, bytes.length);
            writer.finish();
        }
        try (var opened = QueueFile.open(file, false)) {
            return opened.recipients();
        }
    }

    private String relay(FakeSmtp server, String host) {
        return host + "[127.0.0." + (server == one ? "21" : "22") + "]:" + one.port();
    }

    @Test
    void theBestExchangerGetsTheMessage() throws Exception {
        assertEquals(
                List.of(
                        "sent " + relay(one, "one.test") + " 2.0.0 (250 2.0.0 Ok: queued as FAKE)",
                        "sent " + relay(one, "one.test") + " 2.0.0 (250 2.0.0 Ok: queued as FAKE)"),
                deliver("dest.test", "a@dest.test", "odd one@dest.test"));
        assertEquals(List.of("Subject: hi\n\n..dot\nbody\n"), one.messages());
        assertEquals(
                List.of(
                        "EHLO me.test",
                        "MAIL FROM:<sender@me.test>",
                        "RCPT TO:<a@dest.test>",
                        "RCPT TO:<\"odd one\"@dest.test>",
                        "DATA"),
                one.commands().subList(0, 5));
        assertEquals(0, two.connections());
    }

    @Test
    void aDeadExchangerIsPassedOver() throws Exception {
        one.close();
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "two.test")));
    }

    @Test
    void deadHostsDefer() throws Exception {
        one.close();
        two.close();
        assertEquals(
                List.of(
                        "deferred none 4.4.1 (connect to "
                                + relay(two, "two.test")
                                + ": Connection refused)"),
                deliver("dest.test", "a@dest.test"));
    }

    @Test
    void aServerThatRefusesToTalkIsPassedOver() throws Exception {
        for (String greeting : List.of("421 4.3.2 busy", "554 5.3.2 go away", "CLOSE", "rubbish")) {
            one.on("CONNECT", greeting);
            assertTrue(
                    deliver("dest.test", "a@dest.test").getFirst().startsWith("sent "), greeting);
        }
        two.on("CONNECT", "554 5.3.2 go away");
        assertEquals(
                List.of(
                        "deferred "
                                + relay(two, "two.test")
                                + " 4.3.2 (host two.test[127.0.0.22] refused to talk to me: 554 5.3.2 go away)"),
                deliver("dest.test", "a@dest.test"));
        two.on("CONNECT", "CLOSE");
        assertEquals(
                List.of(
                        "deferred "
                                + relay(two, "two.test")
                                + " 4.4.2 (lost connection with two.test[127.0.0.22] while receiving the initial server greeting)"),
                deliver("dest.test", "a@dest.test"));
        two.on("CONNECT", "MUTE");
        assertEquals(
                List.of(
                        "deferred "
                                + relay(two, "two.test")
                                + " 4.4.2 (conversation with two.test[127.0.0.22] timed out while receiving the initial server greeting)"),
                deliver("dest.test", "a@dest.test"));
    }

    @Test
    void eachRecipientHasItsOwnFate() throws Exception {
        one.on("RCPT TO:<b@dest.test>", "550 5.1.1 no such user")
                .on("RCPT TO:<c@dest.test>", "450 4.2.0 greylisted");
        two.on("RCPT TO:<c@dest.test>", "451 try later");
        assertEquals(
                List.of(
                        "sent " + relay(one, "one.test") + " 2.0.0 (250 2.0.0 Ok: queued as FAKE)",
                        "bounced "
                                + relay(one, "one.test")
                                + " 5.1.1 (host one.test[127.0.0.21] said: 550 5.1.1 no such user (in reply to RCPT TO command))",
                        "deferred "
                                + relay(two, "two.test")
                                + " 4.0.0 (host two.test[127.0.0.22] said: 451 try later (in reply to RCPT TO command))"),
                deliver("dest.test", "a@dest.test", "b@dest.test", "c@dest.test"));
        assertEquals(1, one.messages().size());
        assertEquals(0, two.messages().size());
    }

    @Test
    void aServerThatWantsAMessageForNobodyGetsAnEmptyOne() throws Exception {
        one.lenient().on("RCPT", "550 5.1.1 nobody");
        var agent = agent(false);
        assertTrue(by(agent, "dest.test", "a@dest.test").getFirst().startsWith("bounced "));
        assertEquals(List.of(""), one.messages());
        one.on("RCPT", "250 ok");
        assertTrue(by(agent, "dest.test", "a@dest.test").getFirst().startsWith("sent "));
        assertEquals(1, one.connections());
    }

    @Test
    void refusalsOfTheMessageConcernAllRecipients() throws Exception {
        one.on("MAIL", "550 5.7.1 not you");
        assertTrue(
                deliver("dest.test", "a@dest.test", "b@dest.test")
                        .get(1)
                        .endsWith("said: 550 5.7.1 not you (in reply to MAIL FROM command))"));
        one.on("MAIL", "250 ok").on("DATA", "554 5.5.1 no");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("bounced " + relay(one, "one.test") + " 5.5.1 "));
        one.on("DATA", "354 ok").on(".", "552 5.2.2 too much");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .endsWith("552 5.2.2 too much (in reply to end of DATA command))"));
        one.on(".", "451 4.3.0 later");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "two.test")));
    }

    @Test
    void aConnectionLostAfterTheDotIsNotTriedElsewhere() throws Exception {
        one.on(".", "CLOSE");
        assertEquals(
                List.of(
                        "deferred "
                                + relay(one, "one.test")
                                + " 4.4.2 (lost connection with one.test[127.0.0.21] while sending end of data -- message may be sent more than once)"),
                deliver("dest.test", "a@dest.test"));
        assertEquals(0, two.connections());
        one.on(".", "MUTE");
        assertTrue(deliver("dest.test", "a@dest.test").getFirst().startsWith("deferred "));
        assertEquals(0, two.connections());
    }

    @Test
    void aConnectionLostBeforeTheDotIsTriedElsewhere() throws Exception {
        for (String stage : List.of("MAIL", "RCPT", "DATA")) {
            one.on(stage, "CLOSE");
            assertTrue(
                    deliver("dest.test", "a@dest.test")
                            .getFirst()
                            .startsWith("sent " + relay(two, "two.test")),
                    stage);
            one.on(stage, "421 4.3.2 closing");
            assertTrue(
                    deliver("dest.test", "a@dest.test")
                            .getFirst()
                            .startsWith("sent " + relay(two, "two.test")),
                    stage);
            one.on(stage, stage.equals("DATA") ? "354 ok" : "250 ok");
        }
    }

    @Test
    void serversWithoutExtensionsAreServed() throws Exception {
        one.on("EHLO", "500 what?");
        assertTrue(
                deliver("dest.test", "a@dest.test", "b@dest.test").getFirst().startsWith("sent"));
        assertEquals(
                List.of("EHLO me.test", "HELO me.test", "MAIL FROM:<sender@me.test>"),
                one.commands().subList(0, 3));
    }

    @Test
    void parametersAreSentToWhoAnnouncesThem() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 DSN");
        attributes.put("encoding", "8bit");
        attributes.put("ret", "HDRS");
        attributes.put("envid", "x+41");
        deliver("dest.test", "a@dest.test");
        assertEquals(
                "MAIL FROM:<sender@me.test> SIZE="
                        + MESSAGE.length()
                        + " BODY=8BITMIME RET=HDRS ENVID=x+41",
                one.commands().get(1));
        assertEquals("RCPT TO:<a@dest.test> ORCPT=rfc822;a@dest.test", one.commands().get(2));
    }

    @Test
    void aMessageTooLargeForTheServerBounces() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250 SIZE 10");
        assertEquals(
                List.of(
                        "bounced "
                                + relay(one, "one.test")
                                + " 5.3.4 (message size "
                                + MESSAGE.length()
                                + " exceeds size limit 10 of server one.test[127.0.0.21])"),
                deliver("dest.test", "a@dest.test"));
    }

    @Test
    void addressesThatNeedUtf8BounceWithoutIt() throws Exception {
        assertTrue(
                deliver("dest.test", "grün@dest.test")
                        .getFirst()
                        .contains(
                                " 5.6.7 (SMTPUTF8 is required, but was not offered by host one.test"));
    }

    @Test
    void missingDomainsBounceAndTroubledOnesWait() throws Exception {
        assertEquals(
                List.of(
                        "bounced none 5.4.4 (Host or domain name not found. Name service error for name=none.test type=A: Host not found)"),
                deliver("none.test", "a@none.test"));
        dns.servfail("trouble.test").nullMx("null.test").mx("half.test", 1, "missing.test");
        assertEquals(
                List.of(
                        "deferred none 4.4.3 (Host or domain name not found. Name service error for name=trouble.test type=MX: Host not found, try again)"),
                deliver("trouble.test", "a@trouble.test"));
        assertEquals(
                List.of("bounced none 5.1.0 (Domain null.test does not accept mail (nullMX))"),
                deliver("null.test", "a@null.test"));
        assertEquals(
                List.of(
                        "bounced none 5.4.4 (Host or domain name not found. Name service error for name=missing.test type=A: Host not found)"),
                deliver("half.test", "a@half.test"));
        dns.empty("bare.test");
        assertTrue(
                deliver("bare.test", "a@bare.test")
                        .getFirst()
                        .endsWith("type=A: Host found but no data record of requested type)"));
    }

    @Test
    void aDomainWithoutExchangersIsItsOwn() throws Exception {
        dns.a("plain.test", "127.0.0.22");
        assertTrue(
                deliver("plain.test", "a@plain.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "plain.test")));
    }

    @Test
    void relayHostsAreReachedWithAndWithoutBrackets() throws Exception {
        settings.put("smtp_tcp_port", "25");
        String port = ":" + one.port();
        assertTrue(
                deliver("[two.test]" + port, "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "two.test")));
        assertTrue(
                deliver("[127.0.0.22]" + port, "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "127.0.0.22")));
        assertTrue(
                deliver("dest.test" + port, "a@x.test")
                        .getFirst()
                        .startsWith("sent " + relay(one, "one.test")));
        assertTrue(
                deliver("[none.test]" + port + ", [two.test]" + port, "a@x.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "two.test")));
        assertTrue(deliver("[two.test", "a@x.test").getFirst().startsWith("deferred none 4.3.5 "));
    }

    @Test
    void exchangersNoBetterThanUsAreDropped() throws Exception {
        dns.mx("loop.test", 10, "us.test")
                .mx("loop.test", 20, "two.test")
                .a("us.test", "127.0.0.1");
        assertEquals(
                List.of("bounced none 5.4.6 (mail for loop.test loops back to myself)"),
                deliver("loop.test", "a@loop.test"));
        dns.mx("second.test", 10, "two.test")
                .mx("second.test", 20, "us.test")
                .mx("second.test", 30, "one.test");
        two.on("CONNECT", "421 no");
        assertTrue(
                deliver("second.test", "a@second.test")
                        .getFirst()
                        .startsWith("deferred " + relay(two, "two.test")));
        assertEquals(0, one.connections());
    }

    @Test
    void aServerWithOurNameIsALoop() throws Exception {
        one.on("EHLO", "250 ME.test");
        assertEquals(
                List.of(
                        "bounced "
                                + relay(one, "one.test")
                                + " 5.4.6 (mail for dest.test loops back to myself)"),
                deliver("dest.test", "a@dest.test"));
    }

    @Test
    void theFallbackRelayTakesWhatNobodyElseDoes() throws Exception {
        settings.put("smtp_fallback_relay", "[two.test]");
        assertTrue(
                deliver("none.test", "a@none.test")
                        .getFirst()
                        .startsWith("sent " + relay(two, "two.test")));
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        var agent = agent(false);
        for (int i = 0; i < 3; i++) {
            assertTrue(by(agent, "dest.test", "a@dest.test").getFirst().startsWith("sent"));
        }
        assertEquals(1, one.connections());
        one.on("RCPT TO:<b@dest.test>", "550 no");
        assertTrue(by(agent, "dest.test", "b@dest.test").getFirst().startsWith("bounced"));
        assertTrue(by(agent, "dest.test", "a@dest.test").getFirst().startsWith("sent"));
        assertEquals(1, one.connections());
        one.cut();
        assertTrue(
                by(agent, "dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(one, "one.test")));
        assertEquals(2, one.connections());
    }

    @Test
    void largeMessagesTravelWhole() throws Exception {
        var content = new StringBuilder("Subject: big\r\n\r\n");
        for (int i = 0; i < 40_000; i++) {
            content.append(i % 7 == 0 ? "." : "").append("line ").append(i).append("\r\n");
        }
        send(agent(false), content.toString(), "dest.test", "a@dest.test");
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
        settings.put("smtp_tls_security_level", "encrypt");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(one, "one.test")));
        assertEquals(
                List.of("EHLO me.test", "STARTTLS", "EHLO me.test"), one.commands().subList(0, 3));
        settings.put("smtp_tls_security_level", "verify");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .endsWith(
                                "(TLS is required, but was not offered by host two.test[127.0.0.22])"));
        settings.put("smtp_tls_CAfile", pem.toString());
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(one, "one.test")));
        settings.put("smtp_tls_security_level", "may");
        one.on("STARTTLS", "454 4.7.0 not now");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(one, "one.test")));
    }

    @Test
    void aBrokenOfferOfTlsIsPassedOver() throws Exception {
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS").on("STARTTLS", "220 go\r\nrubbish");
        settings.put("smtp_tls_security_level", "may");
        assertTrue(
                deliver("dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + relay(one, "one.test")));
        assertEquals(2, one.connections());
    }

    @Test
    void passwordsAreSentToWhomTheyBelong() throws Exception {
        settings.put("smtp_sasl_auth_enable", "yes");
        settings.put("smtp_sasl_password_maps", "inline:{ one.test=joe:secret }");
        settings.put("smtp_sasl_security_options", "noanonymous");
        String plain = Base64.getEncoder().encodeToString("\0joe\0secret".getBytes(ISO_8859_1));
        one.on("EHLO", "250-fake.test\r\n250 AUTH LOGIN PLAIN")
                .on("AUTH PLAIN " + plain, "235 2.7.0 ok");
        assertTrue(deliver("dest.test", "a@dest.test").getFirst().startsWith("sent"));
        one.on("AUTH PLAIN " + plain, "535 5.7.8 no");
        two.on("CONNECT", "421 no");
        assertTrue(one.commands().contains("AUTH PLAIN " + plain));
        settings.put("smtp_mx_session_limit", "1");
        dns.mx("single.test", 1, "one.test");
        assertEquals(
                List.of(
                        "deferred "
                                + relay(one, "one.test")
                                + " 4.7.8 (SASL authentication failed; server one.test[127.0.0.21] said: 535 5.7.8 no)"),
                deliver("single.test", "a@dest.test"));
        settings.remove("smtp_sasl_security_options");
        assertTrue(
                deliver("single.test", "a@dest.test")
                        .getFirst()
                        .endsWith(
                                "cannot authenticate to server one.test[127.0.0.21]: no mechanism available)"));
    }

    @Test
    void lmtpHasAReplyForEachRecipient() throws Exception {
        one.lmtp().on("LHLO", "250-fake.test\r\n250 PIPELINING").on(".2", "452 4.2.2 full");
        one.on("RCPT TO:<c@dest.test>", "550 5.1.1 unknown");
        var results =
                by(
                        agent(true),
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
