// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postino.sasl.SaslMechanism;
import org.postino.sasl.SaslMechanisms;

/// The state that all sessions share: users, mechanisms, penalties, and the sessions themselves.
final class Authenticator {
    private final Userdb userdb;
    private final Passwords passwords;
    private final Penalties penalties;
    private final List<SaslMechanism> mechanisms;
    private final SteadyClock clock;
    private final Map<String, AuthSession> sessions = new ConcurrentHashMap<>(); // by cookie
    private final AtomicInteger connections = new AtomicInteger();

    Authenticator(
            Userdb userdb,
            Passwords passwords,
            Penalties penalties,
            List<SaslMechanism> mechanisms,
            SteadyClock clock) {
        this.userdb = userdb;
        this.passwords = passwords;
        this.penalties = penalties;
        this.mechanisms = List.copyOf(mechanisms);
        this.clock = clock;
    }

    Userdb userdb() {
        return userdb;
    }

    Passwords passwords() {
        return passwords;
    }

    /// Returns the mechanisms offered.
    List<SaslMechanism> mechanisms() {
        return mechanisms;
    }

    /// Finds an offered mechanism by its name, in upper or lower case.
    Optional<SaslMechanism> mechanism(String name) {
        return SaslMechanisms.find(name).filter(mechanisms::contains);
    }

    SteadyClock clock() {
        return clock;
    }

    int nextConnection() {
        return connections.incrementAndGet();
    }

    /// Registers a session under a new cookie, and returns the cookie.
    String enter(AuthSession session) {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        String cookie = HexFormat.of().formatHex(bytes);
        sessions.put(cookie, session);
        return cookie;
    }

    void leave(String cookie) {
        sessions.remove(cookie);
    }

    @Nullable AuthSession session(String cookie) {
        return sessions.get(cookie);
    }

    /// Counts a failure from an address. Returns the time after the question at which it is answered.
    Duration failed(String address) {
        return penalties.failed(address);
    }

    void succeeded(String address) {
        penalties.succeeded(address);
    }
}
