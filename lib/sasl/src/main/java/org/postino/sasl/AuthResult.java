// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What auth(8) answers to one step of an authentication.
public sealed interface AuthResult {
    /// The client is who it says.
    ///
    /// @param user the user's name in its final form, as user lookups want it
    /// @param fields further fields of the answer, a field without a value being empty
    record Success(String user, Map<String, String> fields) implements AuthResult {}

    /// The mechanism wants the client to answer this (not base64; may be empty).
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Challenge(byte[] data) implements AuthResult {}

    /// Refused, or not to be decided now.
    ///
    /// @param user the name that was tried, if one was understood; never to be trusted, sanitise before use
    /// @param reason a private reason for the log; the client is told something general
    /// @param temporary whether nobody is to blame: auth(8) or its user database is not at hand
    record Failure(@Nullable String user, String reason, boolean temporary) implements AuthResult {}
}
