// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.linux.Crypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The passwords of the system's accounts. Auth-worker(8) checks them, through PAM or against the shadow file.
///
/// Only a right password is remembered. A wrong one may become right elsewhere without our knowing.
final class SystemPassdb implements Passdb {
    private static final Logger LOG = LoggerFactory.getLogger("auth");
    private static final String DEFAULT_SERVICE = "postino";

    private final String label;
    private final String database;
    private final String pamService;
    private final SystemAccounts accounts;
    private final AuthWorkerClient worker;
    private final Remembered remembered;

    /// The number of times that each account was refused whatever its password. Each time, everything remembered of it before
    /// becomes void.
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

    private SystemPassdb(
            String label,
            String database,
            String pamService,
            SystemAccounts accounts,
            AuthWorkerClient worker,
            Remembered remembered) {
        this.label = label;
        this.database = database;
        this.pamService = pamService;
        this.accounts = accounts;
        this.worker = worker;
        this.remembered = remembered;
    }

    /// Makes the database of a word in `auth_passdb`; empty if the word is neither PAM's nor the shadow file's.
    static Optional<Passdb> of(
            String word, SystemAccounts accounts, AuthWorkerClient worker, Remembered remembered) {
        int colon = word.indexOf(':');
        String service = colon < 0 ? DEFAULT_SERVICE : word.substring(colon + 1);
        String database = colon < 0 ? word : word.substring(0, colon);
        boolean pam = database.equals(PasswordCheck.PAM) && isService(service);
        if (!pam && !word.equals(PasswordCheck.SHADOW)) {
            return Optional.empty();
        }
        return Optional.of(
                new SystemPassdb(word, database, pam ? service : "", accounts, worker, remembered));
    }

    /// True if a word may name a file in `/etc/pam.d`.
    private static boolean isService(String word) {
        return !word.isEmpty()
                && word.charAt(0) != '.'
                && word.chars().allMatch(c -> c > ' ' && c < 127 && c != '/');
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Optional<PasswdEntry> find(String canonical) throws IOException {
        return accounts.find(canonical).filter(accounts::mayLogIn).map(SystemAccounts::account);
    }

    @Override
    public CheckResult check(PasswdEntry account, String password, String remoteAddress)
            throws IOException {
        PasswdEntry stamped = account.withPassword(label + stamp(account.name()));
        if (remembered.recall(stamped, password, 0).orElse(false)) {
            return new CheckResult.Right(account);
        }
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (!Crypt.isPassword(bytes)) {
            return new CheckResult.Wrong();
        }
        var check = new PasswordCheck(database, pamService, account.name(), remoteAddress, bytes);
        try {
            CheckResult verdict = verdict(account, worker.ask(check));
            if (verdict instanceof CheckResult.Right) {
                remembered.store(stamped, password, true);
            }
            return verdict;
        } finally {
            check.wipe();
        }
    }

    private CheckResult verdict(PasswdEntry account, PasswordAnswer answer) throws IOException {
        return switch (answer.verdict()) {
            case RIGHT -> new CheckResult.Right(account);
            case WRONG, UNKNOWN_USER -> new CheckResult.Wrong();
            case LOCKED -> {
                refused(account, answer);
                yield new CheckResult.Wrong();
            }
            case PASSWORD_EXPIRED -> barred(account, answer, "pass_expired");
            case ACCOUNT_EXPIRED -> barred(account, answer, "user_disabled");
            case UNDECIDED -> throw new IOException(answer.reason());
        };
    }

    private CheckResult barred(PasswdEntry account, PasswordAnswer answer, String code) {
        refused(account, answer);
        return new CheckResult.Barred(code, "");
    }

    private void refused(PasswdEntry account, PasswordAnswer answer) {
        LOG.info("{}({}): {}", label, account.name(), answer.reason());
        refusals.merge(account.name(), 1, Integer::sum);
    }

    /// Returns a text that changes whenever the system's files do or the account is refused. It is part of what is remembered, so
    /// nothing is recalled after such a change.
    private String stamp(String name) {
        var stamp = new StringBuilder();
        stamp.append(' ').append(refusals.getOrDefault(name, 0));
        for (String file : List.of("/etc/passwd", "/etc/shadow", "/etc/pam.d/" + pamService)) {
            try {
                var a = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
                stamp.append(' ').append(a.lastModifiedTime().toMillis());
                stamp.append('/').append(a.size()).append('/').append(a.fileKey());
            } catch (IOException e) {
                stamp.append(" -"); // a system whose accounts stand elsewhere
            }
        }
        return stamp.toString();
    }
}
