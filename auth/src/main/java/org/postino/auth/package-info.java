// SPDX-License-Identifier: Apache-2.0

/// auth(8) checks passwords and looks users up, for smtpd, imapd, pop3d and local, and for foreign programs that speak Dovecot's
/// authentication protocol.
///
/// SECURITY: what clients send is hostile, a password may be wrong a million times a day. Passwords are never logged;
/// an unknown user costs as much as a wrong password; failures are answered late; expensive checks are few at a time.
@NullMarked
package org.postino.auth;

import org.jspecify.annotations.NullMarked;
