// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Instance;

/// What aliases(5) says, tried out: its examples word for word, and the rules around them.
@Timeout(400)
class AliasesTest {
    @TempDir Path dir;
    private PrivateSuite mx;

    @BeforeEach
    void create() throws IOException {
        mx = new PrivateSuite(dir, "alice", "jo");
        mx.etcOfItsOwn();
        mx.shell(
                        "mount -t tmpfs -o mode=755 none /srv && mount -t tmpfs -o mode=755 none /usr/local/bin"
                                + " && mkdir -p /etc/postino && install -d -o nobody /srv/archive")
                .ok();
        mx.set(
                "alias_maps = hash:/etc/aliases",
                "alias_database = $alias_maps",
                "recipient_delimiter = +",
                "default_transport = discard:");
    }

    @AfterEach
    void close() throws IOException {
        if (mx != null) {
            mx.close();
        }
    }

    private String start(String aliases) throws IOException {
        Path text = Files.writeString(dir.resolve("text"), aliases);
        mx.shell("cp " + text + " /etc/aliases").ok();
        String said = mx.postino("newaliases").ok().err();
        mx.start();
        return said;
    }

    private String there(String file) throws IOException {
        return mx.shell("cat " + file).out();
    }

    @Test
    void theExamplesOfThePageDoWhatItSays() throws Exception {
        String page = Files.readString(Instance.root().resolve("commands/aliases.5"));
        int begin = page.indexOf(".Bd -literal -offset indent\n");
        String examples = page.substring(page.indexOf('\n', begin) + 1, page.indexOf(".Ed", begin));
        mx.shell(
                        "printf '# the staff\\n\\njo, \"Bob (from afar)\" <bob@example.com>\\nAlice (the boss)\\n' >/etc/postino/staff;"
                                + " printf '#!/bin/sh\\n{ echo \"$@\" as $(id -un); cat; } >/srv/archive/ticket\\n' >/usr/local/bin/ticket;"
                                + " chmod 755 /usr/local/bin/ticket")
                .ok();
        assertEquals("", start(examples));
        mx.send("postmaster@mx.test", "to the postmaster");
        mx.awaitLog("to=<bob@example.com>", "status=sent");
        mx.awaitText(mx.box("alice"), "Subject: to the postmaster");

        mx.send("Staff", "to the staff");
        mx.awaitText(mx.box("alice"), "Return-Path: <owner-staff@mx.test>");
        mx.awaitLog("from=<owner-staff@mx.test>", "nrcpt=3");
        mx.awaitText(mx.box("jo"), "Subject: to the staff");

        mx.send("\"Jo Doe\"@mx.test", "with a blank");
        mx.awaitLog("to=<jo@example.org>", "status=sent");
        mx.awaitText(mx.box("jo"), "Subject: with a blank");

        mx.send("archive+old", "kept");
        mx.awaitLog("to=<archive+old@mx.test>", "status=sent (delivered to maildir)");
        assertTrue(there("/srv/archive/2026/new/*").contains("Subject: kept"));
        assertEquals("nobody", mx.shell("stat -c %U /srv/archive/2026").out().strip());
        mx.send("tickets", "it is broken");
        mx.awaitLog("to=<tickets@mx.test>", "status=sent (delivered to command: /usr/local/bin/");
        assertTrue(there("/srv/archive/ticket").startsWith("--queue help as nobody\nFrom "));
        mx.send("noreply", "gone");
        mx.awaitLog("to=<noreply@mx.test>", "status=sent (delivered to file: /dev/null)");
        assertFalse(mx.log().contains("status=bounced"), mx.log());
    }

    @Test
    void theRulesOfThePageHold() throws Exception {
        mx.write("jo", ".forward", "jo@elsewhere.test\n");
        mx.shell(
                        "printf '\"|cat >/srv/archive/included\"\\n' >/etc/postino/commands;"
                                + " printf 'jo\\n' >/etc/postino/open; chmod 666 /etc/postino/open")
                .ok();
        String said =
                start(
                        """
                        LONG: alice (who else), # no comment

                        # a comment between
                            , \\jo
                        first: second
                        second: first
                        alice: alice
                        closed: /srv/archive/none/file
                        commands: :include:/etc/postino/commands
                        missing: :include:/etc/postino/missing
                        open: :include:/etc/postino/open
                        words: alice jo
                        owner-own: alice
                        own: alice@mx.test
                        empty:
                        name@mx.test: alice
                        list-request: jo@list.test
                        owner-list-request: alice
                        """);
        assertTrue(said.contains("need name:value pair"), said);
        assertTrue(said.contains("name must be local"), said);
        mx.send("long", "continued");
        mx.awaitText(mx.box("alice"), "Subject: continued");
        mx.awaitText(mx.box("jo"), "Subject: continued");
        mx.awaitLog("status=bounced (unknown user: \"comment\")");
        mx.send("first", "round and round");
        mx.awaitLog("to=<first@mx.test>", "status=bounced (alias database loop for first)");
        mx.send("alice", "to herself");
        mx.awaitText(mx.box("alice"), "Subject: to herself");
        mx.send("closed", "no directory");
        mx.awaitLog("to=<closed@mx.test>", "status=bounced", "/srv/archive/none/file");
        mx.send("commands", "not in an include");
        mx.awaitLog("to=<commands@mx.test>", "status=bounced (mail to command is restricted: ");
        mx.send("missing", "no list");
        mx.awaitLog("to=<missing@mx.test>", "status=bounced (cannot find include file: ");
        mx.send("open", "a list for all");
        mx.awaitLog("to=<open@mx.test>", "status=deferred", "everybody can write it");
        mx.send("words", "two words");
        mx.awaitText(mx.box("alice"), "Subject: two words");
        mx.awaitLog("to=<jo@elsewhere.test>", "status=sent");
        mx.send("own", "owned");
        mx.awaitLog("from=<owner-own@mx.test>");
        mx.send("list-request", "no owner");
        String line = mx.awaitLog("to=<jo@list.test>", "status=sent");
        assertFalse(mx.log().contains("from=<owner-list-request"), line);
        mx.send("jo", "forwarded");
        mx.awaitLog("to=<jo@elsewhere.test>", "status=sent");
        assertFalse(there("/srv/archive/*").contains("not in an include"));
    }
}
