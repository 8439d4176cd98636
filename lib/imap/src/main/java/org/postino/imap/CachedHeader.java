// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postino.message.HeaderFilter;

/// The fields of a header that are kept in the cache of the mailbox: all but those that are long and that no client lists. So a field
/// that a client invents tomorrow is there too.
public final class CachedHeader {
    /// A header of which more would be kept is not kept at all.
    private static final int LARGEST = 1 << 13;

    private static final List<String> LEFT_OUT =
            List.of(
                    "ARC-Authentication-Results",
                    "ARC-Message-Signature",
                    "ARC-Seal",
                    "Authentication-Results",
                    "Autocrypt",
                    "DKIM-Signature",
                    "DomainKey-Signature",
                    "Face",
                    "Received",
                    "Received-SPF",
                    "X-Face",
                    "X-Google-DKIM-Signature",
                    "X-Google-Smtp-Source",
                    "X-Gm-Message-State",
                    "X-Microsoft-Antispam",
                    "X-Microsoft-Antispam-Message-Info",
                    "X-MS-Exchange-AntiSpam-MessageData",
                    "X-MS-Exchange-AntiSpam-MessageData-0",
                    "X-Received",
                    "X-Spam-Report");

    private static final Set<String> ABSENT = absent();

    private CachedHeader() {}

    private static Set<String> absent() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(LEFT_OUT);
        return names;
    }

    /// True if all these fields are kept.
    static boolean has(Collection<String> fields) {
        for (String field : fields) {
            if (ABSENT.contains(field)) {
                return false;
            }
        }
        return true;
    }

    /// The part of a header that is kept, with its empty line; nothing if that is too much.
    static Optional<byte[]> of(byte[] header) {
        byte[] kept = HeaderFilter.filter(header, LEFT_OUT, true);
        return kept.length > LARGEST ? Optional.empty() : Optional.of(kept);
    }
}
