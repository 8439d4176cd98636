// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Texts are octets: each character stands for one.
@SuppressWarnings("StringConcatToTextBlock") // blanks and ends of lines matter
class MimeDowngradeTest {
    private static String downgraded(String message, int step) throws IOException {
        byte[] bytes = message.replace("\n", "\r\n").getBytes(ISO_8859_1);
        var out = new ByteArrayOutputStream();
        var downgrade = MimeDowngrade.of(new ByteArrayInputStream(bytes), out);
        for (int i = 0; i < bytes.length; i += step) {
            downgrade.write(bytes, i, Math.min(step, bytes.length - i));
        }
        downgrade.finish();
        return out.toString(ISO_8859_1).replace("\r\n", "\n");
    }

    private static String downgraded(String message) throws IOException {
        String whole = downgraded(message, 32 * 1024);
        for (int step : List.of(1, 7)) {
            assertEquals(whole, downgraded(message, step), "in pieces of " + step);
        }
        return whole;
    }

    @Test
    void whatIsSevenBitStaysAsItIs() throws IOException {
        for (String message :
                List.of(
                        "Subject: a\n\nbody\n",
                        "Subject: a\nContent-Transfer-Encoding: 8bit\n\nbody=\n",
                        "Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\nx\n--b--\npost\n",
                        "Subject: \u00fc\n\nbody\n",
                        "\nno header\n",
                        "")) {
            assertEquals(message, downgraded(message));
        }
    }

    /// As cleanup and every reader of mail have it (RFC 5322, 4.5.8).
    @Test
    void aBlankMayStandBeforeTheColon() throws IOException {
        String header =
                "X : a\nMIME-Version: 1.0\nContent-Type : multipart/mixed; boundary=b\n\n--b\n";
        assertEquals(
                header
                        + "Content-Type: text/plain; charset=utf-8\n"
                        + "Content-Transfer-Encoding: quoted-printable\n\n=C3=BC\n--b--\n",
                downgraded(header + "\n\u00c3\u00bc\n--b--\n"));
    }

    @Test
    void undeclaredContentGetsATypeAndAnEncoding() throws IOException {
        assertEquals(
                "Subject: a\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                        + "Content-Transfer-Encoding: quoted-printable\n\n=C3=BC\n",
                downgraded("Subject: a\n\n\u00c3\u00bc\n"));
        assertEquals(
                "Subject: a\nMIME-Version: 1.0\nContent-Type: text/plain; charset=unknown-8bit\n"
                        + "Content-Transfer-Encoding: quoted-printable\n\n=FC\n",
                downgraded("Subject: a\n\n\u00fc\n"));
    }

    @Test
    void onlyThePartsThatNeedItAreEncoded() throws IOException {
        String message =
                """
                MIME-Version: 1.0
                Content-Transfer-Encoding: 8bit
                Content-Type: multipart/mixed;
                 boundary="a b"

                preamble
                --a b
                Content-Type: text/plain

                seven = bit
                --a b
                Content-Type: multipart/alternative; boundary=a
                Content-Transfer-Encoding: 8bit

                --a
                Content-Type: text/html; charset=iso-8859-1
                Content-Transfer-Encoding: 8BIT (really)

                <p>\u00fc=</p>
                --a
                Content-Transfer-Encoding: base64

                \u00fc
                --a--
                --a b
                Content-Type: message/rfc822
                Content-Transfer-Encoding: 8bit

                Subject: inner

                \u00fc
                --a b--
                epilogue
                """;
        assertEquals(
                """
                MIME-Version: 1.0
                Content-Type: multipart/mixed;
                 boundary="a b"

                preamble
                --a b
                Content-Type: text/plain

                seven = bit
                --a b
                Content-Type: multipart/alternative; boundary=a

                --a
                Content-Type: text/html; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                <p>=FC=3D</p>
                --a
                Content-Transfer-Encoding: base64

                \u00fc
                --a--
                --a b
                Content-Type: message/rfc822

                Subject: inner
                Content-Type: text/plain; charset=unknown-8bit
                Content-Transfer-Encoding: quoted-printable

                =FC
                --a b--
                epilogue
                """,
                downgraded(message));
    }

    @Test
    void aDigestHoldsMessages() throws IOException {
        assertEquals(
                "MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n"
                        + "Content-Type: text/plain; charset=unknown-8bit\n"
                        + "Content-Transfer-Encoding: quoted-printable\n\n=FC\n--b--\n",
                downgraded(
                        "MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\n"
                                + "Subject: x\n\n\u00fc\n--b--\n"));
    }

    @Test
    void linesAreNoLongerThan76() throws IOException {
        String body = "\u00fc" + "x".repeat(20_000) + " ".repeat(300) + "\u00fc".repeat(9_000);
        String out = downgraded("Content-Type: text/plain\nMIME-Version: 1.0\n\n" + body + "\n");
        for (String line : out.split("\n", -1)) {
            assertTrue(line.length() <= 76, line);
        }
        assertEquals(body, decoded(out.substring(out.indexOf("\n\n") + 2)).stripTrailing());
    }

    @Test
    void whateverComesIsSevenBitBehindTheHeader() throws IOException {
        var random = new Random(4711);
        String[] pieces = {
            "--b\n",
            "--b--\n",
            "--c\n",
            "\n",
            "\u00fc\n",
            "Content-Type: text/plain\n",
            " fold\n",
            "Content-Type: multipart/mixed; boundary=b\n",
            "Content-Type: multipart/x; boundary=\"c\"\n",
            "Content-Type: message/rfc822\n",
            "Content-Transfer-Encoding: 8bit\n",
            "text =\n",
            ":\n"
        };
        for (int i = 0; i < 2_000; i++) {
            var message = new StringBuilder("Subject: x\n");
            for (int n = random.nextInt(30); n > 0; n--) {
                message.append(pieces[random.nextInt(pieces.length)]);
            }
            downgraded(message.toString());
        }
    }

    private static String decoded(String text) {
        String joined = text.replace("=\n", "");
        var out = new StringBuilder();
        for (int i = 0; i < joined.length(); i++) {
            if (joined.charAt(i) == '=') {
                out.append((char) Integer.parseInt(joined, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.append(joined.charAt(i));
            }
        }
        return out.toString();
    }
}
