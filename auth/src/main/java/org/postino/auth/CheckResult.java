// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

/// The result of checking a name and a password.
sealed interface CheckResult {
    /// The password is right for this user.
    record Right(PasswdEntry account) implements CheckResult {}

    /// The password is wrong, or nobody has the name.
    record Wrong() implements CheckResult {}

    /// The password is right, but the user may not log in. No other database is asked.
    ///
    /// @param code of Dovecot's protocol, `user_disabled` or `pass_expired`; empty for the usual answer
    /// @param reason for the client's log
    record Barred(String code, String reason) implements CheckResult {}

    /// Nothing is decided, as a database cannot be asked now.
    ///
    /// @param refused true if another database was asked and took the password for wrong
    record Undecided(boolean refused) implements CheckResult {}
}
