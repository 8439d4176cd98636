// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.MainCf;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.sasl.PasswordSchemes;
import org.postino.suite.AllParams;
import org.postino.suite.ConfigCheck;

class CreateInstanceTest {
    @TempDir Path top;

    private Path make(String... more) {
        Path dir = top.resolve("mx");
        var args = new ArrayList<>(List.of(dir.toString(), "--port-base", "20000"));
        args.addAll(List.of(more));
        Ran.create(args.toArray(String[]::new)).ok();
        return dir;
    }

    @Test
    void anInstanceIsWholeAndItsConfigurationGood() throws IOException, ConfigException {
        Path dir = make("--domain", "MX.test");
        var config = Config.load(dir, List.of(), AllParams.tables());
        assertEquals("mx.test", config.get(MainParams.MYHOSTNAME));
        assertEquals(dir.resolve("spool"), config.get(MainParams.QUEUE_DIRECTORY));
        var main = MainCf.read(dir.resolve("main.cf"));
        var master = MasterCf.read(dir.resolve("master.cf"));
        assertEquals(List.of(), master.problems());
        assertEquals(List.of(), ConfigCheck.refused(main, master));
        assertEquals(List.of(), ConfigCheck.values(config, "main.cf", true));
        assertEquals(
                List.of("20025", "20587", "20465", "20143", "20993", "20110", "20995"),
                master.rows().stream()
                        .filter(row -> row.type() == MasterCf.Type.INET)
                        .map(MasterCf.Row::port)
                        .toList());
        assertTrue(Files.isDirectory(dir.resolve("spool/maildrop")));
        assertTrue(Files.readString(dir.resolve("tls.pem")).contains("BEGIN PRIVATE KEY"));
        assertEquals(
                "root\n",
                Ran.postmap(
                                "",
                                "-c",
                                dir.toString(),
                                "-q",
                                "postmaster",
                                "hash:" + dir + "/aliases")
                        .ok()
                        .out());
    }

    @Test
    void aSecondOneInTheSamePlaceIsRefused() {
        Path dir = make();
        var again = Ran.create(dir.toString());
        assertEquals(1, again.status());
        assertTrue(again.err().contains("has an instance already"), again.err());
        assertEquals(0, Ran.create(dir.toString(), "--force").status());
    }

    @Test
    void badValuesAreRefused() {
        for (var args :
                List.of(
                        List.of(top + "/x", "--port-base", "70000"),
                        List.of(top + "/x", "--port-base", "many"),
                        List.of(top + "/x", "--domain", "a b"),
                        List.of(top + "/" + "x".repeat(90)),
                        List.of(top + "/a b"),
                        List.of())) {
            var ran = Ran.create(args.toArray(String[]::new));
            assertEquals(1, ran.status(), args.toString());
            assertTrue(ran.err().startsWith("postino create: fatal: "), ran.err());
        }
        assertFalse(Files.exists(top.resolve("x")));
    }

    @Test
    void usersAreKept() throws IOException {
        Path dir = make("--domain", "mx.test");
        String c = dir.toString();
        Ran.postuser("", "-c", c, "add", "Alice@mx.test", "--password", "one", "--scheme", "PLAIN")
                .ok();
        Ran.postuser("two\n", "-c", c, "add", "bob", "--password-stdin", "--scheme", "plain").ok();
        assertEquals("alice@mx.test\nbob@mx.test\n", Ran.postuser("", "-c", c, "list").ok().out());
        Path file = dir.resolve("passwd");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Object uid = Files.getAttribute(dir, "unix:uid");
        Object gid = Files.getAttribute(dir.resolve("mail"), "unix:gid");
        assertEquals(
                "alice@mx.test:{PLAIN}one:"
                        + uid
                        + ":"
                        + gid
                        + "::"
                        + dir
                        + "/mail/mx.test/alice::",
                Files.readAllLines(file).getFirst());
        assertTrue(Files.isDirectory(dir.resolve("mail/mx.test/bob")));
        Ran.postuser("", "-c", c, "passwd", "alice", "--password", "new").ok();
        String most = "é".repeat(36); // 72 octets
        Ran.postuser("", "-c", c, "passwd", "alice", "--password", most, "--scheme", "blf-crypt")
                .ok();
        var more =
                Ran.postuser(
                        "",
                        "-c",
                        c,
                        "passwd",
                        "alice",
                        "--password",
                        most + "x",
                        "--scheme",
                        "blf-crypt");
        assertEquals(1, more.status());
        assertTrue(
                more.err().contains("more than the 72 octets that blf-crypt looks at"), more.err());
        Ran.postuser("", "-c", c, "passwd", "alice", "--password", most + "x").ok();
        Ran.postuser("", "-c", c, "passwd", "alice", "--password", "new").ok();
        String stored = Files.readAllLines(file).getFirst().split(":")[1];
        assertTrue(stored.startsWith("{ARGON2ID}$argon2id$"), stored);
        assertTrue(PasswordSchemes.verify(stored, "new"));
        Ran.postuser("", "-c", c, "del", "alice@mx.test").ok();
        assertEquals("bob@mx.test\n", Ran.postuser("", "-c", c, "list").ok().out());
    }

    @Test
    void badUsersAreRefused() {
        Path dir = make("--domain", "mx.test");
        String c = dir.toString();
        Ran.postuser("", "-c", c, "add", "a@mx.test", "--password", "x", "--scheme", "PLAIN").ok();
        for (var args :
                List.of(
                        List.of("add", "a@mx.test", "--password", "x"),
                        List.of("add", "../../etc@mx.test", "--password", "x"),
                        List.of("add", "a:b@mx.test", "--password", "x"),
                        List.of("add", "b@mx.test", "--password", ""),
                        List.of("add", "b@mx.test", "--password", "x", "--scheme", "ROT13"),
                        List.of("add"),
                        List.of("del", "none@mx.test"),
                        List.of("passwd", "none@mx.test", "--password", "x"),
                        List.of("rename", "a@mx.test"))) {
            var all = new ArrayList<>(List.of("-c", c));
            all.addAll(args);
            var ran = Ran.postuser("", all.toArray(String[]::new));
            assertEquals(1, ran.status(), args.toString());
            assertTrue(ran.err().startsWith("postuser: fatal: "), ran.err());
        }
        assertEquals("a@mx.test\n", Ran.postuser("", "-c", c, "list").ok().out());
    }
}
