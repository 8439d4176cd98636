// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// A range of results by their places (RFC 9394): `1:100` from the first on, `-1:-100` from the last on.
///
/// @param first the place nearer to where counting begins
/// @param text as the client wrote it
record PartialRange(long first, long last, boolean fromEnd, String text) {
    static PartialRange parse(ImapLexer args) throws ImapSyntaxException {
        boolean fromEnd = args.accept('-');
        long one = args.nonZero();
        args.expect(':');
        if (args.accept('-') != fromEnd) {
            throw new ImapSyntaxException("Invalid partial range");
        }
        long other = args.nonZero();
        var sign = fromEnd ? "-" : "";
        return new PartialRange(
                Math.min(one, other),
                Math.max(one, other),
                fromEnd,
                sign + one + ":" + sign + other);
    }

    /// The place, from 0, of the first of so many results that is wanted.
    int from(int size) {
        return (int) (fromEnd ? size - Math.min(last, size) : Math.min(first - 1, size));
    }

    /// The place behind the last that is wanted.
    int to(int size) {
        return (int) (fromEnd ? size - Math.min(first - 1, size) : Math.min(last, size));
    }
}
