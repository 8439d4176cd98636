// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.postino.config.Config;
import org.postino.config.Param;

/// Looks at the words of main.cf about ciphers, curves and options, for whoever checks it.
public final class TlsWords {
    private static final List<Param<List<String>>> EXCLUDED =
            List.of(
                    TlsParams.SMTPD_TLS_EXCLUDE_CIPHERS,
                    TlsParams.SMTPD_TLS_MANDATORY_EXCLUDE_CIPHERS,
                    TlsParams.SMTP_TLS_EXCLUDE_CIPHERS,
                    TlsParams.SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS);

    private static final List<Param<String>> LISTS =
            List.of(
                    TlsParams.TLS_EXPORT_CIPHERLIST,
                    TlsParams.TLS_HIGH_CIPHERLIST,
                    TlsParams.TLS_LOW_CIPHERLIST,
                    TlsParams.TLS_MEDIUM_CIPHERLIST);

    private TlsWords() {}

    /// Finds the parameters by which no cipher is left for TLS 1.2, with the reason. Nothing is loaded if none of them is set.
    public static Map<String, String> problems(Config config) {
        var problems = new LinkedHashMap<String, String>();
        boolean set =
                EXCLUDED.stream().anyMatch(p -> config.settings().containsKey(p.name()))
                        || LISTS.stream().anyMatch(p -> config.settings().containsKey(p.name()));
        if (!set) {
            return problems;
        }
        look(TlsParams.SMTPD_TLS_CIPHERS, Ciphers.ofServer(config, false), problems);
        look(TlsParams.SMTPD_TLS_MANDATORY_CIPHERS, Ciphers.ofServer(config, true), problems);
        String common = String.join(" ", config.get(TlsParams.SMTP_TLS_EXCLUDE_CIPHERS));
        String more = String.join(" ", config.get(TlsParams.SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS));
        look(
                TlsParams.SMTP_TLS_CIPHERS,
                Ciphers.of(config, config.get(TlsParams.SMTP_TLS_CIPHERS), common),
                problems);
        look(
                TlsParams.SMTP_TLS_MANDATORY_CIPHERS,
                Ciphers.of(
                        config,
                        config.get(TlsParams.SMTP_TLS_MANDATORY_CIPHERS),
                        common + " " + more),
                problems);
        return problems;
    }

    private static void look(Param<String> grade, Ciphers ciphers, Map<String, String> problems) {
        try {
            ciphers.among(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (TlsException | NoSuchAlgorithmException e) {
            problems.put(grade.name(), String.valueOf(e.getMessage()));
        }
    }

    /// Finds the parameters with words that mean nothing, with a sentence each. They are passed over.
    public static Map<String, String> unknown(Config config) {
        var found = new LinkedHashMap<String, String>();
        for (var list : LISTS) {
            note(list, CipherList.unknown(config.get(list)), "is no cipher", found);
        }
        for (var list : EXCLUDED) {
            note(
                    list,
                    CipherList.unknown(String.join(" ", config.get(list))),
                    "is no cipher",
                    found);
        }
        note(
                TlsParams.TLS_SSL_OPTIONS,
                TlsOptions.unknown(config.get(TlsParams.TLS_SSL_OPTIONS)),
                "is no option",
                found);
        for (var list : List.of(TlsParams.TLS_EECDH_AUTO_CURVES, TlsParams.TLS_FFDHE_AUTO_GROUPS)) {
            note(
                    list,
                    config.get(list).stream().filter(word -> !NamedGroups.isHere(word)).toList(),
                    "is no group that the Java machine has",
                    found);
        }
        return found;
    }

    private static void note(
            Param<?> param, List<String> words, String what, Map<String, String> found) {
        for (String word : words) {
            found.merge(
                    param.name(),
                    "\"" + word + "\" " + what,
                    (before, more) -> before + ", " + more);
        }
    }
}
