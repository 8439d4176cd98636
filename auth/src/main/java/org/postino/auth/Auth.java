// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.global.config.AuthParams;
import org.postino.global.config.Config;
import org.postino.global.config.MailParams;
import org.postino.global.server.Connection;
import org.postino.global.server.Daemon;
import org.postino.global.server.FatalException;
import org.postino.global.server.KeptServer;

/// auth(8), passwords and users. Manual page: `auth.8`.
final class Auth implements KeptServer.Service {
    /// How long a peer may be silent before it is greeted.
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Authenticator authenticator;

    private Auth(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    static Auth start(Daemon daemon) {
        return new Auth(authenticator(daemon.config(), daemon.clock()));
    }

    static Authenticator authenticator(Config config, Clock clock) {
        var files = new ArrayList<PasswdFile>();
        for (String path : config.get(AuthParams.AUTH_PASSWD_FILE)) {
            files.add(new PasswdFile(Path.of(path)));
        }
        var names = Names.of(config);
        var accounts = new Accounts(files, names.defaultDomain());
        var system = new SystemAccounts(names, config.get(MailParams.FIRST_VALID_UID));
        var remembered =
                new Remembered(
                        config.get(AuthParams.AUTH_CACHE_SIZE),
                        config.get(AuthParams.AUTH_CACHE_TTL),
                        config.get(AuthParams.AUTH_CACHE_NEGATIVE_TTL),
                        clock);
        var passwords =
                new Passwords(
                        names,
                        accounts,
                        remembered,
                        config.get(AuthParams.AUTH_DEFAULT_PASSWORD_SCHEME),
                        config.get(AuthParams.AUTH_WORKER_LIMIT).intValue(),
                        config.get(AuthParams.AUTH_VERBOSE));
        return new Authenticator(
                Userdb.of(config.get(AuthParams.AUTH_USERDB), names, accounts, system),
                passwords,
                new Penalties(config.get(AuthParams.AUTH_FAILURE_DELAY), clock),
                mechanisms(config.get(AuthParams.AUTH_MECHANISMS)));
    }

    private static List<String> mechanisms(List<String> names) {
        var mechanisms = new ArrayList<String>();
        for (String name : names) {
            if (Mechanism.of(name).isEmpty()) {
                throw new FatalException(
                        "parameter auth_mechanisms: unknown mechanism \""
                                + name
                                + "\"; known are: plain, login");
            }
            mechanisms.add(name.toUpperCase(Locale.ROOT));
        }
        return mechanisms;
    }

    @Override
    public KeptServer.Session open(Connection c) {
        return new AuthSession(authenticator, c.in(), c.out(), c, PATIENCE);
    }

    static void main(String[] args) {
        System.exit(
                KeptServer.run(args, new KeptServer.Options("auth", AuthParams.ALL, MailParams.ALL), Auth::start));
    }
}
