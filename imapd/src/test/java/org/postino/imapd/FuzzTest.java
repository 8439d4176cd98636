// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postino.imap.BodyStructure;
import org.postino.imap.ImapEnvelope;
import org.postino.imap.ImapWriter;
import org.postino.kit.ReaderStage;
import org.postino.message.MimeParser;
import org.postino.message.MimePart;

/// Seeded rubbish: nothing may hang, panic, or keep the next client from being served.
final class FuzzTest {
    private static final int SESSIONS = 300;
    private static final int MESSAGES = 2000;
    private static final List<String> WORDS =
            List.of(
                    "a ",
                    "LOGIN ",
                    "bob ",
                    "secret",
                    "SELECT ",
                    "INBOX",
                    "FETCH ",
                    "1:* ",
                    "(",
                    ")",
                    "FLAGS ",
                    "BODY",
                    "[",
                    "]",
                    "<",
                    ">",
                    ".",
                    "1",
                    "4294967295",
                    "99999999999999999999",
                    "HEADER.FIELDS ",
                    "BODY.PEEK[1.2.MIME]",
                    "STORE ",
                    "+FLAGS ",
                    "\\Seen ",
                    "SEARCH ",
                    "OR ",
                    "NOT ",
                    "SUBJECT ",
                    "\"",
                    "\\\"",
                    "{3}\r\nabc",
                    "{5+}\r\nhello",
                    "{99999}",
                    "{0+}\r\n",
                    "{-1}",
                    "\r\n",
                    "\n",
                    "\r",
                    "\0",
                    "\u00ff",
                    "&",
                    "&AOQ-",
                    "*",
                    "%",
                    "UID ",
                    "APPEND ",
                    "IDLE\r\n",
                    "DONE\r\n",
                    "LIST ",
                    "RETURN ",
                    "STATUS ",
                    "COPY ",
                    "MOVE ",
                    "EXPUNGE",
                    "CREATE ",
                    "..",
                    "~",
                    "NIL ",
                    "RENAME ",
                    "DELETE ",
                    "CHARSET UTF-8 ",
                    " ",
                    "b NOOP\r\n",
                    "$",
                    "AUTHENTICATE PLAIN ",
                    "=",
                    "ENVELOPE ",
                    "BODYSTRUCTURE");

    @Test
    void rubbishNeitherHangsNorBreaksTheServer() throws Exception {
        try (var lab = Lab.open()) {
            lab.param("mail_max_userip_connections", "0");
            ReaderStage.deliver(
                    lab.maildir("bob"),
                    "1.M1.host",
                    "Subject: x\n\nbody\n".getBytes(StandardCharsets.US_ASCII));
            int port = lab.port();
            assertTimeoutPreemptively(
                    Duration.ofSeconds(60),
                    () -> {
                        for (int seed = 0; seed < SESSIONS; seed++) {
                            session(port, new Random(seed));
                        }
                    });
            try (var client = TestClient.login(port)) {
                assertTrue(client.command("SELECT INBOX").isOk());
            }
            var panics = lab.log().stream().filter(l -> l.startsWith("panic")).toList();
            assertTrue(panics.isEmpty(), panics.toString());
        }
    }

    private static void session(int port, Random random) throws IOException {
        var text = new StringBuilder();
        if (random.nextInt(4) > 0) {
            text.append("x LOGIN bob secret\r\n");
            if (random.nextBoolean()) {
                text.append("y SELECT INBOX\r\n");
            }
        }
        for (int lines = random.nextInt(30); lines > 0; lines--) {
            text.append(random.nextInt(3) > 0 ? "t " : "");
            for (int n = random.nextInt(8); n > 0; n--) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
            }
            text.append("\r\n");
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // it may close on us
            assertTrue(e.getMessage() != null);
        }
    }

    @Test
    void noMessageConfusesTheParser() throws Exception {
        var parts =
                List.of(
                        "Content-Type: multipart/mixed; boundary=b\n",
                        "Content-Type: message/rfc822\n",
                        "Content-Type: multipart/digest; boundary=\"b c\"\n",
                        "Content-Type: ",
                        "text/plain; charset*0*=x''%C3; charset*1=y\n",
                        "\n",
                        "--b\n",
                        "--b--\n",
                        "--b c\n",
                        "--",
                        "Subject: x\n",
                        "To: \"",
                        "From: a@b, <c@[d], e:f;\n",
                        " folded\n",
                        "Content-Disposition: ; x=\"\\\n",
                        "\u00e4",
                        "\0",
                        "x".repeat(70_000),
                        "\r",
                        ":",
                        "Content-Transfer-Encoding: base64\n",
                        "((((",
                        "=?utf-8?q?=?=",
                        "\t");
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> {
                    for (int seed = 0; seed < MESSAGES; seed++) {
                        var random = new Random(seed);
                        var text = new StringBuilder();
                        for (int n = random.nextInt(40); n > 0; n--) {
                            text.append(parts.get(random.nextInt(parts.size())));
                        }
                        structure(text.toString().getBytes(StandardCharsets.ISO_8859_1));
                    }
                });
    }

    @Test
    void nestingAndNumberOfPartsAreBounded() throws Exception {
        structure(
                "Content-Type: message/rfc822\n\n"
                        .repeat(5000)
                        .getBytes(StandardCharsets.US_ASCII));
        var many = new StringBuilder("Content-Type: multipart/mixed; boundary=b\n\n");
        many.append("--b\n\nx\n".repeat(50_000));
        structure(many.toString().getBytes(StandardCharsets.US_ASCII));
        var deep = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        structure(deep.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void structure(byte[] message) throws IOException {
        var part = MimeParser.parse(new ByteArrayInputStream(message));
        check(part, message.length);
        var out = new ImapWriter(new ByteArrayOutputStream());
        BodyStructure.write(out, part, true);
        ImapEnvelope.write(out, part.header());
        out.flush();
    }

    private static void check(MimePart part, long length) {
        assertTrue(part.start() <= part.bodyStart() && part.bodyStart() <= part.bodyEnd());
        assertTrue(part.bodyEnd() <= length && part.bodyLines() >= 0);
        for (var child : part.children()) {
            assertTrue(child.start() >= part.bodyStart() && child.bodyEnd() <= part.bodyEnd());
            check(child, length);
        }
    }
}
