// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.imap.BodyStructure;
import org.postino.imap.ImapWriter;
import org.postino.kit.ReaderStage;
import org.postino.message.MimeParser;

/// Messages that anybody may send, shown to clients that believe the grammar.
final class HostileMessagesTest {
    private static final String REPLACEMENT =
            new String("\ufffd".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    /// [TestClient] looks at every octet.
    @Test
    void noAnswerHoldsANulOr8BitWhereNoneMayBe() throws Exception {
        var message =
                """
                From: "n\0l" <a\0b@b.test>, é@c, g\0g:;
                Subject: s\0s é
                Message-ID: <\0>
                Content-Type: te\0xt/pl\0ain; name="n\0.txté"; é\0=x\0; y*0=\0
                Content-Description: d\0dé
                Content-Transfer-Encoding: 7\0bité
                Content-Disposition: att\0é; filename="é\0"
                Content-Language: \0, é
                Content-Location: \0é
                Content-ID: \0é
                Content-MD5: \0é
                \0: x
                \0

                \0bodyé\
                """;
        var around =
                """
                Content-Type: multipart/mi\0é; boundary="b\0"

                --b\0
                Content-Type: message/rfc822

                LETTER
                --b\0--
                """;
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            for (var text : List.of(message, around.replace("LETTER", message))) {
                client.append(
                        "INBOX", text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            client.ok("SELECT INBOX");
            for (var item :
                    List.of(
                            "FULL",
                            "BODYSTRUCTURE",
                            "BODY.PEEK[]",
                            "BODY.PEEK[HEADER]",
                            "BODY.PEEK[HEADER.FIELDS (SUBJECT \"X Y\")]",
                            "BODY.PEEK[HEADER.FIELDS.NOT (SUBJECT)]",
                            "BODY.PEEK[1.MIME]",
                            "BODY.PEEK[1.HEADER]",
                            "BODY.PEEK[1.TEXT]",
                            "BODY.PEEK[1]<0.3>")) {
                assertEquals(2, client.ok("FETCH 1:* " + item).untagged().size());
            }
            var envelope = client.ok("FETCH 1 ENVELOPE").untagged().getFirst();
            assertTrue(envelope.contains("s" + REPLACEMENT + "s \u00e9"), envelope);
            assertTrue(envelope.contains("a" + REPLACEMENT + "b \"b.test\""), envelope);
        }
    }

    @Test
    void quotedParametersKeepTheBlanksOfTheirFolds() throws IOException {
        var message = "Content-Disposition: attachment; filename=\"a\r\n\t  b\"\r\n\r\n";
        var bytes = new ByteArrayOutputStream();
        var out = new ImapWriter(bytes);
        BodyStructure.write(
                out,
                MimeParser.parse(
                        new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1))),
                true);
        out.flush();
        assertTrue(
                bytes.toString(StandardCharsets.ISO_8859_1)
                        .contains("(\"attachment\" (\"filename\" \"a\t  b\"))"),
                bytes::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "joe @ host . test|joe@host.test",
                "\"j oe\"@host.test|\"j oe@host.test\"",
                "joe(c)@(d)host(e).(f)test|joe@host.test",
                "<joe~ @host.test>|joe@host.test",
                "\"Joe \\\"X\\\" B\" <joe@host.test>|\"Joe \\\"X\\\" B <joe@host.test>\"",
                "=?utf-8?q?J=6F?=~ =?utf-8?q?e?= <a@host.test>|\"Joe <a@host\"",
                "joe@host.test (Real Name)|\"real name <joe\"",
                "Club: joe@host.test;|club",
                "x~From: joe@host.test|joe@host.test",
                "(not of the envelope) joe@host.test|\"(not\"",
            })
    void searchesSeeTheAddressesOfTheEnvelope(String value, String text) throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            for (var field : List.of("From", "To", "Cc", "Bcc", "Subject")) {
                client.append(
                        "INBOX",
                        (field
                                        + ": "
                                        + value.replace("~From", "~" + field).replace("~", "\r\n")
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            client.ok("SELECT INBOX");
            for (var field : List.of("From", "To", "Cc", "Bcc")) {
                int sequence = List.of("From", "To", "Cc", "Bcc").indexOf(field) + 1;
                assertEquals(
                        List.of("* SEARCH " + sequence),
                        client.ok("SEARCH " + field + " " + text).untagged());
                assertEquals(
                        List.of("* SEARCH"), client.ok("SEARCH " + field + " MISSING").untagged());
            }
        }
    }

    /// What cannot be read stands between others that can.
    @Test
    void oneBadMessageDoesNotKeepTheOthersBack() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            for (int i = 1; i <= 3; i++) {
                ReaderStage.deliver(
                        lab.maildir("bob"),
                        i + ".M1.host,S=20,W=23:2,S",
                        ("Subject: n" + i + "\n\nbody\n").getBytes(StandardCharsets.US_ASCII));
            }
            client.ok("SELECT INBOX");
            var name =
                    Files.exists(lab.maildir("bob").resolve("new/2.M1.host,S=20,W=23:2,S"))
                            ? "new/2.M1.host,S=20,W=23:2,S"
                            : "cur/2.M1.host,S=20,W=23:2,S";
            var file = lab.maildir("bob").resolve(name);
            Files.delete(file);
            Files.createDirectory(file);
            for (var item :
                    List.of(
                            "ENVELOPE",
                            "BODY[]",
                            "BODYSTRUCTURE",
                            "BODY.PEEK[1]",
                            "RFC822.HEADER")) {
                var answer = client.command("FETCH 1:* " + item);
                assertEquals(
                        List.of("* 1 F", "* 3 F"),
                        answer.untagged().stream().map(r -> r.substring(0, 5)).toList(),
                        item);
                assertTrue(answer.status().startsWith("NO [SERVERBUG]"), answer.status());
            }
            for (var key : List.of("BODY body", "SUBJECT n", "TEXT n", "FROM \"\" NOT BODY x")) {
                var answer = client.command("SEARCH OR 3 " + key);
                assertTrue(answer.untagged().getFirst().endsWith(" 3"), key);
                assertTrue(answer.status().startsWith("NO [SERVERBUG]"), answer.status());
            }
            assertEquals(3, client.ok("FETCH 1:* FLAGS").untagged().size());
            assertTrue(lab.log().stream().anyMatch(l -> l.contains("UID 2")), lab.log().toString());
        }
    }

    @Test
    void whatAClientSaysComesBackAsAscii() throws Exception {
        try (var lab = Lab.open();
                var client = TestClient.login(lab.port())) {
            client.append("INBOX", "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.ok("SELECT INBOX");
            for (var text :
                    List.of("\0", "\u00e9", "\"\u00e9\"", "{3+}\r\n\u00e9\r\u00e9", "\u007f")) {
                for (var command :
                        List.of(
                                text,
                                "X" + text,
                                "FETCH 1 " + text,
                                "FETCH 1 BODY.PEEK[HEADER.FIELDS (" + text + ")]",
                                "FETCH 1 BODY.PEEK[" + text + "]",
                                "SEARCH " + text,
                                "SEARCH CHARSET " + text + " ALL",
                                "SEARCH HEADER " + text + " x",
                                "STORE 1 FLAGS (" + text + ")",
                                "STATUS INBOX (" + text + ")",
                                "STATUS " + text + " (MESSAGES)",
                                "LIST " + text + " " + text,
                                "LSUB " + text + " " + text,
                                "SUBSCRIBE " + text,
                                "CREATE " + text,
                                "COPY 1 " + text,
                                "ENABLE " + text,
                                "ID (" + text + " " + text + ")")) {
                    var _ = client.command(command);
                    assertTrue(client.command("NOOP").isOk(), command);
                    if (client.command("CHECK").status().startsWith("BAD")) {
                        throw new AssertionError(command);
                    }
                }
            }
        }
    }
}
