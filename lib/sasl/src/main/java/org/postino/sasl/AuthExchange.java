// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

/// One running authentication. Used by one thread; its methods block until auth(8) answers, and auth(8) delays its answer to
/// a wrong password.
public interface AuthExchange {
    /// Returns the answer to the last response, or to the start if there was none yet.
    AuthResult result();

    /// Answers an [AuthResult.Challenge] and waits for the next answer.
    ///
    /// @param response what the client sent, decoded from base64
    /// @throws IllegalStateException the last answer was no challenge
    AuthResult respond(byte[] response);

    /// Ends an exchange whose client gave up (`*`) or went away. Does nothing if the exchange has ended.
    void cancel();
}
