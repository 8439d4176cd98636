// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FakeDns;

/// Which server gets a message, and what becomes of it when that server fails.
@Timeout(30)
class RoutingTest {
    @TempDir Path dir;
    private Lab lab;
    private FakeDns dns;
    private FakeSmtp one;
    private FakeSmtp two;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        dns = lab.dns();
        one = lab.one();
        two = lab.two();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void theBestExchangerGetsTheMessage() throws Exception {
        assertEquals(
                List.of(
                        "sent "
                                + lab.relay(one, "one.test")
                                + " 2.0.0 (250 2.0.0 Ok: queued as FAKE)",
                        "sent "
                                + lab.relay(one, "one.test")
                                + " 2.0.0 (250 2.0.0 Ok: queued as FAKE)"),
                lab.deliver("dest.test", "a@dest.test", "odd one@dest.test"));
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
        lab.assertSentBy(two, "two.test", "dest.test");
    }

    @Test
    void deadHostsDefer() throws Exception {
        one.close();
        two.close();
        assertEquals(
                List.of(
                        "deferred none 4.4.1 (connect to "
                                + lab.relay(two, "two.test")
                                + ": Connection refused)"),
                lab.deliver("dest.test", "a@dest.test"));
    }

    @Test
    void aServerThatRefusesToTalkIsPassedOver() throws Exception {
        for (String greeting : List.of("421 4.3.2 busy", "554 5.3.2 go away", "CLOSE", "rubbish")) {
            one.on("CONNECT", greeting);
            assertTrue(
                    lab.deliver("dest.test", "a@dest.test").getFirst().startsWith("sent "),
                    greeting);
        }
        two.on("CONNECT", "554 5.3.2 go away");
        assertEquals(
                List.of(
                        "deferred "
                                + lab.relay(two, "two.test")
                                + " 4.3.2 (host two.test[127.0.0.22] refused to talk to me: 554 5.3.2 go away)"),
                lab.deliver("dest.test", "a@dest.test"));
        two.on("CONNECT", "CLOSE");
        assertEquals(
                List.of(
                        "deferred "
                                + lab.relay(two, "two.test")
                                + " 4.4.2 (lost connection with two.test[127.0.0.22] while receiving the initial server greeting)"),
                lab.deliver("dest.test", "a@dest.test"));
        two.on("CONNECT", "MUTE");
        assertEquals(
                List.of(
                        "deferred "
                                + lab.relay(two, "two.test")
                                + " 4.4.2 (conversation with two.test[127.0.0.22] timed out while receiving the initial server greeting)"),
                lab.deliver("dest.test", "a@dest.test"));
    }

    @Test
    void aConnectionLostAfterTheDotIsNotTriedElsewhere() throws Exception {
        one.on(".", "CLOSE");
        assertEquals(
                List.of(
                        "deferred "
                                + lab.relay(one, "one.test")
                                + " 4.4.2 (lost connection with one.test[127.0.0.21] while sending end of data -- message may be sent more than once)"),
                lab.deliver("dest.test", "a@dest.test"));
        assertEquals(0, two.connections());
        one.on(".", "MUTE");
        assertTrue(lab.deliver("dest.test", "a@dest.test").getFirst().startsWith("deferred "));
        assertEquals(0, two.connections());
    }

    @Test
    void aConnectionLostBeforeTheDotIsTriedElsewhere() throws Exception {
        for (String stage : List.of("MAIL", "RCPT", "DATA")) {
            one.on(stage, "CLOSE");
            lab.assertSentBy(two, "two.test", "dest.test");
            one.on(stage, "421 4.3.2 closing");
            lab.assertSentBy(two, "two.test", "dest.test");
            one.on(stage, stage.equals("DATA") ? "354 ok" : "250 ok");
        }
    }

    @Test
    void missingDomainsBounceAndTroubledOnesWait() throws Exception {
        assertEquals(
                List.of(
                        "bounced none 5.4.4 (Host or domain name not found. Name service error for name=none.test type=A: Host not found)"),
                lab.deliver("none.test", "a@none.test"));
        dns.servfail("trouble.test").nullMx("null.test").mx("half.test", 1, "missing.test");
        assertEquals(
                List.of(
                        "deferred none 4.4.3 (Host or domain name not found. Name service error for name=trouble.test type=MX: Host not found, try again)"),
                lab.deliver("trouble.test", "a@trouble.test"));
        assertEquals(
                List.of("bounced none 5.1.0 (Domain null.test does not accept mail (nullMX))"),
                lab.deliver("null.test", "a@null.test"));
        assertEquals(
                List.of(
                        "bounced none 5.4.4 (Host or domain name not found. Name service error for name=missing.test type=A: Host not found)"),
                lab.deliver("half.test", "a@half.test"));
        dns.empty("bare.test");
        assertTrue(
                lab.deliver("bare.test", "a@bare.test")
                        .getFirst()
                        .endsWith("type=A: Host found but no data record of requested type)"));
    }

    @Test
    void aDomainWithoutExchangersIsItsOwn() throws Exception {
        dns.a("plain.test", "127.0.0.22");
        lab.assertSentBy(two, "plain.test", "plain.test");
    }

    @Test
    void relayHostsAreReachedWithAndWithoutBrackets() throws Exception {
        lab.set("smtp_tcp_port", "25");
        String port = ":" + one.port();
        lab.assertSentBy(two, "two.test", "[two.test]" + port);
        lab.assertSentBy(two, "127.0.0.22", "[127.0.0.22]" + port);
        lab.assertSentBy(one, "one.test", "dest.test" + port);
        lab.assertSentBy(two, "two.test", "[none.test]" + port + ", [two.test]" + port);
        assertTrue(
                lab.deliver("[two.test", "a@x.test").getFirst().startsWith("deferred none 4.3.5 "));
    }

    @Test
    void exchangersNoBetterThanUsAreDropped() throws Exception {
        dns.mx("loop.test", 10, "us.test")
                .mx("loop.test", 20, "two.test")
                .a("us.test", "127.0.0.1");
        assertEquals(
                List.of("bounced none 5.4.6 (mail for loop.test loops back to myself)"),
                lab.deliver("loop.test", "a@loop.test"));
        dns.mx("second.test", 10, "two.test")
                .mx("second.test", 20, "us.test")
                .mx("second.test", 30, "one.test");
        two.on("CONNECT", "421 no");
        assertTrue(
                lab.deliver("second.test", "a@second.test")
                        .getFirst()
                        .startsWith("deferred " + lab.relay(two, "two.test")));
        assertEquals(0, one.connections());
    }

    @Test
    void aServerWithOurNameIsALoop() throws Exception {
        one.on("EHLO", "250 ME.test");
        assertEquals(
                List.of(
                        "bounced "
                                + lab.relay(one, "one.test")
                                + " 5.4.6 (mail for dest.test loops back to myself)"),
                lab.deliver("dest.test", "a@dest.test"));
    }

    @Test
    void theFallbackRelayTakesWhatNobodyElseDoes() throws Exception {
        lab.set("smtp_fallback_relay", "[two.test]");
        lab.assertSentBy(two, "two.test", "none.test");
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        var agent = lab.agent(false);
        for (int i = 0; i < 3; i++) {
            assertTrue(lab.by(agent, "dest.test", "a@dest.test").getFirst().startsWith("sent"));
        }
        assertEquals(1, one.connections());
        one.on("RCPT TO:<b@dest.test>", "550 no");
        assertTrue(lab.by(agent, "dest.test", "b@dest.test").getFirst().startsWith("bounced"));
        assertTrue(lab.by(agent, "dest.test", "a@dest.test").getFirst().startsWith("sent"));
        assertEquals(1, one.connections());
        one.cut();
        assertTrue(
                lab.by(agent, "dest.test", "a@dest.test")
                        .getFirst()
                        .startsWith("sent " + lab.relay(one, "one.test")));
        assertEquals(2, one.connections());
    }
}
