// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// PLAIN (RFC 4616): the authorization identity, the user and the password in one response, with NUL between them.
final class PlainMechanism implements SaslMechanism {
    @Override
    public String name() {
        return "PLAIN";
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
        @Override
        public Step next(byte @Nullable [] response) {
            if (response == null) {
                return new Step.Challenge("");
            }
            String[] parts = PasswordText.decode(response).split("\0", -1);
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

    private record Client(String user, String password) implements MechanismClient {
        @Override
        public Optional<byte[]> initialResponse() {
            String response = "\0" + user + "\0" + password;
            return Optional.of(response.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Optional<byte[]> respond(byte[] challenge) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "PLAIN for " + user;
        }
    }
}
