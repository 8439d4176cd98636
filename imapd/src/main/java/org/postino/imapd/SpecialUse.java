// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The special uses of a user's mailboxes (RFC 6154): what CREATE and SETMETADATA have said, and for uses of which they say nothing, what
/// `imap_special_use` says.
final class SpecialUse {
    /// Those that a mailbox can have here; `\All` and `\Flagged` would be views of others.
    static final Set<String> ATTRIBUTES =
            Set.of("\\Archive", "\\Drafts", "\\Important", "\\Junk", "\\Sent", "\\Trash");

    private final ImapdSettings settings;
    private final char separator;
    private final Map<String, List<String>> chosen = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    /// @param annotations of all mailboxes
    SpecialUse(ImapSession session, Map<String, ? extends Map<String, byte[]>> annotations)
            throws IOException {
        this.settings = session.settings();
        this.separator = session.store().separator();
        annotations.forEach((name, entries) -> {
            byte[] value = entries.get(Metadata.SPECIAL_USE);
            if (value != null) {
                var uses = split(new String(value, StandardCharsets.ISO_8859_1));
                chosen.put(name, uses);
                taken.addAll(uses);
            }
        });
    }

    /// The attributes of a mailbox.
    List<String> of(String name) {
        var own = chosen.get(name);
        if (own != null) {
            return own;
        }
        var usual = settings.specialUse(name, separator);
        return usual == null || taken.contains(usual) ? List.of() : List.of(usual);
    }

    /// The words of an entry, those that are known as they are usually written.
    static List<String> split(String value) {
        return List.of(value.strip().split(" +")).stream()
                .filter(word -> !word.isEmpty())
                .map(SpecialUse::usual)
                .toList();
    }

    private static String usual(String attribute) {
        for (var known : ATTRIBUTES) {
            if (known.equalsIgnoreCase(attribute)) {
                return known;
            }
        }
        return attribute;
    }
}
