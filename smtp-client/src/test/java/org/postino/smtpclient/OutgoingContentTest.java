// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.log.EventLog;
import org.postino.queue.Envelope;

/// What tables change of a message on its way out. Messages and log lines are those of Postfix 3.7 with the same tables.
class OutgoingContentTest {
    @TempDir Path dir;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Lab lab;
    private EventLog.Listening listening;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        listening = EventLog.listen(e -> log.add(e.text()));
    }

    @AfterEach
    void stop() throws IOException {
        listening.close();
        lab.close();
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private String sent(boolean lmtp, String message) throws Exception {
        String result = lab.send(lab.agent(lmtp), message, "dest.test", "b@in.test").getFirst();
        assertTrue(result.startsWith("sent "), result);
        return lab.one().messages().getLast().replace("\n", "\r\n");
    }

    private List<String> actions() {
        return log.stream()
                .filter(l -> l.matches("(?s).*(: header |: body |unsupported).*"))
                .map(l -> l.replace("4F00012345: ", ""))
                .toList();
    }

    @Test
    void fieldsAndLinesAreLookedUpAsTheyAreSent() throws Exception {
        lab.set(
                "smtp_header_checks",
                "pcre:{{/^Subject: w/ WARN look}, {/^Subject: i/ INFO}, {/^Subject: s/ STRIP gone},"
                        + " {/^X-Ign/ IGNORE}, {/^X-Rej/ REJECT no}, {/^X-Rep/ REPLACE X-New: a@foo},"
                        + " {/^X-Pre/ PREPEND X-Before: b}, {/^X-Long/ INFO long text}, {/^Content/"
                        + " IGNORE}}");
        lab.set(
                "smtp_mime_header_checks",
                "pcre:{{/^Content-Type: text.html/ REPLACE Content-Type: text/x},"
                        + " {/^Content-Transfer/ WARN cte}}");
        lab.set("smtp_nested_header_checks", "pcre:{{/^Subject: nest/ WARN nested}}");
        lab.set(
                "smtp_body_checks",
                "pcre:{{/=C3/ WARN qp}, {/^drop/ IGNORE}, {/^pre/ PREPEND before}, {/^rep/ REPLACE"
                        + " replaced}}");
        lab.one().on("EHLO", "250-fake.test\r\n250 PIPELINING");
        lab.attribute(Envelope.ENCODING, "8bit");
        String message =
                lines(
                        "Subject: w hello",
                        "Subject: i hello",
                        "Subject: s hello",
                        "X-Ign: 1",
                        "X-Rej: 2",
                        "X-Rep: 4",
                        "X-Pre: 5",
                        "X-Long: " + "a".repeat(80),
                        "Mime-Version: 1.0",
                        "Content-Type: multipart/mixed; boundary=b",
                        "",
                        "pre amble",
                        "--b",
                        "Content-Type: text/html; charset=utf-8",
                        "",
                        "8bit \u00c3\u00a9 here",
                        "drop this",
                        "rep this",
                        "--b",
                        "Content-Type: message/rfc822",
                        "",
                        "Subject: nest",
                        "",
                        "--b--");
        assertEquals(
                lines(
                        "Subject: w hello",
                        "Subject: i hello",
                        "X-Rej: 2",
                        "X-New: a@foo",
                        "X-Before: b",
                        "X-Pre: 5",
                        "X-Long: " + "a".repeat(80),
                        "Mime-Version: 1.0",
                        "Content-Type: multipart/mixed; boundary=b",
                        "",
                        "before",
                        "pre amble",
                        "--b",
                        "Content-Type: text/x",
                        "Content-Transfer-Encoding: quoted-printable",
                        "",
                        "8bit =C3=A9 here",
                        "replaced",
                        "--b",
                        "Content-Type: message/rfc822",
                        "",
                        "Subject: nest",
                        "",
                        "--b--"),
                sent(false, message));
        assertEquals(
                List.of(
                        "warning: header Subject: w hello: look",
                        "info: header Subject: i hello",
                        "strip: header Subject: s hello: gone",
                        "unsupported command in smtp_header_checks map: REJECT",
                        "replace: header X-Rep: 4: X-New: a@foo",
                        "prepend: header X-Pre: 5: X-Before: b",
                        "info: header X-Long: " + "a".repeat(52) + ": long text",
                        "prepend: body pre amble: before",
                        "replace: header Content-Type: text/html; charset=utf-8: Content-Type:"
                                + " text/x",
                        "warning: header Content-Transfer-Encoding: quoted-printable: cte",
                        "warning: body 8bit =C3=A9 here: qp",
                        "replace: body rep this: replaced",
                        "warning: header Subject: nest: nested"),
                actions());
    }

    @Test
    void lmtpHasTablesOfItsOwn() throws Exception {
        lab.set("smtp_header_checks", "regexp:{{/^X/ IGNORE}}");
        lab.set("lmtp_body_checks", "regexp:{{/^y/ REPLACE z}}");
        String message = lines("X: 1", "", "y");
        assertEquals(lines("", "y"), sent(false, message));
        lab.one().lmtp().on("LHLO", "250 fake.test");
        String result =
                lab.send(lab.agent(true), message, "[127.0.0.21]:" + lab.one().port(), "b@in.test")
                        .getFirst();
        assertTrue(result.startsWith("sent "), result);
        assertEquals(lines("X: 1", "", "z"), lab.one().messages().getLast().replace("\n", "\r\n"));
    }

    @Test
    void addressesAreThoseThatOthersKnow() throws Exception {
        lab.set("recipient_delimiter", "+");
        lab.set("mydestination", "me.test");
        lab.set("smtp_header_checks", "pcre:{{/^From: x/ REPLACE From: z@internal}}");
        lab.set(
                "smtp_generic_maps",
                "inline:{ {sender@me.test=ext@example.org}, {@internal=@example.com},"
                        + " {b@in.test=c@out.test}, {user=local@gen.example} }");
        String sent =
                sent(
                        false,
                        lines(
                                "From: x y <a@internal>",
                                "To: <b@internal>, \"c d\" <c@x.internal>,",
                                "\tuser@me.test, q+ext@internal, b+q@in.test",
                                "X-To: b@internal",
                                "",
                                "b@internal"));
        assertEquals(
                lines(
                        "From: z@example.com",
                        "To: <b@example.com>, \"c d\" <c@x.internal>,",
                        "\tlocal@gen.example, q+ext@example.com, c@out.test",
                        "X-To: b@internal",
                        "",
                        "b@internal"),
                sent);
        assertTrue(
                lab.one().commands().contains("MAIL FROM:<ext@example.org> BODY=8BITMIME")
                        || lab.one().commands().contains("MAIL FROM:<ext@example.org>"));
        assertTrue(lab.one().commands().contains("RCPT TO:<c@out.test>"));

        lab.set("propagate_unmatched_extensions", "generic");
        assertEquals(lines("To: c+q@out.test", ""), sent(false, lines("To: b+q@in.test", "")));
    }

    /// The message has begun, and must not end as if it were whole.
    @Test
    void aTableThatCannotBeAskedDefers() throws Exception {
        lab.set("smtp_body_checks", "fail:x");
        assertDeferred("lookup failed: table fail:x: always fails");
        assertEquals(List.of(), lab.one().messages());
        assertEquals(List.of(), lab.two().messages());
        lab.unset("smtp_body_checks");
        lab.set("smtp_generic_maps", "fail:y");
        assertDeferred("lookup failed: table fail:y: always fails");
    }

    private void assertDeferred(String why) throws Exception {
        String result = lab.deliver("dest.test", "b@in.test").getFirst();
        assertTrue(
                result.startsWith("deferred ") && result.endsWith(" 4.3.0 (" + why + ")"), result);
    }

    /// Octets are no matter of the tables.
    @Test
    void whatNoTableChangesIsSentByteForByte() throws Exception {
        lab.set("smtp_body_checks", "regexp:{{/never/ IGNORE}}");
        var message = new StringBuilder("X: \u00e4\r\n folded\r\n\r\n");
        for (int i = 0; i < 5000; i++) {
            message.append((char) (32 + i % 224));
            message.append(i % 97 == 0 ? "\r\n" : "");
        }
        message.append("\r\n");
        String sent = sent(false, message.toString());
        assertEquals(message.toString(), new String(sent.getBytes(ISO_8859_1), ISO_8859_1));
    }
}
