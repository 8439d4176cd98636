// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.postino.auth.PasswordAnswer.Verdict;
import org.postino.linux.Crypt;
import org.postino.linux.ShadowEntry;

/// Checks passwords against the system's own hashes, and the dates that shadow(5) describes.
final class ShadowCheck {
    /// The source of the entries, `/etc/shadow` or a test's.
    interface Entries {
        Optional<ShadowEntry> byName(String user) throws IOException;
    }

    private final Entries entries;
    private final Clock clock;

    ShadowCheck(Entries entries, Clock clock) {
        this.entries = entries;
        this.clock = clock;
    }

    PasswordAnswer check(String user, byte[] password) throws IOException {
        Optional<ShadowEntry> found = entries.byName(user);
        if (found.isEmpty()) {
            return new PasswordAnswer(Verdict.UNKNOWN_USER, "no such user");
        }
        ShadowEntry entry = found.get();
        Optional<String> locked = locked(entry);
        if (locked.isPresent()) {
            return new PasswordAnswer(Verdict.LOCKED, locked.get());
        }
        return Crypt.matches(password, entry.hash())
                ? dated(entry, LocalDate.now(clock.withZone(ZoneOffset.UTC)).toEpochDay())
                : new PasswordAnswer(Verdict.WRONG, "password mismatch");
    }

    /// Returns the reason why no password is right for an account; empty if one may be, or if the account has no entry.
    Optional<String> locked(String user) throws IOException {
        return entries.byName(user).flatMap(ShadowCheck::locked);
    }

    private static Optional<String> locked(ShadowEntry entry) {
        if (entry.hash().isEmpty()) {
            return Optional.of("the account has no password, so nobody can log in with one");
        }
        return Crypt.isForm(entry.hash())
                ? Optional.empty()
                : Optional.of("the password is locked, see passwd(1)");
    }

    /// Judges a right password by the dates of its entry. One that must be changed is refused: a mail client cannot ask for a new
    /// one.
    private static PasswordAnswer dated(ShadowEntry entry, long today) {
        if (entry.expires() >= 0 && today >= entry.expires()) {
            return new PasswordAnswer(Verdict.ACCOUNT_EXPIRED, "the account has expired");
        }
        if (entry.changed() == 0) {
            return new PasswordAnswer(
                    Verdict.PASSWORD_EXPIRED, "the password must be changed before it is used");
        }
        boolean ages = entry.changed() > 0 && entry.maximum() >= 0;
        return ages && today > entry.changed() + entry.maximum()
                ? new PasswordAnswer(Verdict.PASSWORD_EXPIRED, "the password has expired")
                : new PasswordAnswer(Verdict.RIGHT, "");
    }
}
