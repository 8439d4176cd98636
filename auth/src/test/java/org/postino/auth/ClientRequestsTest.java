// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.kit.Await;
import org.postino.mailstore.MailParams;
import org.postino.sasl.SaslMechanisms;
import org.postino.suite.AuthParams;
import org.postino.util.ByteReader;

/// What becomes of the exchanges of one client, in time that the test makes pass.
class ClientRequestsTest {
    private static final Duration DELAY = Duration.ofSeconds(3);
    private static final Duration USERS_CHECK = Duration.ofMillis(1);
    private static final Duration STRANGERS_CHECK = Duration.ofSeconds(1);

    private final ManualPace clock = new ManualPace();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ClientRequests requests = session().clients();

    private AuthSession session() {
        var config = Config.of(Map.of(), AuthParams.ALL, MailParams.ALL);
        var names = Names.of(config);
        var accounts = new PasswdFiles(List.of(), "");
        var authenticator =
                new Authenticator(
                        Userdb.of(List.of(), names, accounts, new SystemAccounts(names, 1000)),
                        new Passwords(
                                names,
                                List.of(new Bobs()),
                                (_, _) -> clock.advance(STRANGERS_CHECK),
                                false),
                        new Penalties(DELAY, Clock.systemUTC()),
                        SaslMechanisms.ALL,
                        clock);
        var in = new ByteReader(new ByteArrayInputStream(new byte[0]), 64);
        return new AuthSession(authenticator, in, said, () -> {}, Duration.ZERO);
    }

    private String heard() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private void begin(int id) {
        assertTrue(requests.handle(List.of("AUTH", Integer.toString(id), "LOGIN", "service=imap")));
    }

    @Test
    void whatAClientForgotToCancelIsForgottenInTheEnd() {
        for (int id = 1; id <= 2000; id++) {
            begin(id);
        }
        begin(2001);
        assertTrue(heard().contains("FAIL\t2001\ttemp"));
        assertFalse(requests.isIdle());
        clock.advance(Duration.ofMinutes(9));
        requests.handle(List.of("CONT", "7", "Ym9i"));
        clock.advance(Duration.ofMinutes(2));
        begin(2002);
        assertTrue(heard().contains("CONT\t2002\t"));
        requests.handle(List.of("CONT", "8", "Ym9i"));
        assertTrue(heard().contains("FAIL\t8\treason=no such authentication"));
        requests.handle(List.of("CANCEL", "7"));
        requests.handle(List.of("CANCEL", "2002"));
        assertTrue(requests.isIdle());
        assertEquals(List.of(), clock.pauses);
    }

    @Test
    void aNulIsAWrongPasswordInEachMechanism() {
        requests.handle(List.of("AUTH", "1", "PLAIN", "resp=AA=="));
        requests.handle(List.of("AUTH", "2", "LOGIN", "resp=AA=="));
        requests.handle(List.of("AUTH", "3", "LOGIN", "resp=Ym9i"));
        requests.handle(List.of("CONT", "3", "AA=="));
        for (String answer :
                List.of(
                        "FAIL\t1\treason=invalid PLAIN response\n",
                        "FAIL\t2\treason=invalid LOGIN response\n",
                        "FAIL\t3\tuser=bob\treason=invalid LOGIN response\n")) {
            Await.until(answer, () -> heard().contains(answer));
        }
        assertEquals(List.of(DELAY, DELAY, DELAY), clock.pauses);
    }

    @Test
    void theDelayCountsFromThePasswordAndHidesWhetherTheUserExists() {
        begin(1);
        clock.advance(Duration.ofMinutes(1));
        requests.handle(List.of("CONT", "1", "Ym9i"));
        clock.advance(Duration.ofMinutes(1));
        requests.handle(List.of("CONT", "1", "eA=="));
        Await.until("bob is refused", () -> heard().contains("FAIL\t1\tuser=bob\n"));
        assertEquals(List.of(DELAY.minus(USERS_CHECK)), clock.pauses);
        begin(2);
        clock.advance(Duration.ofMinutes(1));
        requests.handle(List.of("CONT", "2", "ZXZl"));
        requests.handle(List.of("CONT", "2", "eA=="));
        Await.until("eve is refused", () -> heard().contains("FAIL\t2\tuser=eve\n"));
        assertEquals(DELAY.minus(STRANGERS_CHECK), clock.pauses.getLast());
    }

    /// Knows bob, and takes its time to refuse him.
    private final class Bobs implements Passdb {
        @Override
        public String label() {
            return "bobs";
        }

        @Override
        public Optional<PasswdEntry> find(String canonical) {
            return canonical.equals("bob")
                    ? Optional.of(new PasswdEntry("bob", "", "1", "1", "/", Map.of()))
                    : Optional.empty();
        }

        @Override
        public CheckResult check(PasswdEntry account, String password, String remoteAddress) {
            clock.advance(USERS_CHECK);
            return new CheckResult.Wrong();
        }
    }
}
