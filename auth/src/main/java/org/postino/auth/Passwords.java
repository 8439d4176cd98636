// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.postino.sasl.PasswordSchemes;
import org.postino.util.FirstAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides whether a password is right. It asks one database after the other until one says so.
///
/// If a database does not know the user, or takes the password for wrong, the next one is asked. If none accepts the password
/// and one could not answer, the result is undecided.
final class Passwords {
    private static final Logger LOG = LoggerFactory.getLogger("auth");

    private final Names names;
    private final List<Passdb> databases;
    private final Decoy decoy;
    private final boolean verbose;

    /// Checks the password of an unknown user in vain, so that the check takes as long as a user's.
    @FunctionalInterface
    interface Decoy {
        /// Spends the time of a check.
        ///
        /// @throws IOException the check cannot be made now
        void check(String name, String password) throws IOException;
    }

    Passwords(Names names, List<Passdb> databases, Decoy decoy, boolean verbose) {
        this.names = names;
        this.databases = List.copyOf(databases);
        this.decoy = decoy;
        this.verbose = verbose;
    }

    /// Makes a decoy that checks against a stored password of the passwd-files, or, if they have none, against a hash made once.
    ///
    /// @param remembered the memory of [FilePassdb], so that a stranger's passwords are remembered as a user's are
    static Decoy decoy(
            PasswdFiles accounts, String defaultScheme, Hashes hashes, Remembered remembered) {
        return new Decoy() {
            private volatile String made = "";

            @Override
            public void check(String name, String password) throws IOException {
                var stranger = new PasswdEntry(name, stored(), "", "", "", Map.of());
                if (remembered.recall(stranger, password, accounts.generation()).isEmpty()) {
                    hashes.verify(stranger.password(), password);
                    remembered.store(stranger, password, false);
                }
            }

            private String stored() throws IOException {
                String somebodys = accounts.anyPassword();
                if (somebodys != null) {
                    return somebodys;
                }
                if (made.isEmpty()) {
                    made = PasswordSchemes.hash(defaultScheme, "nobody's");
                }
                return made;
            }
        };
    }

    /// Checks a password; blocks until that is done.
    ///
    /// @param remoteAddress the client's address; empty if it is not known
    CheckResult check(String user, String password, String remoteAddress) {
        return judge(
                user,
                remoteAddress,
                (database, account) -> database.check(account, password, remoteAddress),
                name -> pretend(name, password));
    }

    /// Tries whether the password itself makes what the client has sent. None is found for a user of whom only a hash is stored.
    ///
    /// @param remoteAddress the client's address; empty if it is not known
    CheckResult prove(String user, Predicate<String> isRight, String remoteAddress) {
        return judge(
                user,
                remoteAddress,
                (database, account) -> database.prove(account, isRight, remoteAddress),
                _ -> true);
    }

    /// The question to one database.
    @FunctionalInterface
    private interface Question {
        CheckResult ask(Passdb database, PasswdEntry account) throws IOException;
    }

    private CheckResult judge(
            String user, String remoteAddress, Question question, Predicate<String> pretence) {
        String canonical = names.canonical(user).orElse("");
        boolean refused = false;
        boolean trouble = false;
        for (Passdb database : canonical.isEmpty() ? List.<Passdb>of() : databases) {
            try {
                Optional<PasswdEntry> account = database.find(canonical);
                if (account.isEmpty()) {
                    explain(database, canonical, remoteAddress, "unknown user");
                    continue;
                }
                switch (question.ask(database, account.get())) {
                    case CheckResult.Right right -> {
                        return right;
                    }
                    case CheckResult.Barred barred -> {
                        explain(database, canonical, remoteAddress, "may not log in now");
                        return barred;
                    }
                    case CheckResult.Wrong _ -> {
                        explain(database, canonical, remoteAddress, "password mismatch");
                        refused = true;
                    }
                    case CheckResult.Undecided _ -> trouble = true;
                }
            } catch (IOException e) {
                LOG.error("{}: cannot check {}: {}", database.label(), canonical, e.getMessage());
                trouble = true;
            }
        }
        if (!refused && !trouble) {
            trouble = !pretence.test(canonical);
        }
        return trouble ? new CheckResult.Undecided(refused) : new CheckResult.Wrong();
    }

    /// Finds the user of a name as a client gave it; empty if no password could be right for it.
    ///
    /// @throws IOException a database cannot be reached, and no other knows the name
    Optional<PasswdEntry> find(String user) throws IOException {
        Optional<String> canonical = names.canonical(user);
        return canonical.isEmpty()
                ? Optional.empty()
                : FirstAnswer.of(databases, database -> database.find(canonical.get()));
    }

    /// Takes the time that checking a user's password would; false if that cannot be done now.
    private boolean pretend(String name, String password) {
        try {
            decoy.check(name, password);
            return true;
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
            return false;
        }
    }

    private void explain(Passdb database, String user, String remoteAddress, String why) {
        if (verbose) {
            LOG.info("{}({},{}): {}", database.label(), user, remoteAddress, why);
        }
    }
}
