// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the flags and suffixes of messages; equal ones are one object, since thousands of messages have the same.
final class MaildirFlags {
    private final Keywords keywords;
    private final MoreKeywords more;
    private final Map<Long, Flags> flags = new HashMap<>();
    private final Map<Long, String> suffixes = new HashMap<>();

    MaildirFlags(Keywords keywords, MoreKeywords more) {
        this.keywords = keywords;
        this.more = more;
    }

    /// The flags of a message, with those keywords that its name does not tell.
    ///
    /// @param bits the flags in its name
    /// @param letters the keywords in its name
    Flags of(long uid, int bits, int letters) {
        List<String> rest = more.of(uid);
        if (!rest.isEmpty()) {
            var names = new ArrayList<>(keywords.names(letters));
            names.addAll(rest);
            return Flags.ofBits(bits, names);
        }
        return flags.computeIfAbsent(
                key(bits, letters), _ -> Flags.ofBits(bits, keywords.names(letters)));
    }

    /// The suffix that a file of our own has with these flags.
    String suffix(int bits, int letters) {
        return suffixes.computeIfAbsent(key(bits, letters), _ -> MaildirName.suffix(bits, letters));
    }

    private static long key(int bits, int letters) {
        return (long) bits << 32 | letters;
    }
}
