// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthPeer;
import org.postino.sasl.AuthResult;
import org.postino.sasl.OfferedMechanism;

/// PLAIN and LOGIN over a map of users. The password `down` means that passwords cannot be checked now.
final class FakeAuth implements Authenticator.Server {
    final Map<String, String> users = new ConcurrentHashMap<>(Map.of("bob", "pw", "alice", "pw"));
    volatile boolean reachable = true;
    volatile List<OfferedMechanism> offered =
            List.of(
                    OfferedMechanism.of("PLAIN", List.of("plaintext")),
                    OfferedMechanism.of("LOGIN", List.of("plaintext")));

    @Override
    public List<OfferedMechanism> mechanisms() throws IOException {
        if (!reachable) {
            throw new IOException("no such socket");
        }
        return offered;
    }

    @Override
    public AuthExchange begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
        return new Exchange(mechanism.equals("LOGIN"), initialResponse);
    }

    private final class Exchange implements AuthExchange {
        private final boolean login;
        private @Nullable String name;
        private AuthResult result;

        Exchange(boolean login, byte @Nullable [] initial) {
            this.login = login;
            result = new AuthResult.Challenge(text(login ? "Username:" : ""));
            if (initial != null) {
                respond(initial);
            }
        }

        @Override
        public AuthResult result() {
            return result;
        }

        @Override
        public AuthResult respond(byte[] response) {
            String said = new String(response, StandardCharsets.UTF_8);
            if (!login) {
                String[] parts = said.split("\0", -1);
                result =
                        parts.length == 3
                                ? check(parts[1], parts[2])
                                : new AuthResult.Failure(null, "invalid input", false);
            } else if (name == null) {
                name = said;
                result = new AuthResult.Challenge(text("Password:"));
            } else {
                result = check(name, said);
            }
            return result;
        }

        private AuthResult check(String user, String password) {
            if (password.equals("down")) {
                return new AuthResult.Failure(user, "database is down", true);
            }
            return password.equals(users.get(user))
                    ? new AuthResult.Success(user, Map.of())
                    : new AuthResult.Failure(user, "Password mismatch", false);
        }

        @Override
        public void cancel() {
            result = new AuthResult.Failure(null, "cancelled", false);
        }

        private static byte[] text(String s) {
            return s.getBytes(StandardCharsets.UTF_8);
        }
    }
}
