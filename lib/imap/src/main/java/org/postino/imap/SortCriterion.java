// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// A criterion of SORT (RFC 5256, 3; RFC 5957).
///
/// @param reverse the largest first
public record SortCriterion(Key key, boolean reverse) {
    enum Key {
        ARRIVAL,
        CC,
        DATE,
        DISPLAYFROM,
        DISPLAYTO,
        FROM,
        SIZE,
        SUBJECT,
        TO
    }

    /// Takes `(criteria)`. One whose key has come before decides nothing and is left out.
    public static List<SortCriterion> list(ImapLexer args) throws ImapSyntaxException {
        var criteria = new ArrayList<SortCriterion>();
        var seen = EnumSet.noneOf(Key.class);
        args.open();
        do {
            boolean reverse = args.acceptWord("REVERSE");
            if (reverse) {
                args.sp();
            }
            var key = key(args.keyword());
            if (seen.add(key)) {
                criteria.add(new SortCriterion(key, reverse));
            }
        } while (args.next());
        args.close();
        return criteria;
    }

    private static Key key(String word) throws ImapSyntaxException {
        for (var key : Key.values()) {
            if (key.name().equals(word)) {
                return key;
            }
        }
        throw new ImapSyntaxException("Unknown sort key " + word);
    }
}
