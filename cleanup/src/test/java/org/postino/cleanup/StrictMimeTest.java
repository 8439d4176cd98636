// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.ReceiveOverride;

/// Messages that do not keep to MIME, or have octets that are not wanted. Replies and log lines are those of Postfix 3.7.
class StrictMimeTest {
    private static final String MIME = "MIME-Version: 1.0\r\n";
    private static final Map<String, String> MESSAGES =
            Map.of(
                    "header", "Subject: \u00e4\r\n\r\nbody\r\n",
                    "body", "Subject: x\r\n\r\nb\u00f6dy\r\n",
                    "part7",
                            MIME
                                    + "Content-Type: multipart/mixed; boundary=q\r\n"
                                    + "Content-Transfer-Encoding: 8bit\r\n\r\n--q\r\n"
                                    + "Content-Transfer-Encoding: 7bit\r\n\r\nb\u00f6dy\r\n--q--\r\n",
                    "part8",
                            MIME
                                    + "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n"
                                    + "Content-Transfer-Encoding: 8bit\r\n\r\nb\u00f6dy\r\n--q--\r\n",
                    "behind",
                            MIME
                                    + "Content-Type: multipart/mixed; boundary=q\r\n"
                                    + "Content-Transfer-Encoding: 8bit\r\n\r\n--q\r\n\r\n"
                                    + "\r\n--q--\r\nb\u00f6dy\r\n",
                    "whole",
                            MIME
                                    + "Content-Type: multipart/mixed; boundary=q\r\n"
                                    + "Content-Transfer-Encoding: base64\r\n\r\n--q--\r\n",
                    "attached",
                            MIME
                                    + "Content-Type: message/rfc822\r\n"
                                    + "Content-Transfer-Encoding: quoted-printable\r\n\r\nA: b\r\n",
                    "partial",
                            MIME
                                    + "Content-Type: message/partial; id=x\r\n"
                                    + "Content-Transfer-Encoding: 8bit\r\n\r\nbody\r\n");

    private static final String HEADER = "improper use of 8-bit data in message header";
    private static final String BODY = "improper use of 8-bit data in message body";
    private static final String DOMAIN = "invalid message/* or multipart/* encoding domain";

    @TempDir Path dir;

    private static String answer(CleanupResult result) {
        return result instanceof CleanupResult.Refused(var reply, var _)
                ? reply.toString()
                : "queued";
    }

    private static Envelope client() {
        return Rig.from("a@x.test")
                .with(Envelope.CLIENT_NAME, "client.test")
                .with(Envelope.CLIENT_ADDRESS, "192.0.2.1")
                .with(Envelope.PROTOCOL_NAME, "ESMTP")
                .with(Envelope.HELO_NAME, "one.test");
    }

    @ParameterizedTest
    @CsvSource({
        "strict_7bit_headers, header, HEADER",
        "strict_7bit_headers, body, -",
        "strict_8bitmime, header, HEADER",
        "strict_8bitmime, body, BODY",
        "strict_8bitmime_body, header, -",
        "strict_8bitmime_body, body, BODY",
        "strict_8bitmime_body, part7, BODY",
        "strict_8bitmime_body, part8, -",
        "strict_8bitmime_body, behind, BODY",
        "strict_8bitmime_body, whole, -",
        "strict_mime_encoding_domain, whole, DOMAIN",
        "strict_mime_encoding_domain, attached, DOMAIN",
        "strict_mime_encoding_domain, partial, DOMAIN",
        "strict_mime_encoding_domain, part7, -",
        "enable_original_recipient, header, -",
    })
    void whatDoesNotKeepToMimeIsRefused(String parameter, String message, String violation)
            throws Exception {
        String text =
                switch (violation) {
                    case "HEADER" -> HEADER;
                    case "BODY" -> BODY;
                    case "DOMAIN" -> DOMAIN;
                    default -> "";
                };
        try (var rig = new Rig(dir, Map.of(parameter, "yes"))) {
            String content = MESSAGES.getOrDefault(message, "");
            assertEquals(
                    text.isEmpty() ? "queued" : "550 5.6.0 " + text,
                    answer(rig.submit(client(), content, "bob@y.test")));
        }
    }

    @Test
    void theLogShowsWhereItStands() throws Exception {
        try (var rig = new Rig(dir, Map.of("strict_7bit_headers", "yes"))) {
            rig.submit(client(), "Subject: \u00c3\u00a4\r\n\r\nbody\r\n", "bob@y.test");
            assertTrue(
                    rig.log.stream()
                            .anyMatch(line ->
                                    line.endsWith(
                                            ": reject: mime-error "
                                                    + HEADER
                                                    + ": Subject: \u00e4 from client.test[192.0.2.1];"
                                                    + " from=<a@x.test> to=<bob@y.test>")),
                    rig.log::toString);
        }
    }

    @Test
    void partsThatAreNotToldApartAreTaken() throws Exception {
        var settings = Map.of("strict_8bitmime", "yes", "disable_mime_input_processing", "yes");
        try (var rig = new Rig(dir, settings)) {
            for (String message : MESSAGES.values()) {
                assertEquals("queued", answer(rig.submit(client(), message, "bob@y.test")));
            }
        }
    }

    @Test
    void twoMultipartsMoreThanTheLimitAreTaken() throws Exception {
        var settings = Map.of("strict_8bitmime", "yes", "mime_nesting_limit", "3");
        try (var rig = new Rig(dir, settings)) {
            assertEquals("queued", answer(rig.submit(client(), nested(5), "bob@y.test")));
            assertEquals(
                    "550 5.6.0 MIME nesting exceeds safety limit",
                    answer(rig.submit(client(), nested(6), "bob@y.test")));
        }
        try (var rig = new Rig(dir.resolve("lenient"), Map.of("mime_nesting_limit", "3"))) {
            assertEquals("queued", answer(rig.submit(client(), nested(6), "bob@y.test")));
        }
    }

    private static String nested(int multiparts) {
        var text = new StringBuilder(MIME);
        for (int i = 0; i < multiparts; i++) {
            text.append(
                    "Content-Type: multipart/mixed; boundary=q" + i + "\r\n\r\n--q" + i + "\r\n");
        }
        return text + "\r\nbody\r\n";
    }

    @Test
    void octetsThatAreNotWantedAreRefusedOrLeftOut() throws Exception {
        String nul = "Subject: x\u0000y\r\n\r\nb\u0000o\rdy\r\n";
        try (var rig = new Rig(dir, Map.of("message_reject_characters", "\\0"))) {
            assertEquals(
                    "550 5.7.1 disallowed character",
                    answer(rig.submit(client(), nul, "bob@y.test")));
            assertTrue(
                    rig.log.stream()
                            .anyMatch(line ->
                                    line.endsWith(
                                            ": reject: content Subject: x?y from client.test[192.0.2.1];"
                                                    + " from=<a@x.test> to=<bob@y.test> proto=ESMTP"
                                                    + " helo=<one.test>: 5.7.1 disallowed character")),
                    rig.log::toString);
            assertEquals("queued", answer(rig.submit(client(), "A: b\r\n\r\nc\r\n", "bob@y.test")));
        }
        var strip =
                Map.of("message_strip_characters", "\\0\\r", "cleanup_replace_stray_cr_lf", "no");
        try (var rig = new Rig(dir.resolve("strip"), strip)) {
            String stored = rig.stored(client(), nul, "bob@y.test");
            assertEquals("Subject: xy\r\n\r\nbody\r\n", stored);
        }
    }

    /// Replies, fields and log lines are those of Postfix 3.11.
    @ParameterizedTest
    @CsvSource({
        "fix_quietly, 'A: b\r\nno field\r\n', 'A: b\r\n\r\nno field\r\n'",
        "add_header, 'A: b\r\nno field\r\n', 'A: b\r\nMIME-Error: message header was not terminated by empty line\r\n\r\nno field\r\n'",
        "add_header, 'A: b\r\n\r\nno field\r\n', 'A: b\r\n\r\nno field\r\n'",
        "add_header, 'A: b\r\n', 'A: b\r\n'",
        "reject, 'A: b\r\n\r\nno field\r\n', 'A: b\r\n\r\nno field\r\n'",
    })
    void aHeaderWithoutAnEmptyLineBehindItIsMended(String action, String content, String stored)
            throws Exception {
        try (var rig = new Rig(dir, Map.of("non_empty_end_of_header_action", action))) {
            assertEquals(stored, rig.stored(client(), content, "bob@y.test"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A: b\r\nno field\r\n\r\nx\r\n", "no field\r\n", "A: b\r\nno field"})
    void orTheMessageIsRefused(String content) throws Exception {
        var settings =
                Map.of(
                        "non_empty_end_of_header_action", "reject",
                        "strict_7bit_headers", "yes");
        try (var rig = new Rig(dir, settings)) {
            String text = "primary header was terminated with non-empty line";
            assertEquals("550 5.6.0 " + text, answer(rig.submit(client(), content, "bob@y.test")));
            assertTrue(
                    rig.log.stream()
                            .anyMatch(line ->
                                    line.endsWith(
                                            ": reject: mime-error "
                                                    + text
                                                    + ": no field from client.test[192.0.2.1];"
                                                    + " from=<a@x.test> to=<bob@y.test>")),
                    rig.log::toString);
        }
    }

    @Test
    void mailThatIsNotLookedAtIsTakenAsItIs() throws Exception {
        var settings = Map.of("strict_8bitmime", "yes", "message_reject_characters", "\\0");
        try (var rig = new Rig(dir, settings)) {
            assertEquals("queued", answer(unseen(rig, "Subject: \u00e4\u0000\r\n\r\nx\r\n")));
        }
    }

    private static CleanupResult unseen(Rig rig, String content) throws IOException {
        try (var submission =
                rig.client.open(client(), Set.of(ReceiveOverride.NO_HEADER_BODY_CHECKS))) {
            submission.recipient("b@y.test", "", "", "");
            submission.content().write(content.getBytes(StandardCharsets.ISO_8859_1));
            return submission.finish();
        }
    }

    @Test
    void theOldFormOfAFromFieldHasTheNameInParentheses() throws Exception {
        try (var rig = new Rig(dir, Map.of("header_from_format", "obsolete"))) {
            var envelope = Rig.localFrom("alice").with(Envelope.FULL_NAME, "Al (x) Liddell");
            String stored = rig.stored(envelope, "Subject: hi\r\n\r\nbody\r\n", "bob@y.test");
            assertTrue(stored.contains("\r\nFrom: alice@mx.test (Al \\(x\\) Liddell)\r\n"), stored);
        }
    }

    @Test
    void partsThatAnnounceOctetsAreMadeQuotedPrintable() throws Exception {
        String message =
                MIME
                        + "Content-Type: multipart/mixed; boundary=q\r\n"
                        + "Content-Transfer-Encoding: 8bit\r\n\r\npre\r\n--q\r\n"
                        + "Content-Transfer-Encoding: 8BIT\r\nX: y\r\n\r\nb\u00f6=dy\r\n--q\r\n\r\n"
                        + "un\u00f6\r\n--q--\r\nepi\r\n";
        try (var rig =
                new Rig(
                        dir,
                        Map.of(
                                "force_mime_input_conversion",
                                "yes",
                                "body_checks",
                                "regexp:{{/=F6/ PREPEND seen}}"))) {
            assertEquals(
                    MIME
                            + "Content-Type: multipart/mixed; boundary=q\r\n\r\npre\r\n--q\r\n"
                            + "X: y\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                            + "seen\r\nb=F6=3Ddy\r\n--q\r\n\r\nun\u00f6\r\n--q--\r\nepi\r\n",
                    rig.stored(client(), message, "bob@y.test"));
            String single = "Content-Transfer-Encoding: binary\r\n\r\n\u00f6\r\n";
            assertEquals(
                    "Content-Transfer-Encoding: quoted-printable\r\n\r\nseen\r\n=F6\r\n",
                    rig.stored(client(), single, "bob@y.test"));
        }
    }

    @Test
    void octetsThatNobodySpokeOfCountIfMainCfSaysSo() throws Exception {
        for (String value : List.of("yes", "no")) {
            try (var rig =
                    new Rig(dir.resolve(value), Map.of("detect_8bit_encoding_header", value))) {
                var id =
                        Rig.queued(
                                rig.submit(
                                        client(), MESSAGES.getOrDefault("body", ""), "b@y.test"));
                try (var file = rig.open(id)) {
                    assertEquals(
                            value.equals("yes") ? "8bit" : "",
                            file.envelope().attribute(Envelope.ENCODING));
                }
            }
        }
    }
}
