// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.ReceiveOverride;

/// Tables of header_checks(5) at work. The log lines are those that Postfix 3.7 writes for the same messages and tables.
class ContentChecksTest {
    private static final String FROM =
            " from client.test[192.0.2.1]; from=<a@x.test> to=<bob@y.test> proto=ESMTP helo=<one.test>";

    @TempDir Path dir;

    private static Envelope client() {
        return Rig.from("a@x.test")
                .with(Envelope.CLIENT_NAME, "client.test")
                .with(Envelope.CLIENT_ADDRESS, "192.0.2.1")
                .with(Envelope.PROTOCOL_NAME, "ESMTP")
                .with(Envelope.HELO_NAME, "one.test");
    }

    /// A cleanup with tables of patterns: parameter, lines of its table, and so on.
    private Rig rig(String... tables) throws IOException {
        return rig(Map.of(), tables);
    }

    private Rig rig(Map<String, String> more, String... tables) throws IOException {
        var settings = new TreeMap<>(more);
        for (int i = 0; i < tables.length; i += 2) {
            Path file = Files.writeString(dir.resolve(tables[i]), tables[i + 1] + "\n");
            settings.put(tables[i], "regexp:" + file);
        }
        return new Rig(dir, settings);
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    /// The lines that checks logged, without the queue id.
    private static List<String> log(Rig rig) {
        return rig.log.stream()
                .filter(line -> line.matches("(?s).*: [a-z]+: (header|body) .*"))
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "WARN | warning | - | s",
                "WARN look | warning | look | s",
                "info | info | - | s",
                "INFO look | info | look | s",
                "STRIP | strip | - | ''",
                "STRIP gone | strip | gone | ''",
                "PASS fine | pass | fine | s",
                "REPLACE X-New: 1 | replace | X-New: 1 | X-New: 1~",
                "PREPEND X-New: 1 | prepend | X-New: 1 | X-New: 1~s"
            })
    void anActionLogsAndChangesTheField(String action, String word, String text, String stored)
            throws Exception {
        try (var rig = rig("header_checks", "/^Subject:/ " + action)) {
            String content = rig.stored(client(), "Subject: hi\r\nTo: b@y\r\n\r\n", "bob@y.test");
            String field = stored.replace("s", "Subject: hi~").replace("~", "\r\n");
            assertEquals(field + "To: b@y\r\n\r\n", content);
            String line = word + ": header Subject: hi" + FROM + (text == null ? "" : ": " + text);
            assertEquals(List.of(line), log(rig));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"DUNNO | Subject: hi~", "OK | Subject: hi~", "IGNORE | ''"})
    void someActionsAreSilent(String action, String stored) throws Exception {
        try (var rig = rig("header_checks", "/^Subject:/ " + action)) {
            assertEquals(
                    stored.replace("~", "\r\n") + "\r\n",
                    rig.stored(client(), "Subject: hi\r\n\r\n", "bob@y.test"));
            assertEquals(List.of(), log(rig));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REJECT | 550 5.7.1 message content rejected",
                "REJECT some text here | 550 5.7.1 some text here",
                "REJECT 5.2.1 go away now | 550 5.2.1 go away now",
                "REJECT 4.2.1 go away now | 451 4.2.1 go away now",
                "REJECT 5.2.1 | 550 5.2.1 message content rejected",
                "REJECT 2.0.0 fine | 550 5.7.1 2.0.0 fine"
            })
    void aMessageIsRejected(String action, String reply) throws Exception {
        try (var rig = rig("header_checks", "/^Subject:/ " + action)) {
            String message = "Subject: hi\r\nSubject: more\r\n\r\n";
            assertEquals(reply, Rig.refused(rig.submit(client(), message, "bob@y.test")));
            assertEquals(
                    List.of("reject: header Subject: hi" + FROM + ": " + reply.substring(4)),
                    log(rig));
            assertEquals(List.of(), rig.incomingFiles());
            assertTrue(rig.log.stream().noneMatch(l -> l.contains("not accepted")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DEFER | no action is called DEFER",
                "REPLACE | REPLACE without a header field",
                "PREPEND no header | PREPEND without a header field",
                "REDIRECT foo | REDIRECT without an address user@domain",
                "BCC | BCC without an address user@domain",
                "FILTER foo | FILTER without transport:nexthop"
            })
    void aBrokenActionIsPassedOver(String action, String why) throws Exception {
        try (var rig = rig("header_checks", "/^Subject:/ " + action)) {
            QueueId id = Rig.queued(rig.submit(client(), "Subject: hi\r\n\r\n", "bob@y.test"));
            assertEquals("Subject: hi\r\n\r\n", rig.content(id));
            String line = id + ": header_checks: " + why;
            assertTrue(rig.log.stream().anyMatch(l -> l.endsWith(line)), rig.log.toString());
        }
    }

    @Test
    void aDiscardedMessageIsTakenAndGone() throws Exception {
        try (var rig =
                rig("header_checks", "/^Subject:/ DISCARD gone", "body_checks", "/./ WARN")) {
            String message = "Subject: hi\r\n\r\nbody\r\n";
            assertInstanceOf(
                    CleanupResult.Queued.class, rig.submit(client(), message, "bob@y.test"));
            assertEquals(List.of("discard: header Subject: hi" + FROM + ": gone"), log(rig));
            assertEquals(List.of(), rig.incomingFiles());
            assertEquals(List.of(), rig.announced);
        }
    }

    @Test
    void aHeldMessageIsHeldOnceAndTheLastFilterCounts() throws Exception {
        try (var rig =
                rig("header_checks", "/^X-Hold: (.*)/ HOLD $1\n/^X-F: (.*)/ FILTER smtp:$1")) {
            QueueId id =
                    Rig.queued(
                            rig.submit(
                                    client().with(Envelope.FILTER, "first:"),
                                    lines("X-Hold: 1", "X-Hold: 2", "X-F: a", "X-F: b", ""),
                                    "bob@y.test"));
            assertEquals(
                    List.of(
                            "hold: header X-Hold: 1" + FROM + ": 1",
                            "filter: header X-F: a" + FROM + ": smtp:a",
                            "filter: header X-F: b" + FROM + ": smtp:b"),
                    log(rig));
            try (var file = QueueFile.open(rig.spool.path(QueueName.HOLD, id), false)) {
                assertEquals("smtp:b", file.envelope().attribute(Envelope.FILTER));
            }
            assertEquals(List.of(), rig.announced);
        }
    }

    @Test
    void aRedirectedMessageHasOneRecipientAndIsNotCheckedFurther() throws Exception {
        try (var rig =
                rig(
                        Map.of("always_bcc", "archive@y.test"),
                        "header_checks",
                        "/^X-Bcc:/ BCC c@y.test\n/^X-R:/ REDIRECT r@y.test\n/^X-Hold:/ HOLD",
                        "body_checks",
                        "/./ REJECT")) {
            String message = lines("X-Bcc: 1", "X-R: 1", "X-Hold: 1", "", "body");
            QueueId id = Rig.queued(rig.submit(client(), message, "alice@y.test", "bob@y.test"));
            assertEquals(List.of("r@y.test"), rig.recipients(id));
            assertEquals(message, rig.content(id));
            assertEquals(
                    List.of(
                            "bcc: header X-Bcc: 1" + FROM + ": c@y.test",
                            "redirect: header X-R: 1" + FROM + ": r@y.test"),
                    log(rig));
        }
    }

    @Test
    void recipientsThatComeBehindTheContentAreReplacedToo() throws Exception {
        try (var rig = rig("header_checks", "/^Subject:/ REDIRECT r@y.test");
                var submission = rig.client.open(client())) {
            submission.attribute(Envelope.LAST_RECIPIENT, "bob@y.test");
            submission.content().write("Subject: hi\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            submission.recipient("bob@y.test", "", "", "");
            QueueId id = Rig.queued(submission.finish());
            assertEquals(List.of("r@y.test"), rig.recipients(id));
            assertEquals(List.of("redirect: header Subject: hi" + FROM + ": r@y.test"), log(rig));
            try (var file = rig.open(id)) {
                assertEquals("", file.envelope().attribute(Envelope.LAST_RECIPIENT));
            }
        }
    }

    @Test
    void aRedirectionMakesNoRecipientsOfNone() throws Exception {
        try (var rig = rig("header_checks", "/^Subject:/ REDIRECT r@y.test")) {
            assertEquals(
                    "550 5.1.0 Error: no recipients specified",
                    Rig.refused(rig.submit(client(), "Subject: hi\r\n\r\n")));
        }
    }

    @Test
    void copiesAreAddedOnceAndSilent() throws Exception {
        try (var rig = rig("header_checks", "/^X-(.*):/ BCC $1@y.test")) {
            String message = lines("X-c: 1", "X-bob: 1", "X-c: 2", "");
            QueueId id = Rig.queued(rig.submit(client(), message, "bob@y.test"));
            assertEquals(List.of("bob@y.test", "c@y.test"), rig.recipients(id));
            try (var file = rig.open(id)) {
                assertEquals("NEVER", file.recipients().getLast().dsnNotify());
            }
        }
    }

    @Test
    void aFieldIsLookedUpWithAllItsLinesAndAsItCame() throws Exception {
        try (var rig =
                rig(
                        Map.of("canonical_maps", "inline:{alice=al@x.test}"),
                        "header_checks",
                        "/^Subject: (.*)$/ REPLACE Subject: [x] $1\n/^(To: alice)$/ WARN\n/^(Bcc:.*)$/ INFO $1")) {
            assertEquals(
                    "Subject: [x] a\r\n\tb\r\nTo: al@x.test\r\n",
                    rig.stored(
                                    Rig.localFrom("alice@x.test"),
                                    lines("Subject : a", "\tb", "To: alice", "Bcc: secret", ""),
                                    "bob@y.test")
                            .substring(0, 35));
            String from = " from local; from=<alice@x.test> to=<bob@y.test>";
            assertEquals(
                    List.of(
                            "replace: header Subject: a??b" + from + ": Subject: [x] a??b",
                            "warning: header To: alice" + from,
                            "info: header Bcc: secret" + from + ": Bcc: secret"),
                    log(rig));
        }
    }

    @Test
    void aFieldThatATablePutsInIsTreatedAsOthersAre() throws Exception {
        try (var rig =
                rig(
                        "header_checks",
                        "/^X-To: (.*)/ REPLACE To: $1\n/^X-Drop:/ REPLACE Bcc: x\n/^X-Pre:/ PREPEND Cc: carol")) {
            assertTrue(
                    rig.stored(
                                    Rig.localFrom("alice@mx.test"),
                                    lines("X-To: bob", "X-Drop: 1", "X-Pre: 1", ""),
                                    "bob@y.test")
                            .startsWith(
                                    "To: bob@mx.test\r\nCc: carol\r\nX-Pre: 1\r\nMessage-Id: "));
        }
    }

    @Test
    void eachPlaceHasItsTable() throws Exception {
        try (var rig =
                rig(
                        Map.of("body_checks_size_limit", "10"),
                        "header_checks",
                        "/^Subject: (.*)/ REPLACE Subject: [x] $1",
                        "mime_header_checks",
                        "/^X-Pre/ PREPEND X-Pm: 1\n/^Content-Type: image/ REPLACE Content-Type: text/plain\n/^Content-Dis/ IGNORE",
                        "nested_header_checks",
                        "/^Subject: (.*)/ REPLACE Subject: [n] $1\n/^X-Pre/ PREPEND X-Pn: 1\n/^X-Ign/ IGNORE",
                        "body_checks",
                        "/^ign/ IGNORE\n/^rep none/ REPLACE\n/^pre/ PREPEND prepended\n/^strip/ STRIP\n/./ INFO")) {
            assertEquals(
                    lines(
                            "Subject: [x] fold",
                            "Content-Type: multipart/mixed; boundary=AA",
                            "",
                            "rep none",
                            "rep me",
                            "--AA",
                            "X-Pm: 1",
                            "X-Pre: 1",
                            "Content-Type: text/plain",
                            "",
                            "1234567",
                            "8",
                            "9",
                            "--AA",
                            "Content-Type: message/rfc822",
                            "",
                            "Subject: [n] abc",
                            " def",
                            "X-Pn: 1",
                            "X-Pre: 1",
                            "no header",
                            "pre me",
                            "--AA--",
                            "1234567890",
                            "x"),
                    rig.stored(
                            client(),
                            lines(
                                    "Subject: fold",
                                    "Content-Type: multipart/mixed; boundary=AA",
                                    "",
                                    "ign",
                                    "rep none",
                                    "rep me",
                                    "--AA",
                                    "X-Pre: 1",
                                    "Content-Type: image/gif",
                                    "Content-Disposition: foo",
                                    "",
                                    "1234567",
                                    "8",
                                    "9",
                                    "--AA",
                                    "Content-Type: message/rfc822",
                                    "",
                                    "Subject: abc",
                                    " def",
                                    "X-Pre: 1",
                                    "X-Ign: 1",
                                    "no header",
                                    "pre me",
                                    "--AA--",
                                    "1234567890",
                                    "x"),
                            "bob@y.test"));
            assertEquals(
                    List.of(
                            "replace: header Subject: fold: Subject: [x] fold",
                            "prepend: header X-Pre: 1: X-Pm: 1",
                            "replace: header Content-Type: image/gif: Content-Type: text/plain",
                            "info: body 1234567",
                            "info: body 8",
                            "replace: header Subject: abc? def: Subject: [n] abc? def",
                            "prepend: header X-Pre: 1: X-Pn: 1",
                            "info: body no header",
                            "info: body --AA--",
                            "info: body 1234567890"),
                    log(rig).stream().map(line -> line.replace(FROM, "")).toList());
        }
    }

    @Test
    void headerChecksAreForAllHeadersIfNothingElseIsSaid() throws Exception {
        try (var rig = rig("header_checks", "/^(Subject|Content-Type|X-Part): (m|i|p)/ INFO")) {
            rig.stored(
                    client(),
                    lines(
                            "Content-Type: multipart/mixed; boundary=AA",
                            "",
                            "--AA",
                            "X-Part: p",
                            "Content-Type: message/rfc822",
                            "",
                            "Subject: i",
                            "",
                            "Subject: i"),
                    "bob@y.test");
            assertEquals(
                    List.of(
                            "info: header Content-Type: multipart/mixed; boundary=AA",
                            "info: header X-Part: p",
                            "info: header Content-Type: message/rfc822",
                            "info: header Subject: i"),
                    log(rig).stream().map(line -> line.replace(FROM, "")).toList());
        }
    }

    @Test
    void linesOfABodyChange() throws Exception {
        String longLine = "long ".repeat(1000);
        try (var rig =
                rig(
                        "body_checks",
                        "/^ign/ IGNORE\n/^rep/ REPLACE other\n/^pre/ PREPEND front\n/^strip/ STRIP")) {
            assertEquals(
                    lines(
                            "S: x",
                            "",
                            "other",
                            "front",
                            "pre",
                            "",
                            longLine,
                            "\u00fc\u00fc",
                            "rest"),
                    rig.stored(
                            client(),
                            lines(
                                    "S: x",
                                    "",
                                    "ign",
                                    "rep",
                                    "pre",
                                    "",
                                    longLine,
                                    "strip",
                                    "\u00fc\u00fc",
                                    "rest"),
                            "bob@y.test"));
        }
    }

    @Test
    void aPieceOfALongLineThatGoesLeavesTheRestALine() throws Exception {
        try (var rig =
                rig(
                        Map.of("line_length_limit", "512"),
                        "body_checks",
                        "/^b+$/ IGNORE\n/^c/ PREPEND p")) {
            String a = "a".repeat(512);
            String b = "b".repeat(512);
            assertEquals(
                    lines("S: x", "", a, "next", "z", a, "p", "c", "end"),
                    rig.stored(
                            client(),
                            lines("S: x", "", a + b, "next", b, b + b, b + "z", a + "c", "end"),
                            "bob@y.test"));
        }
    }

    @Test
    void unicodeAndOtherBytesAreLookedUp() throws Exception {
        String utf8 =
                new String(
                        "\u00dcber".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (var rig = rig("header_checks", "/^Subject: (\u00fcber)$/ REPLACE Subject: <$1>")) {
            assertEquals(
                    "Subject: <" + utf8 + ">\r\nSubject: <\u00dcber>\r\n\r\n",
                    rig.stored(
                            client(),
                            lines("Subject: " + utf8, "Subject: \u00dcber", ""),
                            "bob@y.test"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"header_checks", "body_checks"})
    void aTableThatCannotBeAskedDefers(String parameter) throws Exception {
        try (var rig = new Rig(dir, Map.of(parameter, "texthash:" + dir.resolve("missing")))) {
            assertEquals(
                    "451 4.3.0 Temporary lookup failure",
                    Rig.refused(rig.submit(client(), "S: x\r\n\r\nbody\r\n", "bob@y.test")));
        }
    }

    @Test
    void mailOfTheSuiteIsNotChecked() throws Exception {
        try (var rig = rig("header_checks", "/./ REJECT", "body_checks", "/./ REJECT");
                var client =
                        new CleanupClient(
                                rig.socket, Duration.ofSeconds(20), ReceiveOverride.INTERNAL);
                var submission = client.open(client())) {
            submission.content().write("S: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII));
            submission.recipient("bob@y.test", "", "", "");
            assertEquals("S: x\r\n\r\nbody\r\n", rig.content(Rig.queued(submission.finish())));
        }
    }

    @Test
    void whatWasPassedIsStoredAsItCame() throws Exception {
        try (var rig =
                rig("header_checks", "/^Subject:/ PASS\n/./ IGNORE", "body_checks", "/./ IGNORE")) {
            String rest =
                    lines(
                            "Subject: x",
                            "Content-Type: multipart/mixed; boundary=A",
                            "",
                            "--A",
                            "X: y",
                            "no field",
                            "z".repeat(5000),
                            "--A--");
            assertEquals(rest, rig.stored(client(), "A: b\r\n" + rest, "bob@y.test"));
        }
    }
}
