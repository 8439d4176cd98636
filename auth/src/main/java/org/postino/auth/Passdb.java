// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/// A database in which passwords are checked.
interface Passdb {
    /// Returns the database's word in `auth_passdb`, for the log.
    String label();

    /// Finds the user of a canonical name; empty if there is none, or if no password could be right for that user.
    ///
    /// @throws IOException the database cannot be reached; the client is told to try again
    Optional<PasswdEntry> find(String canonical) throws IOException;

    /// Checks whether this is the user's password, and whether the user may log in from there.
    ///
    /// @param remoteAddress the client's address; empty if it is not known
    /// @throws IOException the database cannot be reached; the client is told to try again
    CheckResult check(PasswdEntry account, String password, String remoteAddress)
            throws IOException;

    /// Tries the user's password itself, if it is stored; one that is not, proves nothing.
    ///
    /// @param isRight tells whether a password makes what the client has sent
    /// @param remoteAddress the client's address; empty if it is not known
    default CheckResult prove(
            PasswdEntry account, Predicate<String> isRight, String remoteAddress) {
        return new CheckResult.Wrong();
    }
}
