// SPDX-License-Identifier: Apache-2.0

/// The part that imapd(8) and pop3d(8) have in common: a stranger becomes a user, and the log says so. No protocol words.
///
/// One [Accounts] per process; per session a [Login] until somebody has logged in, then an [Account].
/// [LoginSettings] are the parameters of both, [SessionLog] the lines of a session.
///
/// Not here: commands and their replies (imapd, pop3d), the check of a password (auth, through `sasl`), stores (`mailstore`).
///
/// SECURITY: a stranger has one time limit for all reading, a number of attempts, and no password in clear unless allowed;
/// passwords are checked by auth(8).
@NullMarked
package org.postino.login;

import org.jspecify.annotations.NullMarked;
