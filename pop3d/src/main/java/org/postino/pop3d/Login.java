// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.postino.global.auth.AuthExchange;
import org.postino.global.auth.AuthPeer;
import org.postino.global.auth.AuthResult;
import org.postino.global.server.Connection;

/// The AUTHORIZATION state: who the client is. Answers the commands USER, PASS and AUTH.
final class Login {
    private static final int MAX_FAILURES = 10;
    private static final String FAILED = "[AUTH] Authentication failed.";
    private static final String NEEDS_TLS =
            "[AUTH] Cleartext authentication disallowed on non-secure (SSL/TLS) connections.";
    private static final String TEMPORARY = "[SYS/TEMP] Temporary authentication failure.";
    private static final String NO_MAIL =
            "[SYS/TEMP] Internal error occurred. Refer to server log for more information.";
    private static final String IN_USE = "[IN-USE] Mailbox is locked by another POP3 session.";

    private final Connection connection;
    private final Pop3Channel channel;
    private final Pop3Settings settings;
    private final Accounts accounts;
    private final SessionLog log;
    private final long start = System.nanoTime();
    private @Nullable String userGiven;
    private int failures;
    private boolean triedInClear;
    private @Nullable String lastUser;
    private String lastMethod = "";

    Login(
            Connection connection,
            Pop3Channel channel,
            Pop3Settings settings,
            Accounts accounts,
            SessionLog log) {
        this.connection = connection;
        this.channel = channel;
        this.settings = settings;
        this.accounts = accounts;
        this.log = log;
    }

    /// A session that has its maildrop.
    record Entered(Accounts.Account account, Maildrop maildrop) {}

    /// Before log-in all reading together has one time limit, so that trickling gains nothing.
    void beforeRead() throws IOException {
        Duration left = settings.loginTimeout().minusNanos(System.nanoTime() - start);
        connection.readTimeout(left.toMillis() < 1 ? Duration.ofMillis(1) : left);
    }

    boolean cleartextAllowed() {
        return connection.secured()
                || (!settings.demandTls()
                        && (settings.allowCleartext() || SessionLog.isLocal(connection.peer())));
    }

    /// The same for a client that wants to send one.
    private boolean refusesCleartext() {
        boolean refused = !cleartextAllowed();
        triedInClear |= refused;
        return refused;
    }

    boolean tooManyFailures() {
        return failures >= MAX_FAILURES;
    }

    /// What a client said before TLS counts for nothing after it (RFC 2595, 4).
    void forget() {
        userGiven = null;
    }

    void user(String name) throws IOException {
        if (refusesCleartext()) {
            channel.error(NEEDS_TLS);
            return;
        }
        userGiven = name;
        channel.ok("");
    }

    /// PASS: what USER and PASS say is checked as mechanism PLAIN.
    @Nullable Entered pass(String password) throws IOException {
        String user = userGiven;
        userGiven = null;
        if (user == null) {
            channel.error("No username given.");
            return null;
        }
        if (refusesCleartext()) {
            channel.error(NEEDS_TLS);
            return null;
        }
        byte[] response = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return finish(accounts.begin("PLAIN", peer(), response).result(), "PLAIN");
    }

    /// AUTH (RFC 5034).
    @Nullable Entered auth(Command.Auth command) throws IOException {
        String mechanism = command.mechanism();
        if (!settings.mechanisms().contains(mechanism)) {
            channel.error("[AUTH] Unsupported authentication mechanism.");
            return null;
        }
        if (refusesCleartext()) {
            channel.error(NEEDS_TLS);
            return null;
        }
        byte[] initial = null;
        if (command.initialResponse() != null) {
            initial = decode(command.initialResponse());
            if (initial == null) {
                channel.error("Invalid base64 data in initial response.");
                return null;
            }
        }
        AuthExchange exchange = accounts.begin(mechanism, peer(), initial);
        AuthResult result = exchange.result();
        while (result instanceof AuthResult.Challenge(byte[] data)) {
            channel.send("+ " + Base64.getEncoder().encodeToString(data));
            String line = channel.line();
            byte[] response = line == null || line.equals("*") ? null : decode(line);
            if (response == null) {
                exchange.cancel();
                channel.error(
                        line != null && line.equals("*")
                                ? "Authentication aborted by client."
                                : "Invalid base64 data in continued response");
                return null;
            }
            result = exchange.respond(response);
        }
        return finish(result, mechanism);
    }

    private static byte @Nullable [] decode(String text) {
        try {
            return text.equals("=") ? new byte[0] : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private AuthPeer peer() {
        return new AuthPeer(
                "pop3",
                connection.local(),
                connection.peer(),
                connection.secured(),
                connection.trace());
    }

    private @Nullable Entered finish(AuthResult result, String mechanism) throws IOException {
        return switch (result) {
            case AuthResult.Success(var user, var _) -> enter(user, mechanism);
            case AuthResult.Failure(var user, var reason, var temporary) -> {
                log.refused(user, mechanism, reason);
                if (!temporary) {
                    failures++;
                    lastUser = user;
                    lastMethod = mechanism;
                }
                channel.error(temporary ? TEMPORARY : FAILED);
                yield null;
            }
            case AuthResult.Challenge _ -> {
                channel.error(FAILED);
                yield null;
            }
        };
    }

    private @Nullable Entered enter(String user, String mechanism) throws IOException {
        Accounts.Account account;
        try {
            account =
                    accounts.open(
                            user, SessionLog.address(connection.peer()), settings.maxUserIp());
        } catch (IOException e) {
            log.noMail(user, e);
            channel.error(NO_MAIL);
            return null;
        }
        if (account == null) {
            channel.error(
                    "[IN-USE] Maximum number of connections from user+IP exceeded"
                            + " (mail_max_userip_connections="
                            + settings.maxUserIp()
                            + ")");
            return null;
        }
        @Nullable Entered entered = null;
        try {
            var maildrop = Maildrop.open(account.store());
            if (maildrop.isEmpty()) {
                channel.error(IN_USE);
            } else {
                log.login(account.user(), mechanism);
                entered = new Entered(account, maildrop.get());
            }
        } catch (IOException e) {
            log.noMail(user, e);
            channel.error(NO_MAIL);
        } finally {
            if (entered == null) {
                account.close();
            }
        }
        return entered;
    }

    /// Logs a session that ends here.
    void logEnd(String reason) {
        log.disconnectedBeforeLogin(reason, tries(), lastUser, lastMethod);
    }

    private String tries() {
        String time = " in " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " secs";
        if (failures > 0) {
            return "auth failed, " + failures + " attempts" + time;
        }
        return triedInClear ? "tried to use disallowed plaintext auth" : "no auth attempts" + time;
    }
}
