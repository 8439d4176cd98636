// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// LOGIN, which everybody speaks and no RFC describes: two questions, two answers. NUL may stand in neither, as with PLAIN.
final class LoginMechanism implements SaslMechanism {
    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public Set<SaslProperty> properties() {
        return Set.of(SaslProperty.PLAINTEXT);
    }

    @Override
    public Optional<MechanismServer> server() {
        return Optional.of(new Server());
    }

    @Override
    public Optional<MechanismClient> client(String user, String password) {
        return Optional.of(new Client(user, password));
    }

    private static final class Server implements MechanismServer {
        private @Nullable String user;

        @Override
        public Step next(byte @Nullable [] response) {
            if (response == null) {
                return new Step.Challenge("Username:");
            }
            String text = PasswordText.decode(response);
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

    /// Answers the first question with the user and the second with the password, however they are worded.
    private static final class Client implements MechanismClient {
        private final String user;
        private final String password;
        private int answers;

        Client(String user, String password) {
            this.user = user;
            this.password = password;
        }

        @Override
        public Optional<byte[]> initialResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> respond(byte[] challenge) {
            return switch (answers++) {
                case 0 -> Optional.of(user.getBytes(StandardCharsets.UTF_8));
                case 1 -> Optional.of(password.getBytes(StandardCharsets.UTF_8));
                default -> Optional.empty();
            };
        }
    }
}
