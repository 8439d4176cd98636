// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The server's side of one exchange: asks the client until it knows what is to be checked. Used by one thread, never blocks.
public interface MechanismServer {
    /// The next thing to do after a response.
    sealed interface Step {
        /// The client must answer a challenge.
        ///
        /// @param text sent as UTF-8, in base64
        record Challenge(String text) implements Step {}

        /// The password must be checked, and its result ends the exchange.
        record Check(String user, String password) implements Step {}

        /// The password itself must be found and tried, and its result ends the exchange: no hash of it will do.
        ///
        /// @param isRight tells whether a password makes what the client has sent
        record Prove(String user, Predicate<String> isRight) implements Step {}

        /// The exchange has failed, and no password is checked.
        ///
        /// @param user the name that was tried, if one was understood
        /// @param code a code of the authentication protocol; empty for none
        /// @param reason for the log
        record Refuse(@Nullable String user, String code, String reason) implements Step {}
    }

    /// Takes a response and says what comes next.
    ///
    /// @param response decoded from base64; null if the client sent nothing along with the mechanism's name
    Step next(byte @Nullable [] response);
}
