// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.kit.Await;
import org.postino.kit.FreePort;
import org.postino.kit.Wire;

/// A filter before the queue: what it hears, and what the client hears of it.
final class ProxyFilterTest {
    private static final String LATER = "451 4.3.0 Error: queue file write error";
    private static final String MAIL = "MAIL FROM:<a@b.test> SIZE=100 BODY=8BITMIME";
    private static final String RCPT = "RCPT TO:<bob@local.test> NOTIFY=NEVER";
    private static final String TEXT = "Subject: x\r\n\r\n..dot\r\nhi\r\n.";

    @TempDir Path directory;
    private @Nullable SmtpdStage opened;
    private @Nullable FakeFilter server;

    @BeforeEach
    void setUp() throws IOException {
        opened = new SmtpdStage(directory);
        server = new FakeFilter();
        stage().param("smtpd_proxy_filter", filter().place());
    }

    @AfterEach
    void tearDown() throws IOException {
        stage().close();
        filter().close();
    }

    private SmtpdStage stage() {
        return Objects.requireNonNull(opened);
    }

    private FakeFilter filter() {
        return Objects.requireNonNull(server);
    }

    private List<String> say(String... commands) throws IOException {
        try (var wire = new Wire(stage().connect())) {
            var replies = new ArrayList<String>();
            wire.line();
            wire.ask("HELO client.test");
            for (String command : commands) {
                replies.add(String.valueOf(wire.ask(command)));
            }
            wire.ask("QUIT");
            return replies;
        }
    }

    @Test
    void theFilterHearsWhatTheClientSays() throws IOException {
        assertEquals(
                List.of(
                        "250 2.1.0 Ok",
                        "250 2.1.5 Ok",
                        "354 End data with <CR><LF>.<CR><LF>",
                        "250 2.0.0 Ok: queued as F1"),
                say(MAIL, RCPT, "DATA", TEXT));
        Await.until("the end", () -> filter().ended.get() == 1);
        List<String> heard = filter().heard;
        assertEquals("EHLO mx.test", heard.getFirst());
        assertTrue(heard.get(1).startsWith("XFORWARD NAME=localhost ADDR=127.0.0.1 PORT="));
        assertEquals("XFORWARD PROTO=SMTP HELO=client.test SOURCE=LOCAL", heard.get(2));
        assertEquals("MAIL FROM:<a@b.test> SIZE=100", heard.get(3));
        assertEquals(RCPT, heard.get(4));
        assertEquals("DATA", heard.get(5));
        assertEquals("Received: from client.test (localhost [127.0.0.1])", heard.get(6));
        assertEquals("\tby mx.test (Postino) with SMTP", heard.get(7));
        assertEquals(
                List.of("Subject: x", "", "..dot", "hi", ".", "QUIT"),
                heard.subList(9, heard.size()));
        stage().awaitLog("NOQUEUE: client=localhost[127.0.0.1]");
        stage().awaitLog(
                        "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as F1; from=<a@b.test>"
                                + " to=<bob@local.test> proto=SMTP helo=<client.test>");
        assertTrue(stage().queue.messages.isEmpty());
        assertEquals(0, stage().queue.open.get());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    greeting | 554 no   | 554 no
                    EHLO | 502 what     | 502 what
                    MAIL | 553 5.1.8 no | 553 5.1.8 no
                    RCPT | 550 5.1.1 no | 550 5.1.1 no
                    RCPT | hello there  | 451 4.3.0 Error: queue file write error
                    RCPT | 354 what     | 451 4.3.0 Error: queue file write error
                    RCPT | close        | 451 4.3.0 Error: queue file write error
                    """)
    void whatTheFilterRefusesOfTheEnvelopeTheClientHears(
            String command, String reply, String expected) throws IOException {
        filter().replies.put(command, reply);
        assertEquals(List.of("250 2.1.0 Ok", expected), say(MAIL, RCPT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    .    | 550 5.7.1 virus | 550 5.7.1 virus
                    .    | 451 4.7.1 later | 451 4.7.1 later
                    .    | nonsense | 451 4.3.0 Error: queue file write error
                    .    | close | 451 4.3.0 Error: queue file write error
                    :    | close | 451 4.3.0 Error: queue file write error
                    """)
    void soItIsAtTheEnd(String command, String reply, String expected) throws IOException {
        filter().replies.put(command, reply);
        for (String options : List.of("", "speed_adjust")) {
            setAside(options);
            assertEquals(expected, say(MAIL, RCPT, "DATA", TEXT, "NOOP").get(3));
            stage().awaitLog("proxy-reject: END-OF-MESSAGE: " + expected);
        }
    }

    /// A stage of its own for the options.
    private void setAside(String options) {
        stage().close();
        opened = new SmtpdStage(directory);
        stage().param("smtpd_proxy_filter", filter().place());
        stage().param("smtpd_proxy_options", options);
    }

    @Test
    void aRefusalOfDataIsPassedOn() throws IOException {
        filter().replies.put("DATA", "554 5.6.0 no");
        assertEquals("554 5.6.0 no", say(MAIL, RCPT, "DATA").get(2));
    }

    @Test
    void oneRefusedRecipientDoesNotEndTheMessage() throws IOException {
        filter().replies.put("RCPT TO:<alice", "550 5.1.1 no");
        List<String> replies =
                say(MAIL, "RCPT TO:<alice@local.test>", RCPT, "DATA", TEXT, MAIL, RCPT);
        assertEquals("550 5.1.1 no", replies.get(1));
        assertEquals("250 2.0.0 Ok: queued as F1", replies.get(4));
        assertEquals("250 2.1.5 Ok", replies.get(6));
        assertEquals(2, filter().connections.get());
    }

    @Test
    void whatTheFilterRefusesLooksLikeOurOwnRefusals() throws IOException {
        stage().param("smtpd_reject_footer", "\\c. Call us.");
        stage().param("smtpd_reject_filter_maps", "regexp:{{/^550 5.1.1 no$$/ 450 4.2.0 later}}");
        filter().replies.put("RCPT TO:<alice", "550 5.1.1 no");
        filter().replies.put(".", "554 5.7.1 virus");
        List<String> replies = say(MAIL, "RCPT TO:<alice@local.test>", RCPT, "DATA", TEXT);
        assertEquals("450 4.2.0 later. Call us.", replies.get(1));
        assertEquals("554 5.7.1 virus. Call us.", replies.get(4));
        stage().awaitLog("proxy-reject: END-OF-MESSAGE: 554 5.7.1 virus;");
    }

    @Test
    void eachMessageHasTheFactsOfItsOwnTransaction() throws IOException {
        say("HELO other.test", MAIL, RCPT, "RSET", "MAIL FROM:<c@d.test>", RCPT, "DATA", TEXT);
        assertTrue(filter().heard.contains("XFORWARD PROTO=SMTP HELO=other.test SOURCE=LOCAL"));
        assertFalse(filter().heard.contains("XFORWARD PROTO=SMTP HELO=client.test SOURCE=LOCAL"));
        assertTrue(filter().heard.contains("MAIL FROM:<c@d.test>"));
        stage().awaitLog(
                        "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as F1; from=<c@d.test>");
    }

    @Test
    void aFilterThatIsAwayDefers() throws IOException {
        int port = FreePort.find();
        stage().param("smtpd_proxy_filter", "inet:127.0.0.1:" + port);
        assertEquals(List.of("250 2.1.0 Ok", LATER, LATER), say(MAIL, RCPT, RCPT));
        stage().awaitLog("connect to proxy filter 127.0.0.1:" + port + ": Connection refused");
    }

    @Test
    void aSilentFilterDefers() throws IOException {
        stage().param("smtpd_proxy_timeout", "1s");
        filter().replies.put("RCPT", "");
        assertEquals(List.of("250 2.1.0 Ok", LATER), say(MAIL, RCPT));
        stage().awaitLog("timeout talking to proxy " + filter().place());
    }

    @Test
    void withSpeedAdjustTheFilterHearsOfTheMessageAtItsEnd() throws IOException {
        stage().param("smtpd_proxy_options", "speed_adjust");
        try (var wire = new Wire(stage().connect())) {
            wire.line();
            for (String command : List.of("HELO client.test", MAIL, RCPT, "DATA")) {
                wire.ask(command);
            }
            assertEquals(0, filter().connections.get());
            assertEquals("250 2.0.0 Ok: queued as F1", wire.ask(TEXT));
        }
        assertTrue(filter().heard.containsAll(List.of(RCPT, "Subject: x", "..dot")));
    }

    @Test
    void withSpeedAdjustARefusalOfTheEnvelopeComesAtTheEnd() throws IOException {
        stage().param("smtpd_proxy_options", "speed_adjust");
        filter().replies.put("RCPT", "550 5.1.1 no");
        assertEquals("550 5.1.1 no", say(MAIL, RCPT, "DATA", TEXT).get(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "speed_adjust"})
    void aLargeMessageArrivesWhole(String options) throws IOException {
        stage().param("smtpd_proxy_options", options);
        stage().param("message_size_limit", "0");
        int lines = 5_500; // more than is held back of one message
        String line = "x".repeat(900);
        var text = new StringBuilder("Subject: x\r\n\r\n");
        for (int i = 0; i < lines; i++) {
            text.append(line).append("\r\n");
        }
        assertEquals("250 2.0.0 Ok: queued as F1", say(MAIL, RCPT, "DATA", text + ".").get(3));
        assertEquals(lines, filter().heard.stream().filter(line::equals).count());
    }

    @Test
    void chunksGoThroughTheFilter() throws IOException {
        assertEquals(
                "250 2.0.0 Ok: queued as F1", say(MAIL, RCPT, "BDAT 6 LAST\r\nx\r\ny\r").get(2));
        assertTrue(filter().heard.contains("x"));
    }

    @Test
    void restrictionsAreAskedBeforeTheFilter() throws IOException {
        stage().param("smtpd_end_of_data_restrictions", "reject");
        assertTrue(say(MAIL, RCPT, "DATA", TEXT).get(3).startsWith("554 5.7.1"));
        assertEquals(
                "554 5.7.1 <c@d.test>: Relay access denied",
                say(MAIL, "RCPT TO:<c@d.test>").get(1).replace("454 4", "554 5"));
        assertFalse(filter().heard.contains("."));
        assertFalse(filter().heard.contains("RCPT TO:<c@d.test>"));
    }

    @Test
    void heldMemoryIsBounded() {
        var memory = new HeldMemory(100, 60);
        assertTrue(memory.take(60, 0));
        assertFalse(memory.take(1, 60));
        assertFalse(memory.take(50, 0));
        assertTrue(memory.take(40, 0));
        memory.giveBack(100);
        assertEquals(0, memory.used());
    }
}
