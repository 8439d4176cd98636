// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.Problem;
import org.postino.sasl.SaslMechanisms;

/// Checks the parameters of auth(8) that have words of their own.
public final class AuthCheck {
    private static final String PAM = "pam";
    private static final String SHADOW = "shadow";

    private AuthCheck() {}

    /// Words that name no database and no mechanism, and a format of user names that is none.
    ///
    /// @param file how to name main.cf
    static List<Problem> words(Config config, String file) {
        var problems = new ArrayList<Problem>();
        check(
                config,
                AuthParams.AUTH_PASSDB,
                "database",
                word -> word.equals("passwd-file") || isSystem(word),
                "passwd-file, pam, pam:SERVICE, shadow",
                file,
                problems);
        check(
                config,
                AuthParams.AUTH_USERDB,
                "database",
                List.of("passwd-file", "passwd")::contains,
                "passwd-file, passwd",
                file,
                problems);
        check(
                config,
                AuthParams.AUTH_MECHANISMS,
                "mechanism",
                word -> SaslMechanisms.findServed(word).isPresent(),
                SaslMechanisms.servedNames(),
                file,
                problems);
        var format = AuthParams.AUTH_USERNAME_FORMAT;
        String wrong = usernameFormat(config.get(format));
        if (!wrong.isEmpty()) {
            problems.add(problem(config, format, file, wrong));
        }
        return problems;
    }

    /// The fault of a value of `auth_username_format`; empty if it has none.
    public static String usernameFormat(String format) {
        for (int i = format.indexOf('%'); i >= 0; i = format.indexOf('%', i + 1)) {
            i += format.startsWith("%L", i) ? 2 : 1;
            String variable = i < format.length() ? format.substring(i, i + 1) : "";
            boolean known = List.of("u", "n", "d").contains(variable);
            if (!known && !(variable.equals("%") && format.charAt(i - 1) == '%')) {
                return "unknown variable \"%" + variable + "\"; known are: %u, %n, %d";
            }
        }
        return format.isEmpty() ? "must not be empty" : "";
    }

    /// True if passwords are checked by auth-worker(8), which wants a row in master.cf then.
    public static boolean needsWorker(Config config) {
        return config.get(AuthParams.AUTH_PASSDB).stream().anyMatch(AuthCheck::isSystem);
    }

    private static boolean isSystem(String word) {
        return word.equals(PAM) || word.equals(SHADOW) || word.matches("pam:[^/.][^/]*");
    }

    private static void check(
            Config config,
            Param<List<String>> param,
            String kind,
            Predicate<String> known,
            String all,
            String file,
            List<Problem> problems) {
        for (String word : config.get(param)) {
            if (!known.test(word)) {
                String text = "unknown " + kind + " \"" + word + "\"; known are: " + all;
                problems.add(problem(config, param, file, text));
            }
        }
    }

    private static Problem problem(Config config, Param<?> param, String file, String text) {
        return new Problem(
                file, config.line(param.name()), "parameter " + param.name() + ": " + text);
    }
}
