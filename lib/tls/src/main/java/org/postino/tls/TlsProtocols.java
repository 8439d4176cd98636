// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.config.ValueException;

/// The protocol lists of `smtpd_tls_protocols` and its kin: `>=TLSv1.2`, `<=TLSv1.3`, `!TLSv1.1`, `TLSv1.2, TLSv1.3`.
final class TlsProtocols {
    private static final List<String> ALL = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /// The versions of an empty or a weaker list (RFC 8996: nothing below 1.2 unless named).
    private static final List<String> MODERN = List.of("TLSv1.2", "TLSv1.3");

    private TlsProtocols() {}

    /// The JDK's names of the protocols that the list allows.
    ///
    /// `>=TLSv1` and `!SSLv3` leave the oldest protocols allowed in Postfix; here they mean 1.2 and newer,
    /// and only a list that names `TLSv1` or `TLSv1.1` itself turns those on.
    static String[] parse(String text) {
        var allowed = new ArrayList<String>();
        var excluded = new ArrayList<String>();
        int from = 0;
        int to = ALL.size() - 1;
        for (String word : text.replace(',', ' ').replace(':', ' ').strip().split("\\s+", -1)) {
            if (word.startsWith(">=")) {
                from = Math.max(from, index(word.substring(2), 0));
            } else if (word.startsWith("<=")) {
                to = Math.min(to, index(word.substring(2), to));
            } else if (word.startsWith("!")) {
                excluded.add(name(word.substring(1)));
            } else if (ALL.contains(name(word))) {
                allowed.add(name(word));
            }
        }
        var result = new ArrayList<String>();
        for (int i = from; i <= to; i++) {
            String name = ALL.get(i);
            boolean named = allowed.contains(name) || (allowed.isEmpty() && MODERN.contains(name));
            if (named && !excluded.contains(name)) {
                result.add(name);
            }
        }
        return result.isEmpty() ? MODERN.toArray(String[]::new) : result.toArray(String[]::new);
    }

    /// @throws ValueException a word of the list means nothing
    static void check(String text) throws ValueException {
        for (String word : text.replace(',', ' ').replace(':', ' ').strip().split("\\s+", -1)) {
            String name =
                    word.startsWith(">=") || word.startsWith("<=")
                            ? word.substring(2)
                            : word.startsWith("!") ? word.substring(1) : word;
            boolean known =
                    ALL.contains(name(name))
                            || name.equalsIgnoreCase("SSLv2")
                            || name.equalsIgnoreCase("SSLv3");
            if (!known) {
                throw new ValueException("unknown protocol \"" + word + "\"");
            }
        }
    }

    private static int index(String word, int otherwise) {
        int at = ALL.indexOf(name(word));
        return at < 0 ? otherwise : at;
    }

    private static String name(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "tlsv1", "tlsv1.0", "301", "0301", "0x301", "0x0301" -> "TLSv1";
            case "tlsv1.1", "302", "0302", "0x302", "0x0302" -> "TLSv1.1";
            case "tlsv1.2", "303", "0303", "0x303", "0x0303" -> "TLSv1.2";
            case "tlsv1.3", "304", "0304", "0x304", "0x0304" -> "TLSv1.3";
            default -> word;
        };
    }
}
