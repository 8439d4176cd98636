// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.Wire;
import org.postino.util.ByteNames;

/// Names that are no text: of directories, mailboxes, files of mailboxes, aliases, and of the directory one works in.
///
/// This Java machine cannot name them all, so a shell does, from a script that holds the bytes.
@Timeout(400)
class OddNamesTest {
    /// Latin-1, UTF-8, another script, a surrogate in UTF-8.
    private static final String ODD = "m\udcfc-ü-日-\udced\udca0\udc80";

    private static final String BIN =
            Instance.root().resolve("packaging/target/image/bin").toString();

    @TempDir Path dir;

    /// Runs a script in the test's directory; `odd` is the odd name.
    private Command.Result shell(String locale, String script) throws IOException {
        Path file = dir.resolve("script");
        String start = "set -e\nPATH=" + BIN + ":$PATH\ncd '" + dir + "'\nodd='" + ODD + "'\n";
        Files.write(file, ByteNames.encode(start + script));
        var command = new Command("env", "-u", "LC_ALL", "-u", "LANG", "sh", file.toString());
        return command.environment("LC_CTYPE", locale).run();
    }

    @Test
    void commandsTakeAnyNameInEveryLocale() throws IOException {
        for (String locale : List.of("", "C", "C.UTF-8")) {
            String script =
                    """
                    rm -rf "$odd"
                    postino create "$odd" --port-base 20000 --domain mx.test >/dev/null
                    cd "$odd"
                    echo 'key VALUE\udcff' >map
                    postmap -c "$PWD" hash:"$PWD"/map
                    postmap -c . -q key hash:map
                    test -e map.db
                    postconf -c "$PWD" -n queue_directory >/dev/null
                    newaliases -C .
                    postuser -c . add 'jörg@mx.test' --password secret
                    printf 'Subject: x\\n\\ntext\\n' | sendmail -C "$PWD" -f 'jörg@mx.test' ann@mx.test
                    ls spool/maildrop | wc -l
                    postino -c . check
                    """;
            var result = shell(locale, script);
            assertEquals(0, result.status(), result.err());
            assertFalse(result.err().contains("fatal"), result.err());
            assertTrue(result.out().contains("VALUE"), result.out());
            assertTrue(result.out().strip().endsWith("1"), result.out());
        }
    }

    @Test
    void everyByteMayStandInTheNameOfATable() throws IOException {
        var script = new StringBuilder();
        script.append("postino create plain --port-base 20000 --domain mx.test >/dev/null\n");
        byte[] bytes = new byte[254];
        int n = 0;
        for (int b = 1; b < 256; b++) {
            if (b != '/') {
                bytes[n++] = (byte) b;
            }
        }
        // Together they would be longer than a name may be, with .db behind it.
        for (int from = 0; from < bytes.length; from += 127) {
            String name = ByteNames.decode(bytes, from, from + 127).replace("'", "'\\''");
            script.append("t='plain/'\nn='").append(name).append("'\n");
            script.append("echo 'key value' >\"$t$n\"\npostmap -c plain \"hash:$t$n\"\n");
            script.append("test \"$(postmap -c plain -q key \"hash:$t$n\")\" = value\n");
        }
        var result = shell("C", script.toString());
        assertEquals("", result.err());
        assertEquals(0, result.status());
    }

    @Test
    void commandsWorkWhereTheDirectoryIsGone() throws IOException {
        String script =
                """
                postino create "$PWD"/mx --port-base 20000 --domain mx.test >/dev/null
                top=$PWD
                mkdir gone
                cd gone
                rmdir ../gone
                printf 'Subject: x\\n\\ntext\\n' | sendmail -C "$top"/mx ann@mx.test
                postconf -c "$top"/mx -h mail_name >/dev/null
                postqueue -c "$top"/mx -p
                newaliases -C "$top"/mx
                postino -c "$top"/mx check
                """;
        var result = shell("C", script);
        assertEquals(0, result.status(), result.err());
        // The shell itself tells that its directory is gone.
        assertEquals(
                List.of(),
                result.err()
                        .lines()
                        .filter(line -> !line.contains("getcwd") && !line.contains(": warning: "))
                        .toList());
        assertTrue(result.out().contains("ann@mx.test"), result.out());
    }

    @Test
    void aSuiteRunsUnderAnOddNameAndNoOddFileEndsWhatOthersDo() throws IOException {
        int base = Instance.freeBase();
        String start =
                """
                postino create "$odd" --port-base PORT --domain mx.test >/dev/null
                for user in ann ben; do postuser -c "$odd" add $user@mx.test --password secret; done
                new=$odd/mail/mx.test/ann/Maildir/new
                mkdir -p "$new" "$odd/mail/mx.test/ann/Maildir/cur" "$odd/mail/mx.test/ann/Maildir/tmp"
                for name in '1.\udcff' '2.\udced\udca0\udc80' '3.\udcc0\udcaf' '4.日'; do
                    printf 'Subject: odd\\n\\ntext\\n' >"$new/$name"
                done
                mkdir "$odd/mail/mx.test/ann/Maildir/.\udcfe"
                echo 'list: :include:'"$PWD/$odd"'/no\udcff, "|/bin/\udcff", ann' >>"$odd/aliases"
                newaliases -C "$odd"
                for queue in maildrop incoming deferred active hold defer bounce corrupt; do
                    mkdir "$odd/spool/$queue/\udcfe"
                    for name in '\udcff' '日' 'A\udced\udca0\udc80'; do
                        echo >"$odd/spool/$queue/$name"
                        chmod 760 "$odd/spool/$queue/$name"
                    done
                done
                postino -c "$odd" start
                postqueue -c "$odd" -p
                postsuper -c "$odd" -s
                printf 'Subject: dropped\\n\\ntext\\n' | sendmail -C "$odd" ben@mx.test list@mx.test
                """;
        var started = shell("C", start.replace("PORT", Integer.toString(base)));
        try {
            assertEquals(0, started.status(), started.err());
            letters(base, "ann", 5);
            letters(base, "ben", 1);
            try (var imap = login(base, "ann")) {
                var fetched = imap.command("FETCH 1:5 (UID RFC822.SIZE)");
                assertEquals(6, fetched.size(), fetched.toString());
                assertFalse(imap.command("LIST \"\" *").isEmpty());
                assertTrue(last(imap.command("STORE 1:5 +FLAGS (\\Deleted)")).startsWith("a OK"));
                assertTrue(last(imap.command("EXPUNGE")).startsWith("a OK"));
                assertTrue(imap.command("SELECT INBOX").contains("* 0 EXISTS"));
            }
        } finally {
            shell("C", "postino -c \"$odd\" stop\n");
        }
    }

    private static void letters(int base, String user, int count) {
        Await.until(
                user + " has " + count,
                () -> {
                    try (var imap = login(base, user)) {
                        return imap.selected.contains("* " + count + " EXISTS");
                    }
                });
    }

    private static String last(List<String> lines) {
        return lines.getLast();
    }

    private static Imap login(int base, String user) throws IOException {
        var imap = new Imap(base + 143);
        assertTrue(last(imap.command("LOGIN " + user + "@mx.test secret")).startsWith("a OK"));
        imap.selected = imap.command("SELECT INBOX");
        return imap;
    }

    /// A client that waits for each answer.
    private static final class Imap implements AutoCloseable {
        private final Wire wire;
        private List<String> selected = List.of();

        Imap(int port) throws IOException {
            wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
            wire.line();
        }

        List<String> command(String text) throws IOException {
            wire.send("a " + text + "\r\n");
            var lines = new ArrayList<String>();
            String line = wire.line();
            while (line != null) {
                lines.add(line);
                if (line.startsWith("a ")) {
                    return lines;
                }
                line = wire.line();
            }
            throw new IOException("closed after: " + text + " " + lines);
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }
}
