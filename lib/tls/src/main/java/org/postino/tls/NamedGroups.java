// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.config.Config;

/// Groups for the agreement on keys, as `tls_eecdh_auto_curves` and `tls_ffdhe_auto_groups` name them.
final class NamedGroups {
    private static final Set<String> HERE =
            Set.of(
                    "x25519",
                    "x448",
                    "secp256r1",
                    "secp384r1",
                    "secp521r1",
                    "ffdhe2048",
                    "ffdhe3072",
                    "ffdhe4096",
                    "ffdhe6144",
                    "ffdhe8192");

    private NamedGroups() {}

    /// The groups of the servers in the Java machine's names, best first; empty for all that it has.
    static List<String> ofServer(Config config) {
        return switch (config.get(TlsParams.SMTPD_TLS_EECDH_GRADE).toLowerCase(Locale.ROOT)) {
            case "strong" -> with(config, List.of(config.get(TlsParams.TLS_EECDH_STRONG_CURVE)));
            case "ultra" -> with(config, List.of(config.get(TlsParams.TLS_EECDH_ULTRA_CURVE)));
            case "none" -> with(config, List.of());
            default -> with(config, config.get(TlsParams.TLS_EECDH_AUTO_CURVES));
        };
    }

    /// The groups of the client in the Java machine's names, best first; empty for all that it has.
    static List<String> ofClient(Config config) {
        return with(config, config.get(TlsParams.TLS_EECDH_AUTO_CURVES));
    }

    private static List<String> with(Config config, List<String> curves) {
        var names = new ArrayList<String>();
        add(curves, names);
        add(config.get(TlsParams.TLS_FFDHE_AUTO_GROUPS), names);
        return names;
    }

    private static void add(List<String> words, List<String> names) {
        for (String word : words) {
            String name = name(word);
            if (HERE.contains(name) && !names.contains(name)) {
                names.add(name);
            }
        }
    }

    /// True if the Java machine has a group; `?` before it, as in OpenSSL's lists, is not part of its name.
    static boolean isHere(String word) {
        return HERE.contains(name(word));
    }

    private static String name(String word) {
        String plain = word.replaceFirst("^[?*]+", "").toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "prime256v1", "p-256" -> "secp256r1";
            case "p-384" -> "secp384r1";
            case "p-521" -> "secp521r1";
            default -> plain;
        };
    }
}
