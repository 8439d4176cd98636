// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Messages as strangers write them, made by seed, in whose reading imapd and Dovecot agree.
///
/// Not here is where they differ on purpose. imapd goes on where Dovecot gives up: behind a broken address, in an open comment
/// or quote, at special characters in an unquoted value. It shows no addresses for nothing between commas, and takes a
/// content type that is none for text/plain; nor does it matter to it whether the text whose encoding it looks for has a type.
final class OddMessages {
    private static final List<String> ADDRESSES =
            List.of(
                    "e@x.test",
                    "<e@x.test>",
                    "\"\" <e@x.test>",
                    "j@x.test ()",
                    "() <e@x>",
                    "\"\"@x.test",
                    "e@x (a)(b)",
                    "(a) <e@x> (b)",
                    "e@x (a(b)c)",
                    "e@x (a\\)b)",
                    "\"a\" \"b\" <e@x>",
                    "a \"b\" c <e@x>",
                    "\"a\"b <e@x>",
                    "a. b <e@x>",
                    "A. B. <e@x>",
                    "joe @ host . test",
                    "\"j oe\"@host",
                    "\"j\\\"oe\"@host",
                    "joe(c)@(d)host(e).(f)test",
                    "<joe(c)@host>",
                    "=?utf-8?q?=C3=A4?= <e@x>",
                    "\"=?utf-8?q?x?=\" <e@x>",
                    "a\n b <c@d>",
                    "\"a\n b\" <c@d>",
                    "a@[1.2.3.4]",
                    "g:;",
                    "g: a@b, c@d;",
                    "\"g h\": a@b;",
                    "<@r,@s:a@b>",
                    "a",
                    "a b",
                    "\"a\" (b)",
                    "\u00c3\u00a4@b",
                    "\"\u00e9\" <a@b>",
                    "a%b@c",
                    "a!b@c",
                    "x <\"a b\"@c>");
    private static final List<String> LAST =
            List.of("a b@c", "<a b@c>", "a b (c)", "a <b <c@d>>", "\"a\" b@c", "\"a");
    private static final List<String> PARAMETERS =
            List.of(
                    "a=b",
                    "a=\"b c\"",
                    "name=\"x\n   y.txt\"",
                    "name=\"x\n\ty.txt\"",
                    "q=\"\\\"\\\\\"",
                    "A(c)=(d)b(e)",
                    "u=\"\u00e9\"",
                    "e=\"\"",
                    "charset=x-odd");

    /// Dovecot has these behind all others.
    private static final List<String> EXTENDED =
            List.of(
                    "",
                    "; f*=utf-8''%C3%A4",
                    "; f*0=a; f*1=b",
                    "; f*1=b; f*0=a",
                    "; f*0*=utf-8''%C3%A4; f*1*=%41");

    private static final List<String> TYPES =
            List.of(
                    "text/plain",
                    "TEXT/html",
                    "text / plain",
                    "text(c)/(d)plain(e)",
                    "application/octet-stream",
                    "image/jpeg",
                    "message/delivery-status");
    private static final List<String> FIELDS =
            List.of(
                    "Content-Transfer-Encoding:\nContent-Transfer-Encoding: base64",
                    "Content-Transfer-Encoding: (c) quoted-printable",
                    "Content-Transfer-Encoding: base64; x=y",
                    "Content-Transfer-Encoding: 8BIT",
                    "Content-ID: <a\n b@c>",
                    "Content-Description: a  b",
                    "Content-MD5: abc",
                    "Content-Disposition: attachment; filename=\"a\n   b.txt\"",
                    "Content-Disposition: inline (c); x=y",
                    "Content-Language: en, de",
                    "Content-Location: http://a/b",
                    "X-Odd: \n x");

    private final Random random;
    private int boundaries;

    private OddMessages(long seed) {
        random = new Random(seed);
    }

    /// So many messages with CRLF.
    static List<byte[]> make(int count) {
        var messages = new ArrayList<byte[]>();
        for (int seed = 0; seed < count; seed++) {
            messages.add(
                    new OddMessages(seed)
                            .message(0)
                            .replace("\n", "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
        }
        return messages;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String message(int depth) {
        var text = new StringBuilder("Subject: s" + random.nextInt(100) + "\n");
        for (var field : List.of("From", "Sender", "Reply-To", "To", "Cc", "Bcc")) {
            if (random.nextInt(2) == 0) {
                text.append(field).append(": ").append(addresses()).append('\n');
            }
        }
        return text.append(part(depth)).toString();
    }

    private String addresses() {
        var list = new ArrayList<String>();
        for (int n = random.nextInt(4); n > 0; n--) {
            list.add(pick(ADDRESSES));
        }
        if (list.isEmpty() || random.nextInt(4) == 0) {
            list.add(pick(list.isEmpty() ? ADDRESSES : LAST));
        }
        return String.join(random.nextBoolean() ? ", " : ",\n\t", list);
    }

    /// Header fields of MIME, an empty line and a body.
    private String part(int depth) {
        var fields = new StringBuilder();
        for (int n = random.nextInt(3); n > 0; n--) {
            fields.append(pick(FIELDS)).append('\n');
        }
        return switch (depth > 3 ? 3 : random.nextInt(5)) {
            case 0 -> multipart(fields, depth);
            case 1 ->
                    fields
                            + "Content-Type: message/rfc822"
                            + parameters()
                            + "\n\n"
                            + message(depth + 1);
            case 2 -> "\n" + text();
            default ->
                    fields
                            + "Content-Type: "
                            + pick(TYPES)
                            + parameters()
                            + pick(EXTENDED)
                            + "\n\n"
                            + text();
        };
    }

    private String multipart(StringBuilder fields, int depth) {
        var boundary = "b" + boundaries++ + pick(List.of("", " x", "\t x", "=", "\\"));
        var written = boundary.replace("\\", "\\\\").replace(" x", "\n x");
        var text = new StringBuilder(fields);
        text.append("Content-Type: multipart/mixed")
                .append(parameters())
                .append("; boundary=\"")
                .append(written)
                .append("\"\n\n");
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            text.append("--").append(boundary).append('\n').append(part(depth + 1));
            text.append("\n");
        }
        return text.append(random.nextInt(5) == 0 ? "" : "--" + boundary + "--\n").toString();
    }

    private String parameters() {
        var text = new StringBuilder();
        for (int n = random.nextInt(3); n > 0; n--) {
            text.append(pick(List.of("; ", ";", ";\n\t"))).append(pick(PARAMETERS));
        }
        return text.toString();
    }

    private String text() {
        return pick(List.of("one\n", "one\ntwo\n", "--\nx\n", "\u00e9\n", "no end"));
    }
}
