// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.config.Config;
import org.postino.config.ValueException;

/// The ciphers for a kind of session: those of a list in OpenSSL's words without some others.
///
/// The suites of TLS 1.3 are all strong, and neither list leaves them out unless it has their full names.
///
/// @param list as in `tls_medium_cipherlist`
/// @param exclude as in `smtpd_tls_exclude_ciphers`: words apart by blanks, commas or colons
public record Ciphers(String list, String exclude) {
    /// All that the Java machine has.
    public static final Ciphers ALL = new Ciphers("HIGH", "");

    /// @throws ValueException the Java machine has nothing of this grade, or there is no such grade
    static void checkGrade(String grade) throws ValueException {
        switch (grade.toLowerCase(Locale.ROOT)) {
            case "export", "low", "medium", "high" -> {}
            case "null" -> throw new ValueException("ciphers of grade null are not supported");
            default -> throw new ValueException("unknown grade of ciphers \"" + grade + "\"");
        }
    }

    /// Makes the ciphers of a grade: `high`, `medium` and so on.
    public static Ciphers of(Config config, String grade, String exclude) {
        var list =
                switch (grade.toLowerCase(Locale.ROOT)) {
                    case "high" -> TlsParams.TLS_HIGH_CIPHERLIST;
                    case "low" -> TlsParams.TLS_LOW_CIPHERLIST;
                    case "export" -> TlsParams.TLS_EXPORT_CIPHERLIST;
                    default -> TlsParams.TLS_MEDIUM_CIPHERLIST;
                };
        return new Ciphers(config.get(list), exclude);
    }

    /// Makes the ciphers of the servers.
    static Ciphers ofServer(Config config, boolean mandatory) {
        var exclude = new ArrayList<>(config.get(TlsParams.SMTPD_TLS_EXCLUDE_CIPHERS));
        if (mandatory) {
            exclude.addAll(config.get(TlsParams.SMTPD_TLS_MANDATORY_EXCLUDE_CIPHERS));
        }
        return of(
                config,
                config.get(
                        mandatory
                                ? TlsParams.SMTPD_TLS_MANDATORY_CIPHERS
                                : TlsParams.SMTPD_TLS_CIPHERS),
                String.join(" ", exclude));
    }

    /// The suites that may be used, best first.
    ///
    /// @param suites those that there are, as the Java machine names them
    /// @throws TlsException nothing is left for TLS 1.2
    String[] among(String[] suites) throws TlsException {
        var old = new ArrayList<CipherSuite>();
        var names = new ArrayList<String>();
        List<String> excluded = CipherList.split(exclude);
        for (String name : suites) {
            var suite = CipherSuite.of(name);
            if (!suite.isTls13()) {
                old.add(suite);
            } else if (excluded.stream().noneMatch(suite::isMeant)) {
                names.add(name);
            }
        }
        List<CipherSuite> chosen = CipherList.choose(list, exclude, old);
        if (chosen.isEmpty()) {
            throw new TlsException(
                    "no cipher is left of \""
                            + list
                            + "\""
                            + (excluded.isEmpty() ? "" : " without \"" + exclude + "\""));
        }
        chosen.forEach(suite -> names.add(suite.name()));
        return names.toArray(String[]::new);
    }
}
