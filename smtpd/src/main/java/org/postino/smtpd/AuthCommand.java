// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthResult;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;

/// The dialogue that AUTH begins (RFC 4954, 4).
final class AuthCommand {
    private static final String BAD_INITIAL = "Invalid base64 data in initial response";
    private static final String BAD_CONTINUED = "Invalid base64 data in continued response";
    private static final String GENERAL = "authentication failure";

    private final @Nullable Authenticator authenticator;
    private final Settings settings;
    private final EventRates rates;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog log;

    AuthCommand(
            Services services,
            ClientChannel channel,
            SessionState state,
            SessionLog log,
            EventRates rates) {
        authenticator = services.authenticator();
        settings = services.settings();
        this.rates = rates;
        this.channel = channel;
        this.state = state;
        this.log = log;
    }

    /// Authenticates the client; the state has its login afterwards if that succeeded.
    Reply run(Command.Auth command, SessionPeer peer) throws IOException {
        if (authenticator == null) {
            return Replies.AUTH_NOT_ENABLED;
        }
        if (rates.isExceeded(ClientLimits.Event.AUTH)) {
            return Replies.tooManyAuths(state.client.addressText());
        }
        String mechanism = command.mechanism();
        if (authenticator.needsTls(mechanism, state.client, peer.secured())) {
            return Replies.AUTH_NEEDS_TLS;
        }
        try {
            if (!authenticator.mechanisms(state.client, peer.secured()).contains(mechanism)) {
                return failed(mechanism, "Invalid authentication mechanism", null);
            }
        } catch (IOException e) {
            log.warning("cannot reach auth: " + e.getMessage());
            return Replies.AUTHENTICATION_UNAVAILABLE;
        }
        byte[] initial = null;
        if (command.initial() != null) {
            initial = decode(command.initial());
            if (initial == null) {
                return failed(mechanism, BAD_INITIAL, null);
            }
        }
        return dialogue(mechanism, authenticator.begin(mechanism, peer, initial));
    }

    private Reply dialogue(String mechanism, AuthExchange exchange) throws IOException {
        boolean done = false;
        try {
            while (true) {
                switch (exchange.result()) {
                    case AuthResult.Success(var user, _) -> {
                        done = true;
                        state.login = new Login(mechanism, user);
                        return Replies.AUTHENTICATED;
                    }
                    case AuthResult.Failure(var user, var reason, var temporary) -> {
                        done = true;
                        return temporary
                                ? postponed(mechanism, reason, user)
                                : failed(mechanism, reason, user);
                    }
                    case AuthResult.Challenge(var data) -> {
                        Reply problem = challenge(mechanism, exchange, data);
                        if (problem != null) {
                            return problem;
                        }
                    }
                }
            }
        } finally {
            if (!done) {
                exchange.cancel();
            }
        }
    }

    /// Sends a challenge and takes the response to auth; the reply if the client gave none.
    private @Nullable Reply challenge(String mechanism, AuthExchange exchange, byte[] data)
            throws IOException {
        channel.reply(Replies.challenge(encode(data)));
        var line = channel.readLine(settings.responseLimit());
        if (line.tooLong()) {
            log.authenticationFailed(mechanism, "response too long", null);
            return Replies.AUTH_LINE_TOO_LONG;
        }
        String text = line.raw();
        if (text.equals("*")) {
            log.authenticationAborted(mechanism);
            return Replies.AUTHENTICATION_ABORTED;
        }
        byte[] response = decode(text.isEmpty() ? "=" : text);
        if (response == null) {
            return failed(mechanism, BAD_CONTINUED, null);
        }
        exchange.respond(response);
        return null;
    }

    private Reply failed(String mechanism, String reason, @Nullable String user) {
        log.authenticationFailed(mechanism, reason, user);
        // the client learns what it did wrong, never why a password was refused
        boolean itsForm = reason.startsWith("Invalid ");
        return Replies.authenticationFailed(itsForm ? reason : GENERAL);
    }

    private Reply postponed(String mechanism, String reason, @Nullable String user) {
        log.authenticationFailed(mechanism, reason, user);
        return Replies.authenticationPostponed("authentication server unavailable");
    }

    /// Strict base64, `=` being the empty response; null if it is not.
    private static byte @Nullable [] decode(String text) {
        if (text.equals("=")) {
            return new byte[0];
        }
        if (text.isEmpty() || text.length() % 4 != 0) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String encode(byte[] data) {
        return new String(Base64.getEncoder().encode(data), StandardCharsets.ISO_8859_1);
    }
}
