// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.config.Config;
import org.postino.suite.CleanupParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Cuts the names of hosts off addresses, so that a network shows itself as one domain (`masquerade_domains`).
///
/// @param domains in lower case, the first that fits counts; behind `!` one that stays as it is
/// @param classes the kinds of addresses that are meant
/// @param exceptions names whose addresses stay as they are
record Masquerade(List<String> domains, Set<String> classes, MatchList exceptions) {

    static Masquerade of(Config config, Tables tables) {
        return new Masquerade(
                config.get(CleanupParams.MASQUERADE_DOMAINS).stream()
                        .map(d -> d.toLowerCase(Locale.ROOT))
                        .toList(),
                Set.copyOf(config.get(CleanupParams.MASQUERADE_CLASSES)),
                MatchList.strings(config.get(CleanupParams.MASQUERADE_EXCEPTIONS), tables));
    }

    /// One that changes no address.
    static Masquerade none(Tables tables) {
        return new Masquerade(List.of(), Set.of(), MatchList.strings(List.of(), tables));
    }

    /// Returns an address of this kind with the domain that others are to see.
    ///
    /// @param addressClass a word of `masquerade_classes`
    String shown(String address, String addressClass) throws TableException {
        int at = address.lastIndexOf('@');
        if (domains.isEmpty() || at < 0 || !classes.contains(addressClass)) {
            return address;
        }
        String user = address.substring(0, at);
        String host = address.substring(at + 1).toLowerCase(Locale.ROOT);
        for (String text : domains) {
            String domain = text.substring(marks(text));
            boolean itself = host.equals(domain);
            if (!domain.isEmpty() && (itself || host.endsWith("." + domain))) {
                boolean stays = itself || marks(text) % 2 == 1 || exceptions.matches(user);
                return stays ? address : user + "@" + domain;
            }
        }
        return address;
    }

    /// The number of exclamation marks before a domain; two are none.
    private static int marks(String text) {
        int marks = 0;
        while (marks < text.length() && text.charAt(marks) == '!') {
            marks++;
        }
        return marks;
    }
}
