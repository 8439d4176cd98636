// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// LOGIN (RFC 3501, 6.2.3): an AUTHENTICATE PLAIN in other words.
final class LoginCommand {
    private LoginCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        byte[] user = args.sp().astringBytes();
        byte[] password = args.sp().astringBytes();
        args.end();
        if (session.login().refusesCleartext()) {
            return Authentication.NEEDS_TLS;
        }
        var response = new ByteArrayOutputStream();
        response.write(0);
        response.writeBytes(user);
        response.write(0);
        response.writeBytes(password);
        var authentication = new Authentication(session, "PLAIN");
        var exchange = authentication.begin(response.toByteArray());
        return authentication.finish(exchange.result());
    }
}
