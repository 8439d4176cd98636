// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.util.InetText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks auth(8) to check a client's password. One connection is kept open, and any number of sessions use it at once.
///
/// It connects when first needed, and again after auth(8) was restarted. Safe for use by several threads.
public final class AuthClient implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AuthClient.class);

    /// The longest response that has room in a line, beside everything else that may stand there.
    private static final int MAX_RESPONSE = (AuthProtocol.MAX_LINE - 1024) / 4 * 3;

    /// Stands in for a response that is too long for a line. No mechanism accepts it, so auth(8) counts it as a wrong password.
    private static final byte[] UNACCEPTABLE = {0};

    private final AuthLink link;

    private AuthClient(AuthLink link) {
        this.link = link;
    }

    /// Makes a client of the auth(8) that listens at `socket`. It does not connect yet.
    ///
    /// @param timeout how long to wait for each answer
    public static AuthClient connect(Path socket, Duration timeout) {
        String hello =
                AuthProtocol.join(List.of("VERSION", "1", Integer.toString(AuthProtocol.MINOR)))
                        + AuthProtocol.join(
                                List.of("CPID", Long.toString(ProcessHandle.current().pid())));
        return new AuthClient(new AuthLink(socket, timeout, hello, "DONE"));
    }

    /// Returns the mechanisms that auth(8) offers, in its order, without those that are private.
    ///
    /// @throws IOException auth(8) can't be reached
    public List<OfferedMechanism> mechanisms() throws IOException {
        var offered = new ArrayList<OfferedMechanism>();
        for (List<String> line : link.handshake()) {
            if (line.getFirst().equals("MECH") && line.size() > 1) {
                var mechanism = OfferedMechanism.of(line.get(1), line.subList(2, line.size()));
                if (!mechanism.has(SaslProperty.PRIVATE)) {
                    offered.add(mechanism);
                }
            }
        }
        return List.copyOf(offered);
    }

    /// Starts an authentication and waits for the first answer. If auth(8) cannot be asked, that answer is a temporary failure.
    ///
    /// @param initialResponse what the client sent along with the mechanism's name, decoded; null if it sent nothing
    public AuthExchange begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
        var exchange = new Exchange();
        exchange.begin(mechanism, peer, initialResponse);
        return exchange;
    }

    @Override
    public void close() {
        link.close();
    }

    private static List<String> parameters(
            String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
        var fields = new ArrayList<>(List.of(mechanism, "service=" + peer.service()));
        if (peer.secured()) {
            fields.add("secured");
        }
        if (!peer.session().isEmpty()) {
            fields.add("session=" + peer.session());
        }
        var local = peer.local();
        if (local != null && local.getAddress() != null) {
            fields.add("lip=" + InetText.of(local.getAddress()));
            fields.add("lport=" + local.getPort());
        }
        var remote = peer.remote();
        if (remote != null && remote.getAddress() != null) {
            fields.add("rip=" + InetText.of(remote.getAddress()));
            fields.add("rport=" + remote.getPort());
        }
        if (initialResponse != null) {
            fields.add("resp=" + response(initialResponse));
        }
        return fields;
    }

    private static String response(byte[] data) {
        byte[] sent = data.length > MAX_RESPONSE ? UNACCEPTABLE : data;
        return new String(Base64.getEncoder().encode(sent), StandardCharsets.ISO_8859_1);
    }

    private final class Exchange implements AuthExchange {
        private AuthResult result = new AuthResult.Failure(null, "not started", true);
        private AuthLink.@Nullable Call call;

        void begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
            result =
                    ask(() -> {
                        var started =
                                link.start("AUTH", parameters(mechanism, peer, initialResponse));
                        call = started;
                        return started.answer();
                    });
        }

        @Override
        public AuthResult result() {
            return result;
        }

        @Override
        public AuthResult respond(byte[] response) {
            var running = call;
            if (running == null || !(result instanceof AuthResult.Challenge)) {
                throw new IllegalStateException("no challenge to answer");
            }
            result = ask(() -> running.next("CONT", response(response)));
            return result;
        }

        @Override
        public void cancel() {
            if (result instanceof AuthResult.Challenge) {
                takeBack();
            }
        }

        private void takeBack() {
            var running = call;
            call = null;
            if (running != null) {
                running.cancel("CANCEL");
            }
        }

        private AuthResult ask(Question question) {
            try {
                return read(question.ask());
            } catch (IOException e) {
                LOG.warn("cannot ask auth: {}", e.getMessage());
                takeBack();
                return new AuthResult.Failure(null, "authentication server unavailable", true);
            }
        }

        private AuthResult read(List<String> answer) throws IOException {
            Map<String, String> named = AuthProtocol.named(answer, 2);
            String user = named.get("user");
            return switch (answer.getFirst()) {
                case "OK" -> {
                    if (user == null) {
                        throw new IOException("OK without a user");
                    }
                    named.remove("user");
                    yield new AuthResult.Success(user, Map.copyOf(named));
                }
                case "CONT" -> new AuthResult.Challenge(decode(answer));
                case "FAIL" -> failure(user, named);
                default -> throw new IOException("unexpected answer " + answer.getFirst());
            };
        }

        private static byte[] decode(List<String> answer) throws IOException {
            try {
                return answer.size() < 3 ? new byte[0] : Base64.getDecoder().decode(answer.get(2));
            } catch (IllegalArgumentException e) {
                throw new IOException("challenge is not base64", e);
            }
        }

        private static AuthResult failure(@Nullable String user, Map<String, String> named) {
            String code = named.getOrDefault("code", "");
            boolean temporary = code.equals("temp_fail") || named.containsKey("temp");
            String reason = named.get("reason");
            if (reason == null) {
                reason =
                        switch (code) {
                            case "temp_fail" -> "temporary authentication failure";
                            case "user_disabled" -> "user is disabled";
                            case "pass_expired" -> "password expired";
                            case "invalid_base64" -> "invalid base64 data";
                            case "authz_fail" -> "authorization failed";
                            default -> "authentication failure";
                        };
            }
            return new AuthResult.Failure(user, reason, temporary);
        }
    }

    @FunctionalInterface
    private interface Question {
        List<String> ask() throws IOException;
    }
}
