// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCommandTest {
    @TempDir Path dir;
    private String table = "";

    @BeforeEach
    void files() throws IOException {
        Files.writeString(dir.resolve("main.cf"), "");
        table = dir.resolve("t").toString();
        Files.writeString(
                dir.resolve("t"),
                """
                a b
                k1: v
                # comment
                "q k" v2
                A dup
                Upper Val
                  more
                bare:
                """);
    }

    private Ran postmap(String input, String... args) {
        var all = new String[args.length + 2];
        all[0] = "-c";
        all[1] = dir.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        return Ran.postmap(input, all);
    }

    @Test
    void whatSeveralAddAtOnceIsAllInTheTable() throws Exception {
        assertEquals(0, postmap("", "hash:" + table).status());
        var adding = new ArrayList<CompletableFuture<Ran>>();
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 40; i++) {
                String line = "more" + i + " value\n";
                adding.add(
                        CompletableFuture.supplyAsync(
                                () -> postmap(line, "-i", "hash:" + table), pool));
            }
        }
        for (var one : adding) {
            one.get().ok();
        }
        String all = postmap("", "-s", "hash:" + table).ok().out();
        assertEquals(40, all.lines().filter(line -> line.startsWith("more")).count());
    }

    @Test
    void badLinesAreWarnedAboutAndTheRestIsMade() throws IOException {
        Files.setPosixFilePermissions(
                dir.resolve("t"), PosixFilePermissions.fromString("rw-r-----"));
        var ran = postmap("", "hash:" + table);
        assertEquals(0, ran.status());
        assertEquals(
                """
                postmap: warning: T, line 8: expected format: key whitespace value
                postmap: warning: T, line 2: record is in "key: value" format; is this an alias file?
                postmap: warning: T.db: duplicate entry: "a"
                """
                        .replace("T", table)
                        .lines()
                        .sorted()
                        .toList(),
                ran.err().lines().sorted().toList());
        assertEquals(
                "a\tb\nk1:\tv\n\"q k\"\tv2\nupper\tVal more\n",
                postmap("", "-s", "hash:" + table).ok().out());
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("t.db"))));
    }

    @Test
    void keysAreFoundWhateverTheirCase() {
        postmap("", "-w", "hash:" + table);
        assertEquals("b\n", postmap("", "-q", "A", "hash:" + table).ok().out());
        var missing = postmap("", "-q", "zz", "hash:" + table);
        assertEquals(1, missing.status());
        assertEquals("", missing.out() + missing.err());
        assertEquals(
                "UPPER\tVal more\nA\tb\n",
                postmap("UPPER\nnone\nA\n", "-q", "-", "hash:" + table).ok().out());
    }

    @Test
    void entriesAreAddedAndDeleted() {
        postmap("", "-w", "lmdb:" + table);
        assertEquals(0, postmap("", "-d", "a", "lmdb:" + table).status());
        assertEquals(1, postmap("", "-d", "a", "lmdb:" + table).status());
        var twice = postmap("new v\nupper again\n", "-i", "lmdb:" + table);
        assertEquals(
                "postmap: warning: " + table + ".lmdb: duplicate entry: \"upper\"\n", twice.err());
        postmap("new v3\n", "-ri", "lmdb:" + table).ok();
        assertEquals("v3\n", postmap("", "-q", "new", "lmdb:" + table).ok().out());
        assertEquals("Val more\n", postmap("", "-q", "upper", "lmdb:" + table).ok().out());
    }

    @Test
    void whatCannotBeMadeIsSaid() throws IOException {
        assertTrue(
                postmap("", "regexp:" + table)
                        .err()
                        .startsWith(
                                "postmap: fatal: unsupported dictionary type: regexp does not support bulk-mode creation."));
        assertTrue(
                postmap("", "nosuch:" + table)
                        .err()
                        .contains("unsupported dictionary type: nosuch"));
        assertEquals(
                "postmap: fatal: open " + dir + "/none: No such file or directory\n",
                postmap("", "hash:" + dir + "/none").err());
        var query = postmap("", "-q", "x", "hash:" + dir + "/none");
        assertEquals(1, query.status());
        assertTrue(query.err().contains("No such file or directory"), query.err());
        Files.delete(dir.resolve("t"));
        Files.writeString(dir.resolve("t.db"), "something else that is long enough to be a header");
        assertTrue(postmap("", "-q", "x", "hash:" + table).err().contains("make it with postmap"));
    }

    @Test
    void aliasesAreMadeByNewaliases() throws IOException {
        Files.writeString(
                dir.resolve("aliases"),
                """
                # comment
                root: admin, "bob smith"@x.org, |"/bin/cat foo"
                postmaster:	root
                  , more
                noval:
                nocolon here
                owner-list: :include:/tmp/x
                a@b: z
                Root: dup
                "Quoted Key" : v
                """);
        Files.writeString(dir.resolve("main.cf"), "alias_database = hash:" + dir + "/aliases\n");
        var ran = Ran.of("newaliases", new Newaliases(), "", "-C", dir.toString());
        assertEquals(0, ran.status());
        assertEquals(
                """
                postalias: warning: D/aliases, line 5: need name:value pair
                postalias: warning: D/aliases, line 6: need name:value pair
                postalias: warning: D/aliases, line 8: name must be local
                postalias: warning: D/aliases.db: duplicate entry: "root"
                """
                        .replace("D", dir.toString()),
                ran.err());
        var postalias = Ran.postalias("", "-c", dir.toString(), "-s", "hash:" + dir + "/aliases");
        assertEquals(
                """
                root:	admin, "bob smith"@x.org, |"/bin/cat foo"
                postmaster:	root , more
                owner-list:	:include:/tmp/x
                quoted key:	v
                """,
                postalias.ok().out());
    }
}
