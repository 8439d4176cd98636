// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server's side of one SASL exchange that ends in a user name and a password. Used by one thread.
sealed interface Mechanism {
    /// What to do after a response.
    sealed interface Step {
        record Challenge(String text) implements Step {}

        record Check(String user, String password) implements Step {}

        record Refuse(@Nullable String user, String code, String reason) implements Step {}
    }

    /// The next step; null stands for "nothing was sent along with the mechanism's name".
    Step next(byte @Nullable [] response);

    /// The mechanism of this name, if there is one.
    static Optional<Mechanism> of(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> Optional.of(new Plain());
            case "LOGIN" -> Optional.of(new Login());
            default -> Optional.empty();
        };
    }

    /// RFC 4616.
    final class Plain implements Mechanism {
        @Override
        public Step next(byte @Nullable [] response) {
            if (response == null) {
                return new Step.Challenge("");
            }
            String[] parts = text(response).split("\0", -1);
            if (parts.length != 3 || parts[1].isEmpty()) {
                return new Step.Refuse(null, "", "invalid PLAIN response");
            }
            if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
                return new Step.Refuse(
                        parts[1], "authz_fail", "acting for another user is not allowed");
            }
            return new Step.Check(parts[1], parts[2]);
        }
    }

    /// What everybody speaks and no RFC describes: two questions, two answers. NUL may stand in neither, as with PLAIN.
    final class Login implements Mechanism {
        private @Nullable String user;

        @Override
        public Step next(byte @Nullable [] response) {
            if (response == null) {
                return new Step.Challenge("Username:");
            }
            String text = text(response);
            if (text.indexOf('\0') >= 0) {
                return new Step.Refuse(user, "", "invalid LOGIN response");
            }
            if (user == null) {
                user = text;
                return new Step.Challenge("Password:");
            }
            return new Step.Check(user, text);
        }
    }

    /// UTF-8, or what an old client sends instead.
    private static String text(byte[] response) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(response)).toString();
        } catch (CharacterCodingException e) {
            return new String(response, StandardCharsets.ISO_8859_1);
        }
    }
}
