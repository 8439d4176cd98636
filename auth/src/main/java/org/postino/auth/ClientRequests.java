// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.sasl.AuthProtocol;
import org.postino.sasl.MechanismServer;
import org.postino.sasl.SaslMechanism;

/// The requests of a client: `AUTH`, `CONT`, `CANCEL`, answered by `CONT`, `OK` or `FAIL`.
final class ClientRequests {
    /// The number of requests of one connection that may be under way or wait for their client.
    private static final int MAX_OPEN = 2000;

    /// An exchange is dropped when its client has owed a response for so long. Every daemon gives its own clients less time, so
    /// the client has forgotten to cancel.
    private static final Duration MAX_SILENCE = Duration.ofMinutes(10);

    /// The number of logins that are kept for a master to ask for with `REQUEST`. The oldest is dropped first.
    private static final int MAX_GRANTED = 100;

    private static final String UNDECIDED = "temporary authentication failure";

    private final Authenticator authenticator;
    private final AuthSession session;
    private final SteadyClock clock;
    private final Map<String, Exchange> open = new HashMap<>(); // by id; guarded by itself
    private final Map<String, String> granted = new LinkedHashMap<>(); // guarded by itself

    /// One authentication from `AUTH` to its end.
    private static final class Exchange {
        private final String id;
        private final MechanismServer mechanism;
        private final Map<String, String> parameters;

        /// The time of the client's last message. The answer to a failure is delayed from here, so a client that was slow before
        /// gains nothing.
        private volatile long asked;

        /// The time since which the client owes a response; null while it waits for us. Guarded by the map of open exchanges.
        private @Nullable Long challenged;

        Exchange(String id, MechanismServer mechanism, Map<String, String> parameters, long asked) {
            this.id = id;
            this.mechanism = mechanism;
            this.parameters = parameters;
            this.asked = asked;
        }

        String remoteAddress() {
            return parameters.getOrDefault("rip", "");
        }
    }

    ClientRequests(Authenticator authenticator, AuthSession session) {
        this.authenticator = authenticator;
        this.session = session;
        this.clock = authenticator.clock();
    }

    /// Takes a line; false if it breaks the protocol.
    boolean handle(List<String> line) {
        return switch (line.getFirst()) {
            case "AUTH" -> line.size() >= 3 && auth(line);
            case "CONT" -> line.size() >= 2 && cont(line);
            case "CANCEL" -> {
                if (line.size() >= 2) {
                    forget(line.get(1));
                }
                yield true;
            }
            default -> true;
        };
    }

    /// Takes the user whom this client logged in under `id`; null if there is none, or if it was taken before.
    @Nullable String takeGranted(String id) {
        synchronized (granted) {
            return granted.remove(id);
        }
    }

    /// True if no authentication is under way.
    boolean isIdle() {
        synchronized (open) {
            forgetTheSilent();
            return open.isEmpty();
        }
    }

    /// Drops all authentications, as the client went away.
    void abandon() {
        synchronized (open) {
            open.clear();
        }
    }

    private boolean auth(List<String> line) {
        String id = line.get(1);
        var parameters = AuthProtocol.named(line, 3);
        var mechanism = authenticator.mechanism(line.get(2)).flatMap(SaslMechanism::server);
        if (mechanism.isEmpty()) {
            fail(id, null, "", "unsupported authentication mechanism");
            return true;
        }
        var exchange = new Exchange(id, mechanism.get(), parameters, clock.nanos());
        synchronized (open) {
            forgetTheSilent();
            if (open.size() >= MAX_OPEN) {
                fail(id, null, "temp_fail", "too many authentications under way");
                return true;
            }
            if (open.putIfAbsent(id, exchange) != null) {
                return false;
            }
        }
        proceed(exchange, parameters.get("resp"));
        return true;
    }

    private boolean cont(List<String> line) {
        Exchange exchange;
        synchronized (open) {
            exchange = open.get(line.get(1));
            if (exchange != null) {
                exchange.challenged = null;
                exchange.asked = clock.nanos();
            }
        }
        if (exchange == null) {
            fail(line.get(1), null, "", "no such authentication");
        } else {
            proceed(exchange, line.size() > 2 ? line.get(2) : "");
        }
        return true;
    }

    private void proceed(Exchange exchange, @Nullable String base64) {
        byte @Nullable [] response = null;
        try {
            response =
                    base64 == null
                            ? null
                            : Base64.getDecoder()
                                    .decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            end(exchange, null, "invalid_base64", "invalid base64 data");
            return;
        }
        switch (exchange.mechanism.next(response)) {
            case MechanismServer.Step.Challenge(var text) -> challenge(exchange, text);
            case MechanismServer.Step.Check(var user, var password) ->
                    session.work(() ->
                            judged(
                                    exchange,
                                    user,
                                    authenticator
                                            .passwords()
                                            .check(user, password, exchange.remoteAddress())));
            case MechanismServer.Step.Prove(var user, var isRight) ->
                    session.work(() ->
                            judged(
                                    exchange,
                                    user,
                                    authenticator
                                            .passwords()
                                            .prove(user, isRight, exchange.remoteAddress())));
            case MechanismServer.Step.Refuse(var user, var code, var reason) ->
                    session.work(() -> refuse(exchange, user, code, reason));
        }
    }

    private void challenge(Exchange exchange, String text) {
        synchronized (open) {
            exchange.challenged = clock.nanos();
        }
        String base64 = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        session.send(AuthProtocol.join(List.of("CONT", exchange.id, base64)));
    }

    private void judged(Exchange exchange, String user, CheckResult result) {
        String address = exchange.remoteAddress();
        switch (result) {
            case CheckResult.Right(var account) -> {
                authenticator.succeeded(address);
                grant(exchange, account.name());
            }
            case CheckResult.Wrong() -> refuse(exchange, user, "", "");
            case CheckResult.Barred(var code, var reason) -> refuse(exchange, user, code, reason);
            case CheckResult.Undecided(var refused) -> {
                if (refused) {
                    refuse(exchange, user, "temp_fail", UNDECIDED);
                } else {
                    end(exchange, user, "temp_fail", UNDECIDED);
                }
            }
        }
    }

    private void grant(Exchange exchange, String user) {
        if (!forget(exchange.id)) {
            return;
        }
        if (!exchange.parameters.containsKey("nologin")) {
            synchronized (granted) {
                granted.put(exchange.id, user);
                if (granted.size() > MAX_GRANTED) {
                    granted.remove(granted.keySet().iterator().next());
                }
            }
        }
        session.send(AuthProtocol.join(List.of("OK", exchange.id, "user=" + user)));
    }

    /// Answers a failure that is the client's fault. The answer comes at a fixed time after the client's last message, so that its
    /// timing does not show the cause.
    private void refuse(Exchange exchange, @Nullable String user, String code, String reason) {
        Duration delay = authenticator.failed(exchange.remoteAddress());
        long left = delay.toNanos() - (clock.nanos() - exchange.asked);
        try {
            clock.pause(Duration.ofNanos(Math.max(0, left)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(exchange, user, code, reason);
    }

    private void end(Exchange exchange, @Nullable String user, String code, String reason) {
        if (forget(exchange.id)) {
            fail(exchange.id, user, code, reason);
        }
    }

    /// Drops exchanges whose client has owed a response for [#MAX_SILENCE]. The caller holds the lock.
    private void forgetTheSilent() {
        long now = clock.nanos();
        open.values()
                .removeIf(e -> e.challenged != null && now - e.challenged > MAX_SILENCE.toNanos());
    }

    private boolean forget(String id) {
        synchronized (open) {
            return open.remove(id) != null;
        }
    }

    private void fail(String id, @Nullable String user, String code, String reason) {
        var fields = new ArrayList<>(List.of("FAIL", id));
        if (user != null) {
            fields.add("user=" + user);
        }
        if (code.equals("temp_fail")) {
            fields.add("temp");
        }
        if (!code.isEmpty()) {
            fields.add("code=" + code);
        }
        if (!reason.isEmpty()) {
            fields.add("reason=" + reason);
        }
        session.send(AuthProtocol.join(fields));
    }
}
