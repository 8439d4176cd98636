// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.server.Connection;
import org.postino.server.ServerDialer;
import org.postino.server.ServerPlace;
import org.postino.server.ServerSpec;
import org.postino.suite.SmtpdParams;

/// Asks one policy server for all sessions. Safe for use by several threads.
///
/// A session that asks has a connection for itself, one that another has done with or a new one. So a server that hangs holds up
/// those who asked it and nobody else. Connections are kept until they are too old, or were not used for too long.
final class PolicyClient {
    private final ServerPlace place;
    private final ServerDialer dialer;
    private final Clock clock;
    private final Duration timeout;
    private final Duration maxIdle;
    private final Duration maxAge;
    private final long requestLimit;
    private final long tries;
    private final Duration retryDelay;
    private final Deque<PolicyConnection> idle = new ArrayDeque<>(); // guarded by itself
    private boolean sweeping; // guarded by idle

    PolicyClient(ServerSpec server, Config config, ServerDialer dialer, Clock clock) {
        place = server.place();
        this.dialer = dialer;
        this.clock = clock;
        timeout = server.value(SmtpdParams.SMTPD_POLICY_SERVICE_TIMEOUT, config);
        maxIdle = server.value(SmtpdParams.SMTPD_POLICY_SERVICE_MAX_IDLE, config);
        maxAge = server.value(SmtpdParams.SMTPD_POLICY_SERVICE_MAX_TTL, config);
        requestLimit = server.value(SmtpdParams.SMTPD_POLICY_SERVICE_REQUEST_LIMIT, config);
        tries = server.value(SmtpdParams.SMTPD_POLICY_SERVICE_TRY_LIMIT, config);
        retryDelay = server.value(SmtpdParams.SMTPD_POLICY_SERVICE_RETRY_DELAY, config);
    }

    /// The server's action; empty if it gave none, which was logged.
    Optional<String> ask(byte[] request, Consumer<String> warnings) {
        for (long attempt = 1; ; attempt++) {
            try {
                return Optional.of(once(request, warnings));
            } catch (IOException e) {
                boolean last = attempt >= tries;
                complain(e, last, warnings);
                if (last || !pause(retryDelay)) {
                    return Optional.empty();
                }
            }
        }
    }

    /// Logs in Postfix's words; a connection that was lost, or rubbish, is tried again before there is a complaint.
    private void complain(IOException e, boolean last, Consumer<String> warnings) {
        if (e instanceof PolicyConnection.RubbishException) {
            warnings.accept(e.getMessage() + " from " + place.text());
        }
        if (last || isTrouble(e)) {
            String why =
                    e instanceof PolicyConnection.RubbishException
                            ? "Application error"
                            : e.getMessage();
            warnings.accept("problem talking to server " + place.text() + ": " + why);
        }
    }

    private static boolean isTrouble(IOException e) {
        return !(e instanceof PolicyConnection.RubbishException || e instanceof EOFException);
    }

    private String once(byte[] request, Consumer<String> warnings) throws IOException {
        for (PolicyConnection kept = take(warnings); kept != null; kept = take(warnings)) {
            try {
                return ask(kept, request);
            } catch (SocketTimeoutException | PolicyConnection.RubbishException e) {
                throw e;
            } catch (EOFException | SocketException e) {
                // The server has closed it in the meantime, as it may.
            }
        }
        return ask(open(warnings), request);
    }

    private PolicyConnection open(Consumer<String> warnings) throws IOException {
        try {
            Connection connection = dialer.dial(place, timeout);
            return new PolicyConnection(connection, clock.instant());
        } catch (IOException e) {
            warnings.accept("connect to " + place.text() + ": " + e.getMessage());
            throw e;
        }
    }

    private String ask(PolicyConnection connection, byte[] request) throws IOException {
        boolean answered = false;
        try {
            String action = connection.ask(request, timeout);
            answered = true;
            return action;
        } finally {
            if (answered) {
                keep(connection);
            } else {
                connection.close();
            }
        }
    }

    /// A kept connection in which nothing waits: an answer that nobody has asked for would count for the next client.
    private @Nullable PolicyConnection take(Consumer<String> warnings) {
        for (PolicyConnection kept = newest(); kept != null; kept = newest()) {
            if (!kept.isAhead()) {
                return kept;
            }
            warnings.accept("unexpected input from " + place.text());
            kept.close();
        }
        return null;
    }

    private @Nullable PolicyConnection newest() {
        Instant now = clock.instant();
        List<PolicyConnection> old = new ArrayList<>();
        PolicyConnection found = null;
        synchronized (idle) {
            while (found == null && !idle.isEmpty()) {
                PolicyConnection last = idle.removeLast();
                if (isOld(last, now)) {
                    old.add(last);
                } else {
                    found = last;
                }
            }
        }
        old.forEach(PolicyConnection::close);
        return found;
    }

    private boolean isOld(PolicyConnection connection, Instant now) {
        return !now.isBefore(connection.used.plus(maxIdle))
                || !now.isBefore(connection.born().plus(maxAge))
                || (requestLimit > 0 && connection.requests() >= requestLimit);
    }

    private void keep(PolicyConnection connection) {
        connection.used = clock.instant();
        if (isOld(connection, connection.used)) {
            connection.close();
            return;
        }
        synchronized (idle) {
            idle.addLast(connection);
            if (!sweeping) {
                sweeping = true;
                Thread.ofVirtual().name("policy-idler").start(this::sweep);
            }
        }
    }

    /// Closes connections that nobody has used for too long, and ends with the last of them.
    private void sweep() {
        boolean more = true;
        while (more && pause(rest())) {
            List<PolicyConnection> old = new ArrayList<>();
            synchronized (idle) {
                Instant now = clock.instant();
                idle.removeIf(c -> isOld(c, now) && old.add(c));
                more = !idle.isEmpty();
                sweeping = more;
            }
            old.forEach(PolicyConnection::close);
        }
    }

    /// The time until the first of them is too old.
    private Duration rest() {
        synchronized (idle) {
            Instant first = clock.instant().plus(maxIdle);
            for (PolicyConnection c : idle) {
                Instant end = c.used.plus(maxIdle);
                first = end.isBefore(first) ? end : first;
            }
            return Duration.between(clock.instant(), first);
        }
    }

    private static boolean pause(Duration time) {
        try {
            Thread.sleep(time.isPositive() ? time : Duration.ofMillis(1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
