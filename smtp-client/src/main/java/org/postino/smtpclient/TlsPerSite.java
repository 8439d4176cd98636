// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.tls.TlsLevel;

/// `smtp_tls_per_site`, the forerunner of `smtp_tls_policy_maps`: one word for a destination, and one for a host.
///
/// The stronger of the two counts, but NONE is stronger than MAY. MAY does not weaken what main.cf wants of all.
final class TlsPerSite {
    private final Maps maps;

    TlsPerSite(Maps maps) {
        this.maps = maps;
    }

    boolean isEmpty() {
        return maps.isEmpty();
    }

    /// Returns the level for a destination and a host; empty if the tables have neither, or main.cf wants more.
    ///
    /// @param destination as it stands, in lower case
    /// @param host null if none was chosen yet
    /// @param usual the level of main.cf
    /// @throws TlsPolicy.BadPolicyException an entry is none of the four words
    Optional<TlsLevel> level(String destination, @Nullable String host, TlsLevel usual)
            throws TableException, TlsPolicy.BadPolicyException {
        TlsLevel found = stronger(null, destination);
        if (host != null && !host.equalsIgnoreCase(destination)) {
            found = stronger(found, host.toLowerCase(Locale.ROOT));
        }
        boolean vague = found == TlsLevel.MAY && usual.isMandatory();
        return vague ? Optional.empty() : Optional.ofNullable(found);
    }

    private @Nullable TlsLevel stronger(@Nullable TlsLevel known, String key)
            throws TableException, TlsPolicy.BadPolicyException {
        Optional<String> value = maps.find(key);
        if (value.isEmpty()) {
            return known;
        }
        TlsLevel level = parsed(key, value.get().strip());
        boolean wins = known == null || known == TlsLevel.MAY;
        boolean loses = known != null && level == TlsLevel.MAY;
        return wins || (!loses && level.compareTo(known) > 0) ? level : known;
    }

    private static TlsLevel parsed(String key, String word) throws TlsPolicy.BadPolicyException {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "NONE" -> TlsLevel.NONE;
            case "MAY" -> TlsLevel.MAY;
            case "MUST_NOPEERMATCH" -> TlsLevel.ENCRYPT;
            case "MUST" -> TlsLevel.VERIFY;
            default ->
                    throw new TlsPolicy.BadPolicyException(
                            "TLS per-site table, site \""
                                    + key
                                    + "\": "
                                    + word
                                    + " is none of NONE, MAY, MUST_NOPEERMATCH and MUST");
        };
    }
}
