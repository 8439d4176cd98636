// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SearchParser;

/// The arguments of SEARCH and ESEARCH, from RETURN on.
///
/// @param returns null without RETURN in IMAP4rev1
record SearchQuery(@Nullable ReturnOptions returns, SearchParser.Criteria criteria) {
    static SearchQuery parse(ImapLexer args) throws IOException, ImapSyntaxException {
        ReturnOptions returns = args.has(Extension.IMAP4REV2) ? ReturnOptions.USUAL : null;
        if (args.acceptWord("RETURN")) {
            returns = ReturnOptions.parse(args);
            args.sp();
        }
        return new SearchQuery(returns, SearchParser.criteria(args));
    }
}
