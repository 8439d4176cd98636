// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.Optional;

/// The client's side of one exchange. Used by one thread.
public interface MechanismClient {
    /// Returns what is sent along with the mechanism's name, not in base64; empty for nothing.
    Optional<byte[]> initialResponse();

    /// Answers a challenge; empty if this side has nothing more to say, so that the exchange has failed.
    ///
    /// @param challenge decoded from base64
    Optional<byte[]> respond(byte[] challenge);
}
