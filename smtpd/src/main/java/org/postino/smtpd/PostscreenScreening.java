// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;
import org.postino.smtp.Reply;

/// One client before it may speak with smtpd: the tests that are due, and what becomes of it. Owned by the connection's thread.
///
/// A client passes at once if it is in the access list or all results about it hold. Otherwise the early tests come first, in which it waits for its
/// greeting. Who fails one that is enforced, or has later tests before it, speaks with [PostscreenDialogue].
final class PostscreenScreening {
    private static final Reply DENIED = Reply.of(550, 5, 3, 2, "Service currently unavailable");
    private static final Duration TICK = Duration.ofMillis(100);

    private final Postscreen screen;
    private final PostscreenSettings settings;
    private final PostscreenLog log;
    private final Connection connection;
    private final InetAddress client;
    private final boolean known;
    private final PostscreenResults results;

    /// The tests that are due and neither passed nor failed yet.
    private final Set<PostscreenCheck> due = EnumSet.noneOf(PostscreenCheck.class);

    private boolean ignoredFailure;

    /// The answer to each recipient; null as long as the client has not failed.
    private @Nullable Reply refusal;

    PostscreenScreening(
            Postscreen screen, PostscreenLog log, Connection connection, InetAddress client) {
        this.screen = screen;
        this.settings = screen.settings();
        this.log = log;
        this.connection = connection;
        this.client = client;
        Optional<PostscreenResults> before = screen.cache().find(client);
        known = before.isPresent();
        results = before.orElseGet(() -> PostscreenResults.parse(""));
    }

    /// Tests the client.
    ///
    /// @return its way to smtpd; null if the connection is over
    @Nullable PostscreenPass run() throws IOException {
        switch (screen.access().of(client)) {
            case PERMIT -> {
                log.judged("ALLOWLISTED");
                return PostscreenPass.direct(screen.services(), connection);
            }
            case REJECT -> {
                log.judged("DENYLISTED");
                if (refused(settings.denylistAction(), DENIED)) {
                    log.disconnect();
                    return null;
                }
            }
            case DUNNO -> {}
        }
        Instant now = screen.now();
        for (PostscreenCheck test : settings.enabled()) {
            if (!results.holds(test, now)) {
                due.add(test);
            }
        }
        boolean mayPass = screen.isForNewClients(connection);
        if (!mayPass && !due.isEmpty()) {
            log.judged("ALLOWLIST VETO");
        }
        if (refusal == null && due.isEmpty()) {
            log.judged("PASS OLD");
            return PostscreenPass.direct(screen.services(), connection);
        }
        return screen.isBusy() ? busy() : test(mayPass);
    }

    private @Nullable PostscreenPass busy() throws IOException {
        log.rejectConnect("all screening ports busy");
        say(Reply.of(421, 4, 3, 2, "All screening ports are busy"));
        log.disconnect();
        return null;
    }

    /// @param mayPass true if the client came where it may obtain the status of having passed
    private @Nullable PostscreenPass test(boolean mayPass) throws IOException {
        if (!early()) {
            log.disconnect();
            return null;
        }
        if (refusal == null && mayPass) {
            if (due.isEmpty()) {
                passed();
                return PostscreenPass.direct(screen.services(), connection);
            }
            screen.cache().store(client, results);
        }
        return new PostscreenDialogue(screen, this, log, connection, mayPass).run();
    }

    /// The answer to each recipient; null as long as the client has not failed.
    @Nullable Reply refusal() {
        return refusal;
    }

    boolean isDue(PostscreenCheck test) {
        return due.contains(test);
    }

    /// The client has failed none of the tests that were due.
    void passed() {
        Set.copyOf(due).forEach(this::pass);
        screen.cache().store(client, results);
        if (!ignoredFailure) {
            log.judged(known ? "PASS OLD" : "PASS NEW");
        }
    }

    /// Makes the tests in which the client waits.
    ///
    /// @return false if the connection is over
    private boolean early() throws IOException {
        boolean greets = due.contains(PostscreenCheck.PREGREET);
        PostscreenDnsbl.Lookup lookup =
                due.contains(PostscreenCheck.DNSBL) ? screen.dnsbl().start(client) : null;
        long began = System.nanoTime();
        if (greets) {
            if (!settings.banner().isEmpty()) {
                say("220-" + settings.banner() + "\r\n");
            }
            switch (waitForGreeting(lookup, began)) {
                case SILENT -> pass(PostscreenCheck.PREGREET);
                case SPOKE -> {
                    log.pregreet(buffered(), since(began), start());
                    if (failed(PostscreenCheck.PREGREET, PostscreenDialogue.PROTOCOL_ERROR)) {
                        return false;
                    }
                }
                case LEFT -> {
                    log.hangup(since(began), false);
                    return false;
                }
            }
        }
        if (lookup == null) {
            return true;
        }
        lookup.await(settings.greetWait().minus(since(began)));
        return judge(lookup);
    }

    private boolean judge(PostscreenDnsbl.Lookup lookup) throws IOException {
        int score = lookup.score();
        if (score >= settings.threshold()) {
            log.dnsblRank(score);
            String blocked =
                    "Service unavailable; client ["
                            + Client.text(client)
                            + "] blocked using "
                            + lookup.worst();
            return !failed(PostscreenCheck.DNSBL, Reply.of(550, 5, 7, 1, blocked));
        }
        Duration lifetime = lifetime(lookup);
        if (isTrusted(lookup)) {
            due.clear();
            for (PostscreenCheck test : PostscreenCheck.values()) {
                results.passed(test, screen.now().plus(lifetime));
            }
        }
        due.remove(PostscreenCheck.DNSBL);
        results.passed(PostscreenCheck.DNSBL, screen.now().plus(lifetime));
        return true;
    }

    /// As long as the answers hold, within bounds.
    private Duration lifetime(PostscreenDnsbl.Lookup lookup) {
        Duration least = settings.minDnsblTime();
        Duration most = settings.lifetime(PostscreenCheck.DNSBL);
        Duration lifetime = lookup.lifetime();
        lifetime = lifetime.compareTo(most) > 0 ? most : lifetime;
        return lifetime.compareTo(least) < 0 ? least : lifetime;
    }

    /// True if lists of trusted servers have the client, so that all tests are passed.
    private boolean isTrusted(PostscreenDnsbl.@Nullable Lookup lookup) {
        return settings.allowThreshold() < 0
                && refusal == null
                && !ignoredFailure
                && lookup != null
                && lookup.isComplete()
                && lookup.score() <= settings.allowThreshold();
    }

    private enum Waited {
        SILENT,
        SPOKE,
        LEFT
    }

    /// Waits for as long as clients have to wait for their greeting, or until this one has done something, or is known to be trusted.
    private Waited waitForGreeting(PostscreenDnsbl.@Nullable Lookup lookup, long began)
            throws IOException {
        try {
            while (true) {
                Duration left = settings.greetWait().minus(since(began));
                if (left.toMillis() <= 0 || isTrusted(lookup)) {
                    return Waited.SILENT;
                }
                boolean watches = lookup != null && settings.allowThreshold() < 0;
                connection.readTimeout(watches && left.compareTo(TICK) > 0 ? TICK : left);
                Waited done = done();
                if (done != Waited.SILENT) {
                    return done;
                }
            }
        } finally {
            connection.readTimeout(Duration.ZERO);
        }
    }

    /// Waits for input as long as the connection's time limit allows.
    private Waited done() {
        try {
            return connection.in().fill() ? Waited.SPOKE : Waited.LEFT;
        } catch (SocketTimeoutException e) {
            return Waited.SILENT;
        } catch (IOException e) {
            return Waited.LEFT;
        }
    }

    private int buffered() {
        return connection.in().limit() - connection.in().position();
    }

    /// The start of what the client has said, for the log.
    private String start() {
        var in = connection.in();
        int length = Math.min(100, buffered());
        return new String(in.buffer(), in.position(), length, StandardCharsets.ISO_8859_1);
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void pass(PostscreenCheck test) {
        due.remove(test);
        results.passed(test, screen.now().plus(settings.lifetime(test)));
    }

    /// Does what is to be done about a client that has failed a test, and ends the test.
    ///
    /// @param reply the refusal of a recipient, 550
    /// @return true if the connection is over
    boolean failed(PostscreenCheck test, Reply reply) throws IOException {
        due.remove(test);
        ignoredFailure |= settings.action(test) == PostscreenCheck.Action.IGNORE;
        return refused(settings.action(test), reply);
    }

    private boolean refused(PostscreenCheck.Action action, Reply reply) throws IOException {
        switch (action) {
            case IGNORE -> {}
            case ENFORCE -> refusal = refusal == null ? reply : refusal;
            case DROP -> {
                say(new Reply(521, reply.status(), reply.lines()));
                return true;
            }
        }
        return false;
    }

    private void say(Reply refusal) throws IOException {
        say(screen.shown(refusal, screen.state(connection)).print());
    }

    private void say(String text) throws IOException {
        connection.out().write(text.getBytes(StandardCharsets.UTF_8));
        connection.out().flush();
    }
}
