// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.suite.AuthParams;

/// The order of databases.
class PasswordsTest {
    private final List<String> asked = new ArrayList<>();

    /// A database that knows alice alone, and answers for her what it is told; null: it can't answer.
    private record Fake(String label, boolean known, CheckResult answer, List<String> asked)
            implements Passdb {
        @Override
        public Optional<PasswdEntry> find(String canonical) {
            asked.add(label + "?" + canonical);
            return known ? Optional.of(account()) : Optional.empty();
        }

        @Override
        public CheckResult check(PasswdEntry account, String password, String remoteAddress)
                throws IOException {
            asked.add(label);
            if (answer instanceof CheckResult.Undecided) {
                throw new IOException("out of order");
            }
            return answer;
        }
    }

    private static PasswdEntry account() {
        return new PasswdEntry("alice", "", "1", "1", "/", Map.of());
    }

    private Fake known(String label, CheckResult answer) {
        return new Fake(label, true, answer, asked);
    }

    private Fake unknown(String label) {
        return new Fake(label, false, new CheckResult.Wrong(), asked);
    }

    private CheckResult check(Passdb... databases) {
        var names = Names.of(Config.of(Map.of(), AuthParams.ALL));
        var passwords =
                new Passwords(names, List.of(databases), (_, _) -> asked.add("decoy"), false);
        return passwords.check("Alice", "secret", "192.0.2.1");
    }

    @Test
    void theFirstThatSaysYesDecides() {
        var right = new CheckResult.Right(account());
        assertInstanceOf(
                CheckResult.Right.class,
                check(
                        unknown("a"),
                        known("b", new CheckResult.Wrong()),
                        known("c", right),
                        known("d", new CheckResult.Wrong())));
        assertEquals(List.of("a?alice", "b?alice", "b", "c?alice", "c"), asked);
    }

    @Test
    void nobodySaysYes() {
        assertInstanceOf(CheckResult.Wrong.class, check(unknown("a"), unknown("b")));
        assertInstanceOf(
                CheckResult.Wrong.class, check(known("a", new CheckResult.Wrong()), unknown("b")));
        assertInstanceOf(CheckResult.Wrong.class, check());
        assertEquals(
                List.of("a?alice", "b?alice", "decoy", "a?alice", "a", "b?alice", "decoy"), asked);
    }

    @Test
    void aStrangersPasswordIsRememberedAsAUsersIs() throws IOException {
        var hour = Duration.ofHours(1);
        var remembered = new Remembered(100_000, hour, hour, Clock.systemUTC());
        var decoy =
                Passwords.decoy(new PasswdFiles(List.of(), ""), "PLAIN", new Hashes(1), remembered);
        var eve = new PasswdEntry("eve", "{PLAIN}nobody's", "", "", "", Map.of());
        assertEquals(Optional.empty(), remembered.recall(eve, "x", 0));
        decoy.check("eve", "x");
        assertEquals(Optional.of(false), remembered.recall(eve, "x", 0));
    }

    @Test
    void onlyAPasswordInClearProvesAnything(@TempDir Path dir) throws IOException {
        Path passwd = dir.resolve("passwd");
        Files.writeString(
                passwd,
                """
                ann:{PLAIN}secret:1:1::/::
                bea:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=:1:1::/::
                cid:{CLEARTEXT}secret:1:1::/::allow_nets=10.0.0.0/8
                dot:{PLAIN}:1:1::/::
                """);
        var hour = Duration.ofHours(1);
        var files =
                new FilePassdb(
                        new PasswdFiles(List.of(new PasswdFile(passwd)), ""),
                        new Remembered(100_000, hour, hour, Clock.systemUTC()),
                        new Hashes(1));
        var names = Names.of(Config.of(Map.of(), AuthParams.ALL));
        var known = new Fake("a", true, new CheckResult.Right(account()), asked);
        var passwords = new Passwords(names, List.of(known, files), (_, _) -> {}, false);
        for (String user : List.of("ann", "Ann")) {
            assertInstanceOf(
                    CheckResult.Right.class, passwords.prove(user, "secret"::equals, "192.0.2.1"));
        }
        assertInstanceOf(
                CheckResult.Wrong.class, passwords.prove("ann", "other"::equals, "192.0.2.1"));
        assertInstanceOf(
                CheckResult.Barred.class, passwords.prove("cid", "secret"::equals, "192.0.2.1"));
        for (String user : List.of("bea", "eve", "", "a b")) {
            assertInstanceOf(
                    CheckResult.Wrong.class, passwords.prove(user, _ -> true, "192.0.2.1"), user);
        }
    }

    @Test
    void whoIsBarredIsNotAskedForElsewhere() {
        var barred = new CheckResult.Barred("pass_expired", "");
        assertEquals(
                barred, check(known("a", barred), known("b", new CheckResult.Right(account()))));
        assertEquals(List.of("a?alice", "a"), asked);
    }

    @Test
    void aDatabaseOutOfOrderLeavesItUndecidedUnlessAnotherSaysYes() {
        var broken = known("a", new CheckResult.Undecided(false));
        assertInstanceOf(
                CheckResult.Right.class,
                check(broken, known("b", new CheckResult.Right(account()))));
        assertEquals(new CheckResult.Undecided(false), check(broken, unknown("b")));
        // the answer is held back: somebody guesses
        assertEquals(
                new CheckResult.Undecided(true),
                check(broken, known("b", new CheckResult.Wrong())));
    }
}
