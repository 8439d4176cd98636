// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.kit.Await;
import org.postino.kit.FreePort;
import org.postino.kit.Wire;

/// What policy servers are asked, what becomes of their answers, and what of none.
final class PolicyServiceTest {
    private static final String PROBLEM =
            "451 4.3.5 <bob@local.test>: Recipient address rejected: Server configuration problem";

    @TempDir Path directory;
    private @Nullable SmtpdStage opened;
    private @Nullable FakePolicy server;

    @BeforeEach
    void setUp() throws IOException {
        opened = new SmtpdStage(directory);
        server = FakePolicy.tcp();
        stage().param("smtpd_policy_service_retry_delay", "0s");
    }

    @AfterEach
    void tearDown() throws IOException {
        stage().close();
        policy().close();
    }

    private SmtpdStage stage() {
        return Objects.requireNonNull(opened);
    }

    private FakePolicy policy() {
        return Objects.requireNonNull(server);
    }

    private void recipients(String argument) {
        stage().param(
                        "smtpd_recipient_restrictions",
                        "check_policy_service " + argument + ", reject_unauth_destination");
    }

    private List<String> say(String... commands) throws IOException {
        try (var wire = new Wire(stage().connect())) {
            var replies = new ArrayList<String>();
            wire.line();
            for (String command : commands) {
                replies.add(String.valueOf(wire.ask(command)));
            }
            return replies;
        }
    }

    private String rcpt() throws IOException {
        return say("HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob@local.test>")
                .getLast();
    }

    @Test
    void theRequestIsThatOfPostfix() throws IOException {
        recipients("{ " + policy().place() + ", policy_context=here }");
        try (var wire = new Wire(stage().connect())) {
            wire.line();
            wire.ask("HELO client.test");
            wire.ask("MAIL FROM:<a@b.test> SIZE=1234");
            wire.ask("RCPT TO:<\"b b\"@local.test>");
            int port = wire.socket().getLocalPort();
            var version = policy().values("mail_version").getFirst();
            var instance = policy().values("instance").getFirst();
            assertEquals(
                    List.of(
                            "request=smtpd_access_policy",
                            "protocol_state=RCPT",
                            "protocol_name=SMTP",
                            "client_address=127.0.0.1",
                            "client_name=localhost",
                            "client_port=" + port,
                            "reverse_client_name=localhost",
                            "server_address=127.0.0.1",
                            "server_port=" + wire.socket().getPort(),
                            "helo_name=client.test",
                            "sender=a@b.test",
                            "recipient=b b@local.test",
                            "recipient_count=0",
                            "queue_id=",
                            "instance=" + instance,
                            "size=1234",
                            "etrn_domain=",
                            "stress=",
                            "sasl_method=",
                            "sasl_username=",
                            "sasl_sender=",
                            "ccert_subject=",
                            "ccert_issuer=",
                            "ccert_fingerprint=",
                            "ccert_pubkey_fingerprint=",
                            "encryption_protocol=",
                            "encryption_cipher=",
                            "encryption_keysize=0",
                            "policy_context=here",
                            "compatibility_level=3.11",
                            "mail_version=" + version),
                    policy().requests.getFirst().lines().toList());
            assertTrue(!instance.isEmpty() && !version.isEmpty());
        }
    }

    @Test
    void eachStageSaysWhatIsKnownThen() throws IOException {
        String ask = "check_policy_service " + policy().place();
        stage().param("smtpd_delay_reject", "no");
        for (String list : List.of("client", "helo", "sender")) {
            stage().param("smtpd_" + list + "_restrictions", ask);
        }
        recipients(policy().place());
        say(
                "HELO client.test",
                "MAIL FROM:<a@b.test>",
                "RCPT TO:<bob@local.test>",
                "VRFY bob@local.test");
        assertEquals(
                List.of("CONNECT", "HELO", "MAIL", "RCPT", "VRFY"),
                policy().values("protocol_state"));
        assertEquals(
                List.of("", "client.test", "client.test", "client.test", "client.test"),
                policy().values("helo_name"));
        assertEquals(
                List.of("", "", "a@b.test", "a@b.test", "a@b.test"), policy().values("sender"));
        assertEquals(List.of("", "", ""), policy().values("instance").subList(0, 3));
    }

    @Test
    void twoRecipientsAndTheContent() throws IOException {
        String ask = "check_policy_service " + policy().place();
        stage().param("smtpd_client_restrictions", ask);
        stage().param("smtpd_data_restrictions", ask);
        stage().param("smtpd_end_of_data_restrictions", ask);
        recipients(policy().place());
        say(
                "HELO client.test",
                "MAIL FROM:<a@b.test> SIZE=99",
                "RCPT TO:<bob@local.test>",
                "RCPT TO:<alice@local.test>",
                "DATA",
                "Subject: x\r\n\r\nhallo\r\n.",
                "MAIL FROM:<>",
                "RCPT TO:<bob@local.test>");
        assertEquals(
                List.of("RCPT", "RCPT", "RCPT", "RCPT", "DATA", "END-OF-MESSAGE", "RCPT", "RCPT"),
                policy().values("protocol_state"));
        assertEquals(
                List.of("0", "0", "0", "0", "2", "2", "0", "0"),
                policy().values("recipient_count"));
        assertEquals(
                List.of("99", "99", "99", "99", "99", "21", "0", "0"), policy().values("size"));
        var ids = policy().values("queue_id");
        assertEquals(List.of("", ""), ids.subList(0, 2));
        assertEquals(1, ids.subList(2, 6).stream().distinct().count());
        assertTrue(!ids.get(2).isEmpty() && ids.get(6).isEmpty(), ids.toString());
        var instances = policy().values("instance");
        assertEquals(1, instances.subList(0, 6).stream().distinct().count());
        assertEquals(2, instances.stream().distinct().count());
        assertEquals(1, policy().connections.get());
    }

    @Test
    void chunksAreAskedAboutAsData() throws IOException {
        stage().param("smtpd_data_restrictions", "check_policy_service " + policy().place());
        say(
                "HELO client.test",
                "MAIL FROM:<a@b.test>",
                "RCPT TO:<bob@local.test>",
                "BDAT 2 LAST\r\n");
        assertEquals(List.of("DATA"), policy().values("protocol_state"));
        assertEquals(List.of("bob@local.test"), policy().values("recipient"));
        assertEquals(List.of("1"), policy().values("recipient_count"));
    }

    @Test
    void anAnswerIsAnActionOfAccessTables() throws IOException {
        recipients(policy().place());
        policy().says("DUNNO");
        assertEquals("250 2.1.5 Ok", rcpt());
        policy().says("DEFER_IF_PERMIT Greylisted");
        assertEquals("450 4.7.1 <bob@local.test>: Recipient address rejected: Greylisted", rcpt());
        policy().answer = _ -> "x=y\nAction=no\naction= 550 5.7.1 go away \naction=OK\n\n";
        assertEquals("550 5.7.1 <bob@local.test>: Recipient address rejected: go away", rcpt());
        policy().says("reject_unauth_destination, reject");
        assertEquals(
                "554 5.7.1 <bob@local.test>: Recipient address rejected: Access denied", rcpt());
        policy().says("421 4.7.0 bye");
        assertEquals("421 4.7.0 <bob@local.test>: Recipient address rejected: bye", rcpt());
        policy().says("nonsense");
        assertEquals("451 4.3.5 Server configuration error", rcpt());
        policy().says("");
        assertEquals("250 2.1.5 Ok", rcpt());
        stage().awaitLog("has sent an empty action");
        assertEquals(1, policy().connections.get());
    }

    @Test
    void aServerThatIsNotThereIsTriedTwice() throws IOException {
        int port = FreePort.find();
        recipients("inet:127.0.0.1:" + port);
        assertEquals(PROBLEM, rcpt());
        var log = stage().log();
        String name = "127.0.0.1:" + port + ": Connection refused";
        assertEquals(2, count(log, "warning: connect to " + name));
        assertEquals(2, count(log, "warning: problem talking to server " + name));
    }

    private static long count(List<String> log, String line) {
        return log.stream().filter(l -> l.contains(line)).count();
    }

    @Test
    void theDefaultActionStandsInForAnAnswer() throws IOException {
        recipients("{ unix:private/nowhere, try_limit=1, { default_action = DEFER 4.7.9 later } }");
        assertEquals("450 4.7.9 <bob@local.test>: Recipient address rejected: later", rcpt());
        stage().awaitLog("problem talking to server private/nowhere: No such file or directory");
    }

    @Test
    void aServerThatIsSilentIsLeft() throws IOException {
        recipients("{ " + policy().place() + ", timeout=1s, try_limit=1 }");
        policy().answer = _ -> "";
        assertEquals(PROBLEM, rcpt());
        stage().awaitLog(
                        "problem talking to server "
                                + policy().address()
                                + ": Connection timed out");
    }

    @Test
    void rubbishIsNoAnswer() throws IOException {
        recipients(policy().place());
        for (String rubbish :
                List.of("\n", "rubbish\n\n", "x=" + "y".repeat(9000) + "\n\n", "x\n".repeat(200))) {
            policy().answer = _ -> rubbish;
            assertEquals(PROBLEM, rcpt());
        }
        stage().awaitLog("missing attribute action in input from " + policy().address());
        stage().awaitLog("problem talking to server " + policy().address() + ": Application error");
    }

    @Test
    void aServerThatHangsUpIsAskedAgain() throws IOException {
        recipients(policy().place());
        policy().answer = _ -> policy().requests.size() == 1 ? "close" : "action=DUNNO\n\n";
        assertEquals("250 2.1.5 Ok", rcpt());
        assertEquals(2, policy().connections.get());
        policy().answer = _ -> "close";
        assertEquals(PROBLEM, rcpt());
        stage().awaitLog("problem talking to server " + policy().address() + ": Connection lost");
    }

    @Test
    void aKeptConnectionThatWasClosedIsReplacedAtOnce() throws IOException {
        recipients("{ " + policy().place() + ", try_limit=1 }");
        assertEquals("250 2.1.5 Ok", rcpt());
        policy().hangUp();
        assertEquals("250 2.1.5 Ok", rcpt());
        assertEquals(2, policy().connections.get());
    }

    @Test
    void anAnswerTooManyIsNotTheNextClients() throws IOException {
        recipients(policy().place());
        policy().answer = _ -> "action=DUNNO\n\naction=REJECT\n\n";
        assertEquals("250 2.1.5 Ok", rcpt());
        assertEquals("250 2.1.5 Ok", rcpt());
        assertEquals(2, policy().connections.get());
        stage().awaitLog("warning: unexpected input from " + policy().address());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAServerSaysUnaskedIsNoAnswer(boolean tcp) throws IOException {
        Path path = directory.resolve("policy");
        try (FakePolicy server = tcp ? FakePolicy.tcp() : FakePolicy.unix(path)) {
            recipients(tcp ? server.place() : "unix:" + path);
            assertEquals("250 2.1.5 Ok", rcpt());
            server.sayUnasked("action=REJECT\n\n");
            assertEquals("250 2.1.5 Ok", rcpt());
            assertEquals(2, server.connections.get());
        }
    }

    @Test
    void aConnectionCarriesNoMoreRequestsThanItMay() throws IOException {
        recipients("{ " + policy().place() + ", request_limit=2 }");
        for (int i = 0; i < 4; i++) {
            assertEquals("250 2.1.5 Ok", rcpt());
        }
        assertEquals(2, policy().connections.get());
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        recipients("{ " + policy().place() + ", max_idle=1s }");
        assertEquals("250 2.1.5 Ok", rcpt());
        Await.until("the connection is closed", () -> policy().ended.get() == 1);
    }

    @Test
    void aSessionThatWaitsHoldsUpNoOther() throws IOException {
        recipients(policy().place());
        var go = new CountDownLatch(1);
        policy().answer =
                request -> {
                    if (request.contains("sender=slow@b.test")) {
                        await(go);
                    }
                    return "action=DUNNO\n\n";
                };
        try (var slow = new Wire(stage().connect())) {
            slow.line();
            slow.ask("HELO slow.test");
            slow.ask("MAIL FROM:<slow@b.test>");
            slow.send("RCPT TO:<bob@local.test>\r\n");
            Await.until("asked", () -> policy().requests.size() == 1);
            assertEquals("250 2.1.5 Ok", rcpt());
            go.countDown();
            assertEquals("250 2.1.5 Ok", slow.line());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void serversMayBeUnixSocketsAndHostsByName() throws IOException {
        Files.createDirectories(directory.resolve("private"));
        try (var unix = FakePolicy.unix(directory.resolve("private/policy"))) {
            unix.says("DUNNO");
            String place = policy().place().replace("127.0.0.1", "policy.test");
            stage().directive("dns", "policy.test. A 127.0.0.1");
            policy().says("DEFER by name");
            recipients("unix:private/policy, check_policy_service " + place);
            assertEquals("450 4.7.1 <bob@local.test>: Recipient address rejected: by name", rcpt());
            assertEquals(1, unix.requests.size());
        }
    }
}
