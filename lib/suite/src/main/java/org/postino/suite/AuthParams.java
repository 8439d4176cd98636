// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of auth(8).
public final class AuthParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<List<String>> AUTH_PASSDB =
            T.list(
                    "auth_passdb",
                    "passwd-file",
                    "Where passwords are checked, one after the other: passwd-file, pam, pam:SERVICE, shadow.");
    public static final Param<List<String>> AUTH_USERDB =
            T.list(
                    "auth_userdb",
                    "passwd-file, passwd",
                    "Where users are looked up, one after the other: passwd-file, passwd.");
    public static final Param<String> AUTH_USERNAME_FORMAT =
            T.raw(
                    "auth_username_format",
                    "%Lu",
                    "What is looked up for the name a client gives: %u all of it, %n its part before the @, %d that behind it; an L before the letter makes it lower case.");
    public static final Param<List<String>> AUTH_PASSWD_FILE =
            T.list(
                    "auth_passwd_file",
                    "$config_directory/passwd",
                    "The passwd-files with users and passwords.");
    public static final Param<List<String>> AUTH_CLIENT_USERS =
            T.list(
                    "auth_client_users",
                    "",
                    "Further users of this machine that may ask auth(8), as a foreign mail server's: Debian-exim, postfix.");
    public static final Param<List<String>> AUTH_MECHANISMS =
            T.list("auth_mechanisms", "plain login", "The mechanisms offered: plain, login.");
    public static final Param<String> AUTH_DEFAULT_DOMAIN =
            T.text(
                    "auth_default_domain",
                    "$auth_default_realm",
                    "The domain added to user names without one.");
    public static final Param<String> AUTH_DEFAULT_PASSWORD_SCHEME =
            T.choice(
                    "auth_default_password_scheme",
                    "ARGON2ID",
                    List.of("ARGON2ID", "BLF-CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "PLAIN"),
                    "The scheme of new passwords.");
    public static final Param<Duration> AUTH_FAILURE_DELAY =
            T.time(
                    "auth_failure_delay",
                    "2s",
                    "How long the answer to a wrong password is delayed; longer with each failure from the same address.");
    public static final Param<Boolean> AUTH_VERBOSE =
            T.bool("auth_verbose", false, "Log why a password was refused.");
    public static final Param<Long> AUTH_WORKER_LIMIT =
            T.number(
                    "auth_worker_limit",
                    2,
                    1,
                    64,
                    "How many passwords auth(8) itself hashes at a time.");
    public static final Param<String> AUTH_WORKER_SOCKET_PATH =
            T.text(
                    "auth_worker_socket_path",
                    "private/auth-worker",
                    "The socket of auth-worker(8), relative to $queue_directory.");
    public static final Param<Long> AUTH_WORKER_MAX_COUNT =
            T.number(
                    "auth_worker_max_count",
                    10,
                    1,
                    1000,
                    "How many passwords auth-worker(8) checks at a time, through PAM or against shadow hashes.");
    public static final Param<Duration> AUTH_WORKER_TIMEOUT =
            T.time(
                    "auth_worker_timeout",
                    "30s",
                    "How long auth-worker(8) may take for a password; the client is told to try again later then.");
    public static final Param<Long> AUTH_CACHE_SIZE =
            T.number(
                    "auth_cache_size",
                    1048576,
                    0,
                    1073741824,
                    "Bytes of memory in which checked passwords are remembered, as keyed digests; 0: none.");
    public static final Param<Duration> AUTH_CACHE_TTL =
            T.time("auth_cache_ttl", "1h", "How long a right password is remembered.");
    public static final Param<Duration> AUTH_CACHE_NEGATIVE_TTL =
            T.time("auth_cache_negative_ttl", "1h", "How long a wrong password is remembered.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private AuthParams() {}
}
