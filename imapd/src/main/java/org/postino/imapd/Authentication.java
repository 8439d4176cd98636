// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.global.auth.AuthExchange;
import org.postino.global.auth.AuthPeer;
import org.postino.global.auth.AuthResult;

/// One attempt to log in, by whichever command: asks auth(8), opens the mail, answers, logs.
final class Authentication {
    static final Tagged NEEDS_TLS =
            Tagged.no(
                    ResponseCode.PRIVACYREQUIRED,
                    "Cleartext authentication disallowed on non-secure (SSL/TLS) connections.");
    private static final Tagged FAILED =
            Tagged.no(ResponseCode.AUTHENTICATIONFAILED, "Authentication failed.");
    private static final Tagged TEMPORARY =
            Tagged.no(ResponseCode.UNAVAILABLE, "Temporary authentication failure.");
    private static final Tagged NO_MAIL =
            Tagged.no(
                    ResponseCode.UNAVAILABLE,
                    "Internal error occurred. Refer to server log for more information.");

    private final ImapSession session;
    private final String mechanism;

    Authentication(ImapSession session, String mechanism) {
        this.session = session;
        this.mechanism = mechanism;
    }

    AuthExchange begin(byte @org.jspecify.annotations.Nullable [] initialResponse) {
        var c = session.connection();
        var peer = new AuthPeer("imap", c.local(), c.peer(), c.secured(), c.trace());
        return session.accounts().begin(mechanism, peer, initialResponse);
    }

    /// Turns the last answer of auth(8) into ours.
    Tagged finish(AuthResult result) throws IOException {
        return switch (result) {
            case AuthResult.Success(var user, var _) -> open(user);
            case AuthResult.Failure failure -> refuse(failure);
            // LOGIN with a mechanism that wants more than it has is no log-in
            case AuthResult.Challenge _ -> FAILED;
        };
    }

    private Tagged refuse(AuthResult.Failure failure) {
        session.log().refused(failure.user(), mechanism, failure.reason());
        if (failure.temporary()) {
            return TEMPORARY;
        }
        session.guard().failed(failure.user(), mechanism);
        return FAILED;
    }

    private Tagged open(String user) throws IOException {
        Accounts.Opened opened;
        try {
            opened = session.accounts().open(user, SessionLog.address(session.connection().peer()));
        } catch (IOException e) {
            session.log().internalLoginFailure(user, e);
            return NO_MAIL;
        }
        return switch (opened) {
            case Accounts.Opened.TooMany(var limit) ->
                    Tagged.no(
                            ResponseCode.LIMIT,
                            "Maximum number of connections from user+IP exceeded (mail_max_userip_connections="
                                    + limit
                                    + ")");
            case Accounts.Opened.Open(var account) -> {
                session.enter(account);
                session.log().login(account.user(), mechanism);
                yield Tagged.ok(ResponseCode.capability(session.capabilities()), "Logged in");
            }
        };
    }
}
