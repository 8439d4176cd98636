// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

import java.time.Duration;
import java.util.List;

/// Parameters of auth(8).
public final class AuthParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<List<String>> AUTH_PASSWD_FILE =
            T.list(
                    "auth_passwd_file",
                    "$config_directory/passwd",
                    "The passwd-files with users and passwords.");
    public static final Param<List<String>> AUTH_MECHANISMS =
            T.list("auth_mechanisms", "plain login", "The mechanisms offered.");
    public static final Param<String> AUTH_DEFAULT_DOMAIN =
            T.text("auth_default_domain", "", "The domain added to user names without one.");
    public static final Param<String> AUTH_DEFAULT_PASSWORD_SCHEME =
            T.text(
                    "auth_default_password_scheme",
                    "ARGON2ID",
                    "The scheme of a password that does not name one, and of new ones.");
    public static final Param<Duration> AUTH_FAILURE_DELAY =
            T.time(
                    "auth_failure_delay",
                    "2s",
                    "How long the answer to a wrong password is delayed.");
    public static final Param<Boolean> AUTH_VERBOSE =
            T.bool("auth_verbose", false, "Log why a password was refused.");
    public static final Param<Long> AUTH_WORKER_LIMIT =
            T.number("auth_worker_limit", 2, 1, 64, "How many passwords are checked at a time.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private AuthParams() {}
}
