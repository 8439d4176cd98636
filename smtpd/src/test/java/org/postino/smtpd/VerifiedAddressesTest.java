// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.kit.Wire;

/// What verify is asked, and what becomes of its answers.
final class VerifiedAddressesTest {
    private static final String WHY = "host said: 550 nobody here";

    @TempDir Path directory;
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final Queue<String> answers = new ArrayDeque<>();
    private @Nullable SmtpdStage opened;
    private @Nullable ServerSocketChannel verify;

    @BeforeEach
    void setUp() throws IOException {
        opened = new SmtpdStage(directory);
        Files.createDirectories(directory.resolve("private"));
        var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(directory.resolve("private/verify")));
        verify = socket;
        Thread.ofVirtual().start(() -> serve(socket));
        stage().param("smtpd_recipient_restrictions", "reject_unverified_recipient");
        stage().param("smtpd_relay_restrictions", "reject_unauth_destination");
    }

    @AfterEach
    void tearDown() throws IOException {
        stage().close();
        Objects.requireNonNull(verify).close();
    }

    private SmtpdStage stage() {
        return Objects.requireNonNull(opened);
    }

    private void serve(ServerSocketChannel socket) {
        try {
            while (true) {
                try (var c = IpcConnection.over(socket.accept())) {
                    Message m = c.receive();
                    if (m != null) {
                        questions.add(m.request() + " " + m.text("address") + " " + m.text("wait"));
                        String answer = answers.size() > 1 ? answers.remove() : answers.element();
                        c.send(
                                Message.of("status")
                                        .with("status", answer)
                                        .with("text", WHY)
                                        .build());
                    }
                }
            }
        } catch (IOException e) {
            // closed, at the end
        }
    }

    private String rcpt(String sender) throws IOException {
        try (var wire = new Wire(stage().connect())) {
            wire.line();
            wire.ask("HELO client.test");
            wire.ask("MAIL FROM:<" + sender + ">");
            return String.valueOf(wire.ask("RCPT TO:<bob@Local.test>"));
        }
    }

    @Test
    void aGoodRecipientIsTaken() throws IOException {
        answers.add("deliverable");
        assertEquals("250 2.1.5 Ok", rcpt("a@b.test"));
        assertEquals(List.of("query bob@Local.test 0"), questions);
    }

    @Test
    void aBadRecipientIsRefusedWithTheCodesOfMainCf() throws IOException {
        answers.add("undeliverable");
        assertEquals(
                "450 4.1.1 <bob@Local.test>: Recipient address rejected: unverified address: "
                        + WHY,
                rcpt("a@b.test"));
    }

    @Test
    void withAPermanentCodeItIsUndeliverable() throws IOException {
        stage().param("unverified_recipient_reject_code", "550");
        stage().param("unverified_recipient_reject_reason", "Address lookup failed");
        answers.add("undeliverable");
        assertEquals(
                "550 5.1.1 <bob@Local.test>: Recipient address rejected: undeliverable address:"
                        + " Address lookup failed",
                rcpt("a@b.test"));
    }

    @Test
    void aResultIsWaitedFor() throws IOException {
        answers.addAll(List.of("unknown", "unknown", "deliverable"));
        assertEquals("250 2.1.5 Ok", rcpt("a@b.test"));
        assertEquals(
                List.of(
                        "query bob@Local.test 0",
                        "query bob@Local.test 3000",
                        "query bob@Local.test 3000"),
                questions);
    }

    @Test
    void withOnePollNobodyWaits() throws IOException {
        stage().param("address_verify_poll_count", "1");
        answers.add("unknown");
        assertEquals("450 4.1.1", rcpt("a@b.test").substring(0, 9));
        assertEquals(1, questions.size());
    }

    @Test
    void withTheCode250AMessagePassesWithALine() throws IOException {
        stage().param("unverified_recipient_defer_code", "250");
        answers.add("deferred");
        assertEquals("250 2.1.5 Ok", rcpt("a@b.test"));
        stage().awaitLog("permit: RCPT from localhost[127.0.0.1]: \"unverified address: " + WHY);
    }

    @Test
    void whileVerifyIsAwayNobodyIsRefusedForGood() throws IOException {
        stage().param("unverified_recipient_reject_code", "550");
        stage().param("address_verify_service_name", "nosuch");
        assertEquals(
                "450 4.1.1 <bob@Local.test>: Recipient address rejected: address verification problem",
                rcpt("a@b.test"));
    }

    @Test
    void sendersAreAskedForButThoseOfProbesAndNobody() throws IOException {
        stage().param("smtpd_recipient_restrictions", "");
        stage().param("smtpd_sender_restrictions", "reject_unverified_sender");
        answers.add("undeliverable");
        assertEquals(
                "450 4.1.7 <a@b.test>: Sender address rejected: unverified address: " + WHY,
                rcpt("a@b.test"));
        assertEquals("250 2.1.5 Ok", rcpt(""));
        assertEquals("250 2.1.5 Ok", rcpt("double-bounce@mx.test"));
        assertEquals(1, questions.size());
    }
}
