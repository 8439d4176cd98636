// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Optional;

/// A database in which passwords are checked.
interface Passdb {
    /// Its word in `auth_passdb`, for the log.
    String label();

    /// The user of a canonical name; empty if there is none, or none for whom a password could be right.
    ///
    /// @throws IOException it can't be told now
    Optional<Account> find(String canonical) throws IOException;

    /// Whether this is the user's password, and the user may log in from there.
    ///
    /// @param remoteAddress the client's, or empty
    /// @throws IOException it can't be told now
    Verdict check(Account account, String password, String remoteAddress) throws IOException;
}
