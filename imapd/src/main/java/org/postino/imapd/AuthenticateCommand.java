// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.PeerException;
import org.postino.login.Login;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthResult;

/// AUTHENTICATE (RFC 3501, 6.2.2; SASL-IR of RFC 4959).
final class AuthenticateCommand {
    private static final Tagged NOT_BASE64 = Tagged.bad("Invalid base64 data in authentication.");

    private AuthenticateCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var mechanism = args.sp().keyword();
        byte[] initial = null;
        if (args.next()) {
            initial = args.accept('=') ? new byte[0] : decode(args.rest());
            if (initial == null) {
                return NOT_BASE64;
            }
        }
        args.end();
        if (!session.settings().login().mechanisms().contains(mechanism)) {
            return Tagged.no("Unsupported authentication mechanism.");
        }
        if (session.login().refusesCleartext(mechanism)) {
            return Authentication.NEEDS_TLS;
        }
        var authentication = new Authentication(session, mechanism);
        var exchange = authentication.begin(initial);
        try {
            return converse(session, authentication, exchange);
        } finally {
            exchange.cancel(); // the client may have left in the middle of it
        }
    }

    private static Tagged converse(
            ImapSession session, Authentication authentication, AuthExchange exchange)
            throws IOException {
        var result = exchange.result();
        for (int i = 0; i < Login.MAX_ROUNDS; i++) {
            if (!(result instanceof AuthResult.Challenge(var data))) {
                return authentication.finish(result);
            }
            session.responses().continuation(Base64.getEncoder().encodeToString(data));
            var framing = session.framing();
            if (!framing.nextCommand()) {
                throw new PeerException("connection closed in authentication");
            }
            var line = new String(framing.line(), 0, framing.length(), StandardCharsets.ISO_8859_1);
            byte[] response = decode(line);
            if (response == null) {
                return line.equals("*") ? Tagged.bad("Authentication aborted.") : NOT_BASE64;
            }
            result = exchange.respond(response);
        }
        return Tagged.bad("Too many rounds of authentication.");
    }

    private static byte @Nullable [] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
