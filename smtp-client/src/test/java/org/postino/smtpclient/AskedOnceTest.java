// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One delivery request asks a host once, whatever way leads to it: who is told "later" by a server comes back later.
@Timeout(30)
class AskedOnceTest {
    private static final int LETTERS = 8;

    @TempDir Path dir;
    private Lab lab;
    private FakeSmtp one;
    private FakeSmtp two;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        one = lab.one();
        two = lab.two();
        lab.dns().mx("single.test", 10, "one.test");
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA", "."})
    void aKeptConnectionIsNotTakenAgainForWhatItRefused(String stage) throws Exception {
        var agent = lab.agent(false);
        assertSent(agent, "single.test");
        one.on(stage, "450 4.2.0 come back later");
        for (int i = 0; i < LETTERS; i++) {
            assertDeferred(agent, "single.test");
        }
        assertEquals(1 + LETTERS, asked(one, "MAIL"));
        assertEquals(1 + LETTERS, asked(one, "RCPT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA", "."})
    void eachExchangerIsAskedOnce(String stage) throws Exception {
        var agent = lab.agent(false);
        assertSent(agent, "dest.test");
        one.on(stage, "450 4.2.0 come back later");
        two.on(stage, "451 4.3.0 come back later");
        for (int i = 0; i < LETTERS; i++) {
            assertDeferred(agent, "dest.test");
        }
        assertEquals(1 + LETTERS, asked(one, "RCPT"));
        assertEquals(LETTERS, asked(two, "RCPT"));
    }

    @Test
    void aRefusalMidwayLeavesTheOthersAlone() throws Exception {
        var agent = lab.agent(false);
        assertSent(agent, "single.test");
        one.on("RCPT TO:<b@dest.test>", "450 4.2.0 come back later");
        var results = lab.by(agent, "single.test", "a@dest.test", "b@dest.test");
        assertTrue(results.getFirst().startsWith("sent "), results.toString());
        assertTrue(results.getLast().startsWith("deferred "), results.toString());
        assertEquals(2 + 1, asked(one, "RCPT"));
    }

    @Test
    void aHostWithTwoNamesIsOneHost() throws Exception {
        lab.dns().mx("twice.test", 10, "one.test").mx("twice.test", 20, "alias.test");
        lab.dns().a("alias.test", "127.0.0.21");
        one.on("RCPT", "450 4.2.0 come back later");
        assertDeferred(lab.agent(false), "twice.test");
        assertEquals(1, asked(one, "RCPT"));
    }

    @Test
    void aHostInTwoDestinationsIsOneHost() throws Exception {
        one.on("RCPT", "450 4.2.0 come back later");
        assertDeferred(lab.agent(false), "single.test, [one.test], [127.0.0.21]");
        assertEquals(1, asked(one, "RCPT"));
    }

    @Test
    void theFallbackRelayThatRefusedAsExchangerIsNotAskedAgain() throws Exception {
        lab.set("smtp_fallback_relay", "[one.test], [two.test]");
        one.on("RCPT", "450 4.2.0 come back later");
        two.on("RCPT", "450 4.2.0 come back later");
        assertDeferred(lab.agent(false), "dest.test");
        assertEquals(1, asked(one, "RCPT"));
        assertEquals(1, asked(two, "RCPT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO"})
    void aHostThatDoesNotTalkIsNotCalledAgain(String stage) throws Exception {
        lab.set("smtp_fallback_relay", "[one.test]");
        one.on(stage, "450 4.3.2 come back later").on("HELO", "450 4.3.2 come back later");
        assertDeferred(lab.agent(false), "single.test, [one.test]");
        assertEquals(1, one.connections());
        assertEquals(0, asked(one, "RCPT"));
    }

    @Test
    void aHostThatRefusesTlsIsAskedOnceInClear() throws Exception {
        lab.set("smtp_tls_security_level", "may");
        one.on("EHLO", "250-fake.test\r\n250 STARTTLS").on("STARTTLS", "454 4.7.0 not now");
        one.on("RCPT", "450 4.2.0 come back later");
        assertDeferred(lab.agent(false), "single.test");
        assertEquals(1, asked(one, "RCPT"));
        one.on("STARTTLS", "220 go\r\nrubbish");
        assertDeferred(lab.agent(false), "single.test");
        assertEquals(2, asked(one, "RCPT"));
    }

    @Test
    void aKeptConnectionCountsForTheSessionLimit() throws Exception {
        lab.set("smtp_mx_session_limit", "1");
        var agent = lab.agent(false);
        assertSent(agent, "dest.test");
        one.on("RCPT", "450 4.2.0 come back later");
        assertDeferred(agent, "dest.test");
        assertEquals(0, two.connections());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSET", "MAIL"})
    void aKeptConnectionThatIsOverMakesRoomForANewOneToTheSameHost(String stage) throws Exception {
        var agent = lab.agent(false);
        one.on("RCPT", "550 5.1.1 nobody"); // an open transaction: RSET comes first
        lab.by(agent, "single.test", "a@dest.test");
        one.on("RCPT", "250 2.1.5 Ok").once(stage, "421 4.4.2 waited too long");
        assertSent(agent, "single.test");
        assertEquals(2, one.connections());
    }

    private void assertSent(Smtp agent, String nexthop) throws Exception {
        String result = lab.by(agent, nexthop, "a@dest.test").getFirst();
        assertTrue(result.startsWith("sent "), result);
    }

    private void assertDeferred(Smtp agent, String nexthop) throws Exception {
        String result = lab.by(agent, nexthop, "a@dest.test").getFirst();
        assertTrue(result.startsWith("deferred "), result);
    }

    private static long asked(FakeSmtp server, String verb) {
        return server.commands().stream().filter(c -> c.startsWith(verb + " ")).count();
    }
}
