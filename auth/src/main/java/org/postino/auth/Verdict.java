// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

/// What is known about a name and a password.
sealed interface Verdict {
    /// They are those of this user.
    record Right(Account account) implements Verdict {}

    /// They are not.
    record Wrong() implements Verdict {}

    /// They are, but the user may not log in: no other database is asked.
    ///
    /// @param code of Dovecot's protocol, `user_disabled` or `pass_expired`; empty for the usual answer
    /// @param reason for the client's log
    record Barred(String code, String reason) implements Verdict {}

    /// It can't be told now.
    ///
    /// @param refused whether a database that could be asked took the password for wrong
    record Undecided(boolean refused) implements Verdict {}
}
