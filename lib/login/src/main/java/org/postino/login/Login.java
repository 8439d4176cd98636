// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthPeer;
import org.postino.sasl.AuthResult;
import org.postino.sasl.SaslMechanisms;
import org.postino.server.Connection;

/// A client that nobody knows yet: for how long, how often and whether in clear it may try, and what came of it. One for each
/// session, confined to its thread.
public final class Login {
    /// The challenges that a client is given in one attempt; no mechanism needs as many.
    public static final int MAX_ROUNDS = 10;

    /// The answer to a client that would send a password in clear where it may not.
    public static final String NEEDS_TLS =
            "Cleartext authentication disallowed on non-secure (SSL/TLS) connections.";

    /// The answer to a client when the fault is ours.
    public static final String INTERNAL =
            "Internal error occurred. Refer to server log for more information.";

    private static final int MAX_FAILURES = 10;

    private final String service;
    private final Connection connection;
    private final LoginSettings settings;
    private final Accounts accounts;
    private final SessionLog log;
    private long start = System.nanoTime();
    private int failures;
    private boolean triedInClear;
    private @Nullable String lastUser;
    private String lastMethod = "";

    /// @param service `imap` or `pop3`
    public Login(
            String service,
            Connection connection,
            LoginSettings settings,
            Accounts accounts,
            SessionLog log) {
        this.service = service;
        this.connection = connection;
        this.settings = settings;
        this.accounts = accounts;
        this.log = log;
    }

    /// The end of an attempt.
    public sealed interface Outcome {
        /// The mail is open; whoever takes it closes it.
        record Entered(Account account) implements Outcome {}

        /// The user has as many sessions from this address as are allowed.
        record TooMany(long limit) implements Outcome {
            /// The text for the client.
            public String text() {
                return "Maximum number of connections from user+IP exceeded (mail_max_userip_connections="
                        + limit
                        + ")";
            }
        }

        /// The end of an attempt that failed before anything was asked.
        enum Refused implements Outcome {
            /// The password, or what stood for it, was wrong.
            WRONG("Authentication failed."),
            /// Nobody could say whether it was right.
            TEMPORARY("Temporary authentication failure."),
            /// It was right, but the mail cannot be opened.
            NO_MAIL(INTERNAL);

            private final String text;

            Refused(String text) {
                this.text = text;
            }

            /// The text for the client.
            public String text() {
                return text;
            }
        }
    }

    /// Gives the client what is left of its time: one limit for everything, TLS handshakes included, so that trickling gains
    /// nothing. It holds until [#finish] says that the client has entered; whoever does not let it in then calls this again.
    public void limitTime() {
        Duration left = settings.timeout().minus(elapsed());
        connection.deadline(left.toMillis() < 1 ? Duration.ofMillis(1) : left);
    }

    /// The user has left, and the client may log in as another: its time begins anew.
    public void again() {
        start = System.nanoTime();
        connection.known(false);
        limitTime();
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// True if passwords may be sent as the connection is now.
    public boolean cleartextAllowed() {
        return connection.secured()
                || (!settings.demandTls()
                        && (settings.allowCleartext() || isLocal(connection.peer())));
    }

    static boolean isLocal(@Nullable InetSocketAddress peer) {
        return peer == null || (peer.getAddress() != null && peer.getAddress().isLoopbackAddress());
    }

    /// Tells the opposite, for a client that wants to send one now, or has done so already.
    public boolean refusesCleartext() {
        boolean refused = !cleartextAllowed();
        triedInClear |= refused;
        return refused;
    }

    /// Returns the names of the mechanisms that the client may use as the connection is now.
    public List<String> mechanisms() {
        if (cleartextAllowed()) {
            return settings.mechanisms();
        }
        return settings.mechanisms().stream().filter(m -> !SaslMechanisms.isPlaintext(m)).toList();
    }

    /// Tells whether a client that asks for a mechanism would send a password in clear where it may not.
    public boolean refusesCleartext(String mechanism) {
        return SaslMechanisms.isPlaintext(mechanism) && refusesCleartext();
    }

    public boolean tooManyFailures() {
        return failures >= MAX_FAILURES;
    }

    /// Begins an attempt; [#finish] ends it, and whoever began it cancels it when it ends without.
    ///
    /// @param initialResponse null if the client gave none
    public AuthExchange begin(String mechanism, byte @Nullable [] initialResponse) {
        var peer =
                new AuthPeer(
                        service,
                        connection.local(),
                        connection.peer(),
                        connection.secured(),
                        connection.trace());
        return accounts.begin(mechanism, peer, initialResponse);
    }

    /// Opens the mail of a user who is known now; counts and logs an attempt that failed.
    ///
    /// @param result the last word of auth(8); a challenge that nobody can answer counts as none of its attempts
    public Outcome finish(AuthResult result, String mechanism) {
        return switch (result) {
            case AuthResult.Success(var user, var _) -> open(user);
            case AuthResult.Failure(var user, var reason, var temporary) -> {
                log.refused(user, mechanism, reason);
                if (temporary) {
                    yield Outcome.Refused.TEMPORARY;
                }
                failures++;
                lastUser = user;
                lastMethod = mechanism;
                yield Outcome.Refused.WRONG;
            }
            case AuthResult.Challenge _ -> Outcome.Refused.WRONG;
        };
    }

    private Outcome open(String user) {
        connection.deadline(Duration.ZERO); // a large mailbox may take us longer
        try {
            Optional<Account> opened = accounts.open(user, SessionLog.address(connection.peer()));
            if (opened.isPresent()) {
                connection.known(true);
                return new Outcome.Entered(opened.get());
            }
            limitTime();
            return new Outcome.TooMany(accounts.maxUserIp());
        } catch (IOException e) {
            limitTime();
            log.noMail(user, e);
            return Outcome.Refused.NO_MAIL;
        }
    }

    /// Logs a session in which nobody logged in.
    public void logEnd(String reason) {
        log.disconnectedBeforeLogin(reason, tries(), lastUser, lastMethod);
    }

    private String tries() {
        String time = " in " + elapsed().toSeconds() + " secs";
        if (failures > 0) {
            return "auth failed, " + failures + " attempts" + time;
        }
        return triedInClear ? "tried to use disallowed plaintext auth" : "no auth attempts" + time;
    }
}
