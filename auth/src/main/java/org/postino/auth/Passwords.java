// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postino.net.sasl.PasswordSchemes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides whether somebody's password is right, at a bounded cost of memory and processor.
///
/// Hashes run on a few platform threads: on virtual ones they would keep every other session waiting.
final class Passwords {
    private static final Logger LOG = LoggerFactory.getLogger("auth");
    private static final int MAX_WAITING = 1000;
    private static final Duration REST = Duration.ofSeconds(10);

    private final Names names;
    private final Accounts accounts;
    private final Remembered remembered;
    private final boolean verbose;
    private final String defaultScheme;
    private final ThreadPoolExecutor workers;
    private volatile String decoy = "";

    sealed interface Verdict {
        record Right(Account account) implements Verdict {}

        /// Refused; `reason` is for the client's log, empty for the usual one.
        record Wrong(String reason) implements Verdict {}

        record Undecided() implements Verdict {}
    }

    Passwords(
            Names names,
            Accounts accounts,
            Remembered remembered,
            String defaultScheme,
            int workerLimit,
            boolean verbose) {
        this.names = names;
        this.accounts = accounts;
        this.remembered = remembered;
        this.defaultScheme = defaultScheme;
        this.verbose = verbose;
        this.workers =
                new ThreadPoolExecutor(
                        workerLimit,
                        workerLimit,
                        REST.toSeconds(),
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("hash-", 0).factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /// Checks a password; blocks until a worker has done it.
    ///
    /// @param remoteAddress the client's, or empty
    Verdict check(String user, String password, String remoteAddress) {
        try {
            Optional<Account> account = find(user);
            if (account.isEmpty()) {
                verify(decoy(), password);
                explain(user, remoteAddress, "unknown user");
                return new Verdict.Wrong("");
            }
            return check(account.get(), password, remoteAddress);
        } catch (IOException e) {
            LOG.error("cannot look up {}: {}", printable(user), e.getMessage());
            return new Verdict.Undecided();
        } catch (RejectedExecutionException e) {
            LOG.warn("too many passwords wait to be checked");
            return new Verdict.Undecided();
        }
    }

    /// The user of a name as a client gave it, if a password could be right for it.
    Optional<Account> find(String user) throws IOException {
        Optional<String> canonical = names.canonical(user);
        return canonical.isEmpty() ? Optional.empty() : accounts.find(canonical.get());
    }

    private Verdict check(Account account, String password, String remoteAddress)
            throws IOException {
        if (!matches(account, password)) {
            explain(account.name(), remoteAddress, "password mismatch");
            return new Verdict.Wrong("");
        }
        String objection = account.objection(remoteAddress);
        if (objection != null) {
            explain(account.name(), remoteAddress, objection);
            return new Verdict.Wrong(objection);
        }
        return new Verdict.Right(account);
    }

    private boolean matches(Account account, String password) throws IOException {
        Optional<Boolean> known = remembered.recall(account, password, accounts.generation());
        if (known.isPresent()) {
            return known.get();
        }
        if (!PasswordSchemes.isUsable(account.password())) {
            LOG.warn("{}: stored password has an unknown scheme or form", account.name());
        }
        boolean matched = verify(account.password(), password);
        remembered.store(account, password, matched);
        return matched;
    }

    private boolean verify(String stored, String password) throws IOException {
        Future<Boolean> result = workers.submit(() -> PasswordSchemes.verify(stored, password));
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                throw new IOException("the stored password wants more memory than there is", e);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /// A stored password that costs what those of the users do.
    private String decoy() throws IOException {
        String somebodys = accounts.anyPassword();
        if (somebodys != null) {
            return somebodys;
        }
        if (decoy.isEmpty()) {
            decoy = PasswordSchemes.hash(defaultScheme, "nobody's");
        }
        return decoy;
    }

    private void explain(String user, String remoteAddress, String why) {
        if (verbose) {
            LOG.info("passwd-file({},{}): {}", printable(user), remoteAddress, why);
        }
    }

    private static String printable(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length() && i < 100; i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return out.toString();
    }
}
