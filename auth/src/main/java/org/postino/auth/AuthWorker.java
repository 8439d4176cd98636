// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Optional;
import org.postino.auth.PasswordAnswer.Verdict;
import org.postino.config.MainParams;
import org.postino.ipc.IpcConnection;
import org.postino.linux.Pam;
import org.postino.linux.ShadowEntry;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.AuthParams;
import org.postino.suite.Programs;

/// auth-worker(8), passwords of accounts of the system. Manual page: `auth-worker.8`.
final class AuthWorker implements RequestServer.Service {
    private static final String TERMINAL = "postino";

    private final ShadowCheck shadow;
    private final BoundedChecks checks;

    private AuthWorker(Daemon daemon) {
        var config = daemon.config();
        Pam.logAs(config.get(MainParams.SYSLOG_NAME) + "/auth-worker");
        shadow = new ShadowCheck(ShadowEntry::byName, daemon.clock());
        checks =
                new BoundedChecks(
                        config.get(AuthParams.AUTH_WORKER_MAX_COUNT).intValue(),
                        config.get(AuthParams.AUTH_WORKER_TIMEOUT),
                        BoundedChecks::giveUp);
    }

    static AuthWorker start(Daemon daemon) {
        return new AuthWorker(daemon);
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        while (c.awaitRecord()) {
            PasswordCheck check = PasswordCheck.receive(c);
            checks.run(check, () -> answer(check)).send(c);
        }
    }

    private PasswordAnswer answer(PasswordCheck check) throws IOException {
        return switch (check.database()) {
            case PasswordCheck.PAM -> pam(check);
            case PasswordCheck.SHADOW -> shadow.check(check.user(), check.password());
            default -> PasswordAnswer.undecided("unknown database " + check.database());
        };
    }

    private PasswordAnswer pam(PasswordCheck check) throws IOException {
        var outcome =
                Pam.check(
                        check.pamService(),
                        check.user(),
                        check.remoteAddress(),
                        TERMINAL,
                        check.password());
        Verdict verdict =
                switch (outcome.verdict()) {
                    case RIGHT -> Verdict.RIGHT;
                    case WRONG -> Verdict.WRONG;
                    case UNKNOWN_USER -> Verdict.UNKNOWN_USER;
                    case PASSWORD_EXPIRED -> Verdict.PASSWORD_EXPIRED;
                    case ACCOUNT_EXPIRED -> Verdict.ACCOUNT_EXPIRED;
                    case UNDECIDED -> Verdict.UNDECIDED;
                };
        return verdict == Verdict.WRONG
                ? wrong(check, outcome)
                : new PasswordAnswer(verdict, outcome.toString());
    }

    /// Tells a wrong password from one that could not be right, as that of a locked account. PAM says the same for both; a text
    /// of its modules or the shadow file shows the difference.
    private PasswordAnswer wrong(PasswordCheck check, Pam.Outcome outcome) {
        try {
            Optional<String> locked =
                    outcome.said().isEmpty()
                            ? shadow.locked(check.user())
                            : Optional.of(outcome.toString());
            return locked.map(why -> new PasswordAnswer(Verdict.LOCKED, why))
                    .orElseGet(() -> new PasswordAnswer(Verdict.WRONG, outcome.words()));
        } catch (IOException e) {
            return new PasswordAnswer(Verdict.WRONG, outcome.words());
        }
    }

    static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("auth-worker"), AuthWorker::start));
    }
}
