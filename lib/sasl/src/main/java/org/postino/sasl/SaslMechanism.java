// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.Optional;
import java.util.Set;

/// A way to log in (RFC 4422): one class for each, and one row in [SaslMechanisms].
///
/// What servers announce, which clients may use it when, and both sides of the exchange come from here, so that smtpd(8),
/// imapd(8), pop3d(8), auth(8) and smtp(8) cannot differ. Has no state of its own; an exchange has.
public interface SaslMechanism {
    /// Returns the registered name, in upper case: `PLAIN`.
    String name();

    /// Returns what the exchange shows to others, and what it proves.
    Set<SaslProperty> properties();

    /// Begins the server's side of an exchange; empty if auth(8) does not offer this mechanism.
    Optional<MechanismServer> server();

    /// Begins the client's side of an exchange; empty if smtp(8) does not use this mechanism.
    ///
    /// @param password the password itself, not a hash of it
    Optional<MechanismClient> client(String user, String password);
}
