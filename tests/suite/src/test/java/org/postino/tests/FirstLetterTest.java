// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Instance;

/// One letter through every daemon, each a process of its own.
class FirstLetterTest {
    @TempDir Path dir;
    private Instance mx;

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user("alice@mx.test", "secret-a").user("bob@mx.test", "secret-b").start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    @Test
    void aLetterGoesInBySmtpAndOutByPop3AndImap() throws IOException {
        String id =
                mx.send("alice@mx.test", "bob@mx.test", "Subject: hello\n\nDear Bob\n.. dots\n");
        mx.awaitLog(id + ": removed");
        try (var pop = mx.wire(110)) {
            pop.linesTo("+OK");
            pop.ask("USER bob@mx.test");
            assertTrue(String.valueOf(pop.ask("PASS secret-b")).startsWith("+OK"));
            pop.send("RETR 1\r\n");
            String letter = pop.linesToDot();
            assertTrue(letter.contains("Return-Path: <alice@mx.test>"), letter);
            assertTrue(letter.contains("Dear Bob"), letter);
            assertTrue(letter.contains("with ESMTP id " + id), letter);
            assertTrue(String.valueOf(pop.ask("QUIT")).startsWith("+OK"));
        }
        try (var imap = mx.wire(143)) {
            imap.linesTo("* OK");
            imap.send("a LOGIN bob@mx.test secret-b\r\n");
            assertTrue(imap.linesTo("a ").contains("a OK"));
            imap.send("b SELECT INBOX\r\n");
            assertTrue(imap.linesTo("b ").contains("* 1 EXISTS"));
            imap.send("c FETCH 1 BODY[HEADER.FIELDS (SUBJECT)]\r\n");
            assertTrue(imap.linesTo("c ").contains("Subject: hello"));
            imap.send("d LOGOUT\r\n");
            assertTrue(imap.linesTo("d ").contains("* BYE"));
        }
    }

    @Test
    void sendmailHandsALetterToPickup() throws IOException {
        mx.command("sendmail", "-f", "alice@mx.test", "bob@mx.test")
                .input("Subject: by hand\n\ntext\n")
                .run()
                .ok();
        String line = mx.awaitLog("pickup");
        mx.awaitLog("status=sent");
        mx.awaitEmptyQueue();
        assertEquals(1, mx.inbox("bob@mx.test").size(), line);
        String letter = Files.readString(mx.inbox("bob@mx.test").getFirst());
        assertTrue(letter.contains("Message-Id: <") || letter.contains("Message-ID: <"), letter);
        assertTrue(letter.contains("\nDate: "), letter);
        assertTrue(letter.contains("\nFrom: "), letter);
    }

    @Test
    void aDroppedLetterWaitsWhileTheSuiteIsDown() throws IOException {
        mx.stop();
        mx.command("sendmail", "-f", "alice@mx.test", "bob@mx.test")
                .input("Subject: later\n\ntext\n")
                .run()
                .ok();
        assertEquals(0, mx.inbox("bob@mx.test").size());
        mx.start();
        mx.awaitLog("status=sent");
        assertEquals(1, mx.inbox("bob@mx.test").size());
    }

    @Test
    void strangersMustNotRelay() throws IOException {
        mx.set("mynetworks = 192.0.2.0/24");
        mx.reload();
        try (var smtp = mx.wire(25)) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            smtp.linesTo("250 ");
            smtp.ask("MAIL FROM:<a@b.test>");
            String reply = smtp.ask("RCPT TO:<x@elsewhere.test>");
            assertEquals("454 4.7.1 <x@elsewhere.test>: Relay access denied", reply);
        }
    }

    @Test
    void whoLogsInMayRelay() throws IOException {
        mx.set("mynetworks = 192.0.2.0/24", "relayhost = [127.0.0.1]:1");
        mx.reload();
        try (var smtp = mx.wire(587)) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            assertTrue(smtp.linesTo("250 ").contains("AUTH"));
            String token =
                    Base64.getEncoder()
                            .encodeToString(
                                    "\0alice@mx.test\0secret-a"
                                            .getBytes(StandardCharsets.US_ASCII));
            assertEquals("235 2.7.0 Authentication successful", smtp.ask("AUTH PLAIN " + token));
            smtp.ask("MAIL FROM:<alice@mx.test>");
            assertEquals("250 2.1.5 Ok", smtp.ask("RCPT TO:<x@elsewhere.test>"));
        }
    }

    @Test
    void aLetterToNobodyComesBackAsANotification() throws IOException {
        mx.command("sendmail", "-f", "alice@mx.test", "nobody-here@mx.test")
                .input("Subject: to nobody\n\ntext\n")
                .run()
                .ok();
        mx.awaitLog("status=bounced");
        mx.awaitLog("sender non-delivery notification");
        mx.awaitEmptyQueue();
        assertEquals(1, mx.inbox("alice@mx.test").size());
        String report = Files.readString(mx.inbox("alice@mx.test").getFirst());
        assertTrue(report.contains("multipart/report"), report);
        assertTrue(report.contains("Final-Recipient: rfc822; nobody-here@mx.test"), report);
        assertTrue(report.contains("Status: 5.1.1"), report);
        assertTrue(report.contains("Subject: to nobody"), report);
    }
}
