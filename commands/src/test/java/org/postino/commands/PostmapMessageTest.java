// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// postmap with whole messages as keys, and with files as values.
class PostmapMessageTest {
    private static final String MESSAGE =
            """
            From: a@b
            Subject: hello
             folded  line
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b1

            pre
            --b1
            Content-Type: text/plain

            one: line
            --b1
            Content-Type: message/rfc822

            Subject: nested

            nested body
            --b1--
            """;

    @TempDir Path dir;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(dir.resolve("main.cf"), "");
        Files.writeString(dir.resolve("re"), "/^$/ EMPTY\n/./ X\n");
    }

    private Ran postmap(String input, String... args) {
        var all = new String[args.length + 2];
        all[0] = "-c";
        all[1] = dir.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        return Ran.postmap(input, all);
    }

    private String found(String options) {
        return postmap(MESSAGE, options, "-q", "-", "regexp:" + dir + "/re").ok().out();
    }

    @Test
    void fieldsOfTheHeaderAreKeys() {
        assertEquals(
                """
                From: a@b	X
                Subject: hello
                 folded  line	X
                MIME-Version: 1.0	X
                Content-Type: multipart/mixed; boundary=b1	X
                """,
                found("-h"));
    }

    @Test
    void fieldsOfPartsAndAttachedMessagesAreToo() {
        assertEquals(
                """
                From: a@b	X
                Subject: hello
                 folded  line	X
                MIME-Version: 1.0	X
                Content-Type: multipart/mixed; boundary=b1	X
                Content-Type: text/plain	X
                Content-Type: message/rfc822	X
                Subject: nested	X
                """,
                found("-hm"));
    }

    @Test
    void linesOfTheBodyAreKeys() {
        assertEquals(
                """
                \tEMPTY
                pre	X
                --b1	X
                \tEMPTY
                one: line	X
                --b1	X
                \tEMPTY
                \tEMPTY
                nested body	X
                --b1--	X
                """,
                found("-bm"));
        assertTrue(found("-b").contains("Subject: nested\tX\n"));
    }

    @Test
    void aMissingEmptyLineIsNoKey() {
        String found = postmap("A: b\nno field\n", "-hb", "-q", "-", "regexp:" + dir + "/re").out();
        assertEquals("A: b\tX\nno field\tX\n", found);
    }

    @Test
    void whatIsNotUtf8ComesOutAsItWentIn() throws IOException {
        Files.writeString(dir.resolve("r"), "/^(.*)$/ <$1>\n");
        String found = postmap("A: \u00e4\n\n", "-h", "-q", "-", "regexp:" + dir + "/r").out();
        assertEquals("A: \u00e4\t<A: \u00e4>\n", found);
    }

    @Test
    void anAddressIsFoundInNoField() throws IOException {
        Files.writeString(dir.resolve("nets"), "0.0.0.0/0 X\n");
        assertEquals(1, postmap(MESSAGE, "-h", "-q", "-", "cidr:" + dir + "/nets").status());
    }

    @Test
    void messagesAreReadFromStandardInputAlone() {
        var ran = postmap("", "-h", "-q", "Subject: x", "regexp:" + dir + "/re");
        assertEquals(1, ran.status());
        assertTrue(ran.err().startsWith("postmap: fatal: -h, -b and -m are for messages"));
    }

    @Test
    void valuesAreTheContentsOfFiles() throws IOException {
        Files.writeString(dir.resolve("f1"), "hello\nworld\n");
        Files.writeString(dir.resolve("f2"), "second");
        Files.writeString(
                dir.resolve("t"),
                "one F/f1\ntwo F/f1, F/f2\nno F/none\n".replace("F", dir.toString()));
        var made = postmap("", "-F", "hash:" + dir + "/t");
        assertEquals(0, made.status());
        assertEquals(
                "postmap: warning: D/t, line 3: no such file: D/none\n"
                        .replace("D", dir.toString()),
                made.err());
        assertEquals(
                "aGVsbG8Kd29ybGQK\n", postmap("", "-q", "one", "hash:" + dir + "/t").ok().out());
        String two = "hello\nworld\n\nsecond\n";
        assertEquals(two, postmap("", "-F", "-q", "two", "hash:" + dir + "/t").ok().out());
        assertEquals(two, postmap("", "-F", "-q", "two", "texthash:" + dir + "/t").ok().out());
        assertTrue(postmap("", "-F", "-s", "hash:" + dir + "/t").ok().out().endsWith("second\n"));
    }

    @Test
    void aValueThatIsNoBase64IsAnError() throws IOException {
        Files.writeString(dir.resolve("t"), "k plain value\n");
        postmap("", "hash:" + dir + "/t").ok();
        var ran = postmap("", "-F", "-q", "k", "hash:" + dir + "/t");
        assertEquals(1, ran.status());
        assertTrue(ran.err().contains("key k: no base64: plain value"), ran.err());
    }
}
