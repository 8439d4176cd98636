// SPDX-License-Identifier: Apache-2.0

/// Passwords and users: the clients of auth(8), the SASL mechanisms, and the forms in which passwords are stored.
///
/// - mechanisms: [SaslMechanisms] has a row for each [SaslMechanism], with its [SaslProperty]s and both sides of an exchange
///   ([MechanismServer], [MechanismClient]); [SaslOptions] says which may be used
/// - the client of auth(8), over Dovecot's authentication protocol: [AuthClient] checks passwords for those that log in
///   ([AuthExchange], [AuthPeer], [AuthResult]), [UserdbClient] looks a [MailUser] up, [AuthProtocol] has the words of both sides
/// - stored passwords: [PasswordSchemes] checks and makes hashes of every kind
///
/// Not here: the databases (auth); PAM and shadow entries (`linux`);
/// what a user may do after having logged in (`login`).
///
/// SECURITY: passwords stay in byte arrays and strings of this process; none becomes an event or a message of an exception.
@NullMarked
package org.postino.sasl;

import org.jspecify.annotations.NullMarked;
