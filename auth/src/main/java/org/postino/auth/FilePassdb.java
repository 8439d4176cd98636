// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import org.postino.sasl.PasswordSchemes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The passwords of the passwd-files.
final class FilePassdb implements Passdb {
    static final String LABEL = "passwd-file";

    private static final Logger LOG = LoggerFactory.getLogger("auth");

    private final PasswdFiles accounts;
    private final Remembered remembered;
    private final Hashes hashes;

    FilePassdb(PasswdFiles accounts, Remembered remembered, Hashes hashes) {
        this.accounts = accounts;
        this.remembered = remembered;
        this.hashes = hashes;
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public Optional<PasswdEntry> find(String canonical) throws IOException {
        return accounts.find(canonical).filter(a -> !a.password().isEmpty());
    }

    @Override
    public CheckResult check(PasswdEntry account, String password, String remoteAddress)
            throws IOException {
        return matches(account, password)
                ? admitted(account, remoteAddress)
                : new CheckResult.Wrong();
    }

    @Override
    public CheckResult prove(PasswdEntry account, Predicate<String> isRight, String remoteAddress) {
        return PasswordSchemes.inClear(account.password()).filter(isRight).isPresent()
                ? admitted(account, remoteAddress)
                : new CheckResult.Wrong();
    }

    private static CheckResult admitted(PasswdEntry account, String remoteAddress) {
        String objection = account.objection(remoteAddress);
        return objection == null
                ? new CheckResult.Right(account)
                : new CheckResult.Barred("", objection);
    }

    private boolean matches(PasswdEntry account, String password) throws IOException {
        Optional<Boolean> known = remembered.recall(account, password, accounts.generation());
        if (known.isPresent()) {
            return known.get();
        }
        if (!PasswordSchemes.isUsable(account.password())) {
            LOG.warn("{}: stored password has an unknown scheme or form", account.name());
        }
        boolean matched = hashes.verify(account.password(), password);
        remembered.store(account, password, matched);
        return matched;
    }
}
