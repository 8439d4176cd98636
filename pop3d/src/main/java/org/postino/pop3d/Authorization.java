// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.login.Account;
import org.postino.login.Login;
import org.postino.login.SessionLog;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthResult;

/// The AUTHORIZATION state: who the client is. Answers the commands USER, PASS and AUTH.
final class Authorization {
    private static final String NEEDS_TLS = "[AUTH] " + Login.NEEDS_TLS;
    private static final String NO_MAIL = "[SYS/TEMP] " + Login.Outcome.Refused.NO_MAIL.text();
    private static final String TOO_EARLY =
            "[LOGIN-DELAY] Minimum time between mail checks violation.";
    private static final String IN_USE = "[IN-USE] Mailbox is locked by another POP3 session.";

    private final Login login;
    private final Pop3Channel channel;
    private final Pop3Settings settings;
    private final LoginDelay delay;
    private final SessionLog log;
    private final Optional<Apop> apop;
    private @Nullable String userGiven;

    Authorization(
            Login login,
            Pop3Channel channel,
            Pop3Settings settings,
            LoginDelay delay,
            SessionLog log) {
        this.login = login;
        this.channel = channel;
        this.settings = settings;
        this.delay = delay;
        this.log = log;
        this.apop = Apop.of(settings.apopHost());
    }

    /// The greeting, with the timestamp for APOP behind it if that can be used.
    String greeting() {
        String text = settings.login().greeting();
        return apop.map(a -> text + " " + a.timestamp()).orElse(text);
    }

    /// A session that has its maildrop.
    record Entered(Account account, Maildrop maildrop) {}

    /// Forgets all that a client said before TLS (RFC 2595, 4).
    void forget() {
        userGiven = null;
    }

    void user(String name) throws IOException {
        if (login.refusesCleartext()) {
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
        if (login.refusesCleartext()) {
            channel.error(NEEDS_TLS);
            return null;
        }
        byte[] response = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return finish(login.begin("PLAIN", response).result(), "PLAIN");
    }

    /// APOP (RFC 1939, 7): the password does not pass the connection, but all the rest will.
    @Nullable Entered apop(Command.Apop command, boolean secured) throws IOException {
        userGiven = null;
        if (settings.login().demandTls() && !secured) {
            channel.error(NEEDS_TLS);
            return null;
        }
        Optional<byte[]> response = apop.flatMap(a -> a.response(command.name(), command.digest()));
        if (response.isEmpty()) {
            channel.error(apop.isEmpty() ? "APOP not enabled." : "Invalid parameters.");
            return null;
        }
        return finish(login.begin(Apop.MECHANISM, response.get()).result(), Apop.MECHANISM);
    }

    /// AUTH (RFC 5034).
    @Nullable Entered auth(Command.Auth command) throws IOException {
        String mechanism = command.mechanism();
        if (!settings.login().mechanisms().contains(mechanism)) {
            channel.error("[AUTH] Unsupported authentication mechanism.");
            return null;
        }
        if (login.refusesCleartext(mechanism)) {
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
        AuthExchange exchange = login.begin(mechanism, initial);
        try {
            return converse(mechanism, exchange);
        } finally {
            exchange.cancel(); // the client may have left in the middle of it
        }
    }

    private @Nullable Entered converse(String mechanism, AuthExchange exchange) throws IOException {
        AuthResult result = exchange.result();
        for (int i = 0; i < Login.MAX_ROUNDS; i++) {
            if (!(result instanceof AuthResult.Challenge(byte[] data))) {
                return finish(result, mechanism);
            }
            channel.send("+ " + Base64.getEncoder().encodeToString(data));
            String line = channel.line();
            byte[] response = line == null || line.equals("*") ? null : decode(line);
            if (response == null) {
                channel.error(
                        line != null && line.equals("*")
                                ? "Authentication aborted by client."
                                : "Invalid base64 data in continued response");
                return null;
            }
            result = exchange.respond(response);
        }
        channel.error("Too many rounds of authentication.");
        return null;
    }

    private static byte @Nullable [] decode(String text) {
        try {
            return text.equals("=") ? new byte[0] : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable Entered finish(AuthResult result, String mechanism) throws IOException {
        switch (login.finish(result, mechanism)) {
            case Login.Outcome.Entered(var account) -> {
                return enter(account, mechanism);
            }
            case Login.Outcome.TooMany tooMany -> channel.error("[IN-USE] " + tooMany.text());
            case Login.Outcome.Refused.WRONG ->
                    channel.error("[AUTH] " + Login.Outcome.Refused.WRONG.text());
            case Login.Outcome.Refused.TEMPORARY ->
                    channel.error("[SYS/TEMP] " + Login.Outcome.Refused.TEMPORARY.text());
            case Login.Outcome.Refused.NO_MAIL -> channel.error(NO_MAIL);
        }
        return null;
    }

    private @Nullable Entered enter(Account account, String mechanism) throws IOException {
        @Nullable Entered entered = null;
        try {
            if (delay.isTooEarly(account.user())) {
                channel.error(TOO_EARLY);
            } else {
                entered = open(account, mechanism);
            }
        } catch (IOException e) {
            log.noMail(account.user(), e);
            channel.error(NO_MAIL);
        } finally {
            if (entered == null) {
                login.limitTime();
                account.close();
            }
        }
        return entered;
    }

    private @Nullable Entered open(Account account, String mechanism) throws IOException {
        Optional<Maildrop> maildrop =
                account.store().together(() -> Maildrop.open(account.store(), settings.maildrop()));
        if (maildrop.isEmpty()) {
            channel.error(IN_USE);
            return null;
        }
        delay.begins(account.user());
        log.login(account.user(), mechanism);
        return new Entered(account, maildrop.get());
    }
}
