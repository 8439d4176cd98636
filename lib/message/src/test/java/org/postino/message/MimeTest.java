// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parts and encodings, as senders write them and as attackers do.
final class MimeTest {
    @ParameterizedTest
    @CsvSource({
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?=,Grüße",
        "=?utf-8?Q?a_b?= =?utf-8?b?YyBk?=,a bc d",
        "=?utf-8?Q?split_=C3?= =?utf-8?Q?=A4?=,split ä",
        "x =?iso-8859-1?q?=E4?= y,x ä y",
        "=?utf-8?x?y?=,=?utf-8?x?y?=",
        "=?utf-8?q?open,=?utf-8?q?open",
        "=?utf-8*de?q?=C3=A4?=,ä",
        "=?,=?",
    })
    void encodedWords(String text, String expected) {
        assertEquals(expected, EncodedWords.decode(text));
    }

    @ParameterizedTest
    @CsvSource({
        "quoted-printable,'a=3Db=\r\nc=ZZ=',a=bc=ZZ=",
        "quoted-printable,==3D,==",
        "base64,'aGVs\r\nbG8=',hello",
        "base64,'aGVsbG8=aGVsbG8=',hellohello",
        "7BIT,x=3D,x=3D",
    })
    void transferEncodings(String encoding, String text, String expected) throws IOException {
        var in =
                TransferDecoder.decode(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)),
                        encoding);
        assertEquals(
                expected,
                in == null ? null : new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    /// Whoever reads the boundary differently sees the same parts: an attachment hides from nobody.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"x y~   z\"|x y   z",
                "\"x y~\tz\"|x y\tz",
                "\"x\\y\"|xy",
                "x\\y|x\\y",
                "x\\y|x",
                "x=y|x=y",
                "x=y|x",
                "x/y|x/y",
                "x/y|x",
                "[x]|[x]",
                "\"x|x",
                "x;boundary=y|x",
                "=x|=x",
            })
    void boundariesAreFound(String parameter, String boundary) throws IOException {
        var letter =
                "Content-Type:\r\nContent-Type: multipart/mixed; boundary="
                        + parameter.replace("~", "\r\n")
                        + "\r\n\r\n--"
                        + boundary
                        + "\r\n\r\none\r\n--"
                        + boundary
                        + "\r\n\r\ntwo\r\n--"
                        + boundary
                        + "--\r\nend\r\n";
        var part =
                MimeParser.parse(
                        new ByteArrayInputStream(letter.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(2, part.children().size());
        assertEquals(3, part.children().getLast().bodySize());
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Transfer-Encoding:\r\nContent-Transfer-Encoding: base64',base64",
        "'Content-Transfer-Encoding: (x)\r\nContent-Transfer-Encoding: base64',base64",
        "'Content-Transfer-Encoding: ;\r\nContent-Transfer-Encoding: base64',base64",
        "'Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit',base64",
        "'Content-Transfer-Encoding: base64 x',7bit",
        "'Content-Transfer-Encoding: 7bit; x=y\r\nContent-Transfer-Encoding: base64',base64",
        "'Subject: x',7bit"
    })
    void theFirstEncodingThatIsOneCounts(String header, String encoding) throws IOException {
        var part =
                MimeParser.parse(
                        new ByteArrayInputStream(
                                (header + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(encoding, part.encoding());
    }

    /// A digest's part that the end of the letter cuts off once had more lines than the letter.
    @Test
    void aPartWithoutAnyLineHasNone() throws IOException {
        var letter = "Content-Type: multipart/digest; boundary=x\r\n\r\n--x\r\n";
        var part =
                MimeParser.parse(
                        new ByteArrayInputStream(letter.getBytes(StandardCharsets.ISO_8859_1)));
        var enclosed = part.children().getFirst().children().getFirst();
        assertEquals(0, enclosed.bodyLines());
    }

    /// Whatever somebody wrote, each reader makes something of it.
    @Test
    void noTextStopsAReader() throws IOException {
        var random = new Random(2045);
        String[] words = {
            "=?utf-8?q?",
            "=?",
            "?=",
            "?b?",
            "=C3",
            "=",
            "text/",
            "; ",
            "x*0*=",
            "*1*",
            "*",
            "''",
            "%",
            "\"",
            "\\",
            "(",
            ")",
            "<",
            ">",
            "@",
            ",",
            ";",
            ":",
            "a",
            "9999999999",
            "2 Feb",
            "31 ",
            " ",
            "\t",
            "\r",
            "\n",
            "\0",
            "\u00e4",
            "[",
            "]",
            "+4",
            "+2B",
            "utf-16",
            "multipart/x; boundary=",
            "--"
        };
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(16); n > 0; n--) {
                text.append(words[random.nextInt(words.length)]);
            }
            var value = text.toString();
            assertNotNull(EncodedWords.decode(value));
            assertNotNull(NamedAddress.parse(value).stream().map(NamedAddress::text).toList());
            assertNotNull(new MimeTokens(value).parameters());
            assertNotNull(Charsets.of(value));
            assertNotNull(Xtext.decodeLoosely(value));
            var _ = ContentType.parse(value);
            var _ = MailDate.parseDay(value);
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            for (var encoding : List.of("base64", "quoted-printable")) {
                var decoded = TransferDecoder.decode(new ByteArrayInputStream(bytes), encoding);
                assertTrue(decoded != null && decoded.readAllBytes().length <= bytes.length, value);
            }
            assertTrue(
                    MimeParser.parse(new ByteArrayInputStream(bytes)).bodyEnd() <= bytes.length,
                    value);
        }
    }
}
