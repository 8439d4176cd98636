// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;
import org.postino.login.Login;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthResult;

/// One attempt to log in, by whichever command, and the answer to it.
final class Authentication {
    static final Tagged NEEDS_TLS = Tagged.no(ResponseCode.PRIVACYREQUIRED, Login.NEEDS_TLS);
    private static final Tagged FAILED =
            Tagged.no(ResponseCode.AUTHENTICATIONFAILED, Login.Outcome.Refused.WRONG.text());
    private static final Tagged TEMPORARY =
            Tagged.no(ResponseCode.UNAVAILABLE, Login.Outcome.Refused.TEMPORARY.text());
    private static final Tagged NO_MAIL =
            Tagged.no(ResponseCode.UNAVAILABLE, Login.Outcome.Refused.NO_MAIL.text());

    private final ImapSession session;
    private final String mechanism;

    Authentication(ImapSession session, String mechanism) {
        this.session = session;
        this.mechanism = mechanism;
    }

    AuthExchange begin(byte @Nullable [] initialResponse) {
        return session.login().begin(mechanism, initialResponse);
    }

    /// Turns the last answer of auth(8) into ours.
    Tagged finish(AuthResult result) {
        return switch (session.login().finish(result, mechanism)) {
            case Login.Outcome.Refused.WRONG -> FAILED;
            case Login.Outcome.Refused.TEMPORARY -> TEMPORARY;
            case Login.Outcome.Refused.NO_MAIL -> NO_MAIL;
            case Login.Outcome.TooMany tooMany -> Tagged.no(ResponseCode.LIMIT, tooMany.text());
            case Login.Outcome.Entered(var account) -> {
                session.enter(account);
                session.log().login(account.user(), mechanism);
                yield Tagged.ok(ResponseCode.capability(session.capabilities()), "Logged in");
            }
        };
    }
}
