// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.mailstore.MailParams;
import org.postino.sasl.SaslMechanism;
import org.postino.sasl.SaslMechanisms;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.server.KeptServer;
import org.postino.suite.AuthParams;
import org.postino.suite.Programs;
import org.postino.util.ByteNames;

/// auth(8), passwords and users. Manual page: `auth.8`.
final class Auth implements KeptServer.Service {
    /// A peer that is silent for so long is greeted, in case it waits for us to speak first.
    private static final Duration PATIENCE = Duration.ofMillis(250);

    /// We wait so much longer for auth-worker(8) than it lets a check take, so that its own answer comes first.
    private static final Duration WORKER_PATIENCE = Duration.ofSeconds(5);

    private final Authenticator authenticator;

    private Auth(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    static Auth start(Daemon daemon) {
        return new Auth(authenticator(daemon));
    }

    static Authenticator authenticator(Daemon daemon) {
        var config = daemon.config();
        var files = new ArrayList<PasswdFile>();
        for (String name : config.get(AuthParams.AUTH_PASSWD_FILE)) {
            var path = ByteNames.path(name);
            files.add(new PasswdFile(path, config.files().placeOf(path)));
        }
        var names = Names.of(config);
        var accounts = new PasswdFiles(files, names.defaultDomain());
        var system = new SystemAccounts(names, config.get(MailParams.FIRST_VALID_UID));
        var hashes = new Hashes(config.get(AuthParams.AUTH_WORKER_LIMIT).intValue());
        var remembered = remembered(daemon);
        var passwords =
                new Passwords(
                        names,
                        passdbs(daemon, accounts, system, hashes, remembered),
                        decoy(daemon, accounts, hashes, remembered),
                        config.get(AuthParams.AUTH_VERBOSE));
        return new Authenticator(
                Userdb.of(config.get(AuthParams.AUTH_USERDB), names, accounts, system),
                passwords,
                new Penalties(config.get(AuthParams.AUTH_FAILURE_DELAY), daemon.clock()),
                mechanisms(config.get(AuthParams.AUTH_MECHANISMS)),
                SteadyClock.SYSTEM);
    }

    private static Passwords.Decoy decoy(
            Daemon daemon, PasswdFiles accounts, Hashes hashes, Remembered remembered) {
        var config = daemon.config();
        String scheme = config.get(AuthParams.AUTH_DEFAULT_PASSWORD_SCHEME);
        return config.get(AuthParams.AUTH_PASSDB).contains(FilePassdb.LABEL)
                ? Passwords.decoy(accounts, scheme, hashes, remembered)
                : Passwords.decoy(
                        new PasswdFiles(List.of(), ""), scheme, hashes, Remembered.nothing());
    }

    /// @param ofFiles the memory for passwords of the passwd-files; each other database gets a memory of its own
    private static List<Passdb> passdbs(
            Daemon daemon,
            PasswdFiles accounts,
            SystemAccounts system,
            Hashes hashes,
            Remembered ofFiles) {
        var config = daemon.config();
        Path socket =
                daemon.queueDirectory()
                        .resolve(ByteNames.path(config.get(AuthParams.AUTH_WORKER_SOCKET_PATH)));
        var worker =
                new AuthWorkerClient(
                        socket,
                        config.get(AuthParams.AUTH_WORKER_TIMEOUT).plus(WORKER_PATIENCE),
                        config.get(AuthParams.AUTH_WORKER_MAX_COUNT).intValue());
        var databases = new ArrayList<Passdb>();
        for (String word : config.get(AuthParams.AUTH_PASSDB)) {
            databases.add(
                    word.equals(FilePassdb.LABEL)
                            ? new FilePassdb(accounts, ofFiles, hashes)
                            : SystemPassdb.of(word, system, worker, remembered(daemon))
                                    .orElseThrow(() -> unknownPassdb(word)));
        }
        return databases;
    }

    private static FatalException unknownPassdb(String word) {
        return new FatalException(
                "parameter auth_passdb: unknown password database \""
                        + word
                        + "\"; known are: passwd-file, pam, pam:SERVICE, shadow");
    }

    private static Remembered remembered(Daemon daemon) {
        var config = daemon.config();
        return new Remembered(
                config.get(AuthParams.AUTH_CACHE_SIZE),
                config.get(AuthParams.AUTH_CACHE_TTL),
                config.get(AuthParams.AUTH_CACHE_NEGATIVE_TTL),
                daemon.clock());
    }

    private static List<SaslMechanism> mechanisms(List<String> names) {
        var mechanisms = new ArrayList<SaslMechanism>();
        for (String name : names) {
            mechanisms.add(
                    SaslMechanisms.findServed(name).orElseThrow(() -> unknownMechanism(name)));
        }
        return mechanisms;
    }

    private static FatalException unknownMechanism(String name) {
        return new FatalException(
                "parameter auth_mechanisms: unknown mechanism \""
                        + name
                        + "\"; known are: "
                        + SaslMechanisms.servedNames());
    }

    @Override
    public KeptServer.Session open(Connection c) {
        return new AuthSession(authenticator, c.in(), c.out(), c, PATIENCE);
    }

    static void main(String[] args) {
        System.exit(KeptServer.run(args, Programs.options("auth"), Auth::start));
    }
}
