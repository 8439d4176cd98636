// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// COMPRESS (RFC 4978): the dispatcher goes over to compressed data when the answer is sent.
final class CompressCommand {
    private CompressCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var mechanism = args.sp().keyword();
        args.end();
        if (!mechanism.equals("DEFLATE")) {
            return Tagged.no("Unknown compression mechanism.");
        }
        if (session.compression().isOn()) {
            return Tagged.no(ResponseCode.COMPRESSIONACTIVE, "COMPRESS is already active.");
        }
        session.compression().want(true);
        return Tagged.ok("Begin compression.");
    }
}
