// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What can be wrong in `auth_passdb` and `auth_userdb`.
public final class AuthCheck {
    private static final String PAM = "pam";
    private static final String SHADOW = "shadow";

    private AuthCheck() {}

    /// Words that name no database.
    ///
    /// @param file how to name main.cf
    static List<Problem> words(Config config, String file) {
        var problems = new ArrayList<Problem>();
        check(
                config,
                AuthParams.AUTH_PASSDB,
                word -> word.equals("passwd-file") || isSystem(word),
                "passwd-file, pam, pam:SERVICE, shadow",
                file,
                problems);
        check(
                config,
                AuthParams.AUTH_USERDB,
                List.of("passwd-file", "passwd")::contains,
                "passwd-file, passwd",
                file,
                problems);
        return problems;
    }

    /// Whether passwords are checked by auth-worker(8), which wants a row in master.cf then.
    public static boolean needsWorker(Config config) {
        return config.get(AuthParams.AUTH_PASSDB).stream().anyMatch(AuthCheck::isSystem);
    }

    private static boolean isSystem(String word) {
        return word.equals(PAM) || word.equals(SHADOW) || word.matches("pam:[^/.][^/]*");
    }

    private static void check(
            Config config,
            Param<List<String>> param,
            Predicate<String> known,
            String all,
            String file,
            List<Problem> problems) {
        for (String word : config.get(param)) {
            if (!known.test(word)) {
                var setting = config.settings().get(param.name());
                problems.add(
                        new Problem(
                                file,
                                setting == null ? 0 : setting.line(),
                                param.name()
                                        + ": unknown database \""
                                        + word
                                        + "\"; known are: "
                                        + all));
            }
        }
    }
}
