// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answer of auth(8) to one step of an authentication.
public sealed interface AuthResult {
    /// The client has proved who it is.
    ///
    /// @param user the user's name in its final form, as user lookups want it
    /// @param fields further fields of the answer, a field without a value being empty
    record Success(String user, Map<String, String> fields) implements AuthResult {}

    /// The mechanism's next question for the client, not in base64; may be empty.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Challenge(byte[] data) implements AuthResult {}

    /// The client was refused, or auth(8) cannot decide now.
    ///
    /// @param user the name that was tried, if one was understood; it comes from the client, so sanitise it before use
    /// @param reason a private reason for the log; the client is told something general
    /// @param temporary true if auth(8) or its user database cannot be reached, so that nothing is known about the password
    record Failure(@Nullable String user, String reason, boolean temporary) implements AuthResult {}
}
