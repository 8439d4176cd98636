// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// Addresses are probed: here, at another server, and by sendmail.
class VerifyTest {
    @TempDir Path dir;
    private Instance mx;
    private Instance away;

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"), "mx.test");
        away = Instance.create(dir.resolve("away"), "away.test");
        away.user("carol@away.test", "c").start();
        mx.user("bob@mx.test", "b")
                .set(
                        "relay_domains = away.test",
                        "transport_maps = inline:{{away.test=smtp:[127.0.0.1]:"
                                + away.port(25)
                                + "}}",
                        "unverified_recipient_reject_code = 550",
                        "address_verify_poll_count = 20", // the first probe starts three programs
                        "smtpd_recipient_restrictions = reject_unauth_destination,"
                                + " reject_unverified_recipient",
                        "smtpd_reject_unlisted_recipient = no")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
        away.close();
    }

    @Test
    void recipientsAreAskedForBeforeMailIsTaken() throws IOException {
        try (Wire wire = mx.wire(25)) {
            wire.line();
            wire.ask("HELO client.test");
            wire.ask("MAIL FROM:<a@b.test>");
            assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<bob@mx.test>"));
            assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<carol@away.test>"));
            assertEquals(
                    "550 5.1.1 <nosuch@mx.test>: Recipient address rejected: undeliverable address:"
                            + " unknown user: \"nosuch\"",
                    wire.ask("RCPT TO:<nosuch@mx.test>"));
            String reply = String.valueOf(wire.ask("RCPT TO:<nosuch@away.test>"));
            assertTrue(
                    reply.startsWith(
                            "550 5.1.1 <nosuch@away.test>: Recipient address rejected:"
                                    + " undeliverable address: host 127.0.0.1[127.0.0.1] said: 550"),
                    reply);
        }
        mx.awaitLog("status=deliverable (delivers to ");
        mx.awaitLog("to=<nosuch@away.test>, relay=127.0.0.1[127.0.0.1]");
        mx.awaitEmptyQueue();
        away.awaitEmptyQueue();
        assertTrue(mx.inbox("bob@mx.test").isEmpty());
        assertTrue(away.inbox("carol@away.test").isEmpty());
        Path cache = mx.directory().resolve("data/verify/verify_cache");
        assertTrue(Files.readString(cache).contains("bob@mx.test\tdeliverable\t"));
        mx.stop();
        mx.start();
        away.stop();
        try (Wire wire = mx.wire(25)) {
            wire.line();
            wire.ask("HELO client.test");
            wire.ask("MAIL FROM:<a@b.test>");
            assertEquals("250 2.1.5 Ok", wire.ask("RCPT TO:<carol@away.test>"));
        }
    }

    @Test
    void sendmailReportsWhatWouldBecomeOfAMessage() throws IOException {
        mx.command("sendmail", "-bv", "-f", "bob@mx.test", "bob@mx.test", "nosuch@mx.test")
                .run()
                .ok();
        Await.until("report", () -> !mx.inbox("bob@mx.test").isEmpty());
        mx.awaitEmptyQueue();
        assertEquals(1, mx.inbox("bob@mx.test").size());
        String report = Files.readString(mx.inbox("bob@mx.test").getFirst());
        assertTrue(report.contains("Subject: Mail Delivery Status Report"), report);
        assertTrue(report.contains("<bob@mx.test>: delivers to "), report);
        assertTrue(report.contains("<nosuch@mx.test>: unknown user"), report);
    }

    @Test
    void sendmailReportsWhatBecameOfAMessage() throws IOException {
        mx.command("sendmail", "-v", "-f", "bob@mx.test", "carol@away.test")
                .input("Subject: x\n\ntext\n")
                .run()
                .ok();
        Await.until("report", () -> !mx.inbox("bob@mx.test").isEmpty());
        Await.until("mail", () -> !away.inbox("carol@away.test").isEmpty());
        String report = Files.readString(mx.inbox("bob@mx.test").getFirst());
        assertTrue(report.contains("Action: relayed"), report);
    }
}
