// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

/// One running authentication. Used by one thread; blocks while auth(8) thinks (wrong passwords are answered late).
public interface AuthExchange {
    /// Where the exchange stands: the answer to the last thing that was sent.
    AuthResult result();

    /// Answers a [AuthResult.Challenge] with what the client sent, decoded from base64.
    AuthResult respond(byte[] response);

    /// The client gave up (`*`), or went away. Does nothing to an exchange that has ended.
    void cancel();
}
