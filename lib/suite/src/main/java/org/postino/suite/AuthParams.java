// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of auth(8).
public final class AuthParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// Passwords are checked in these databases, one after the other: passwd-file, pam,
    /// pam:SERVICE, shadow.
    ///
    /// Use pam for the accounts of the system, passwd-file for users of mail alone, or both.
    ///
    ///     auth_passdb = pam, passwd-file
    public static final Param<List<String>> AUTH_PASSDB = T.list("auth_passdb", "passwd-file");

    /// Users are looked up in these databases, one after the other: passwd-file and passwd, the
    /// accounts of the system.
    ///
    /// Put the one first whose user counts when both have the name.
    ///
    ///     auth_userdb = passwd, passwd-file
    public static final Param<List<String>> AUTH_USERDB =
            T.list("auth_userdb", "passwd-file, passwd");

    /// The name that a client gives is looked up in this form: %u is all of it, %n what stands
    /// before the @, %d what stands behind it; an L before the letter makes it lower case.
    ///
    /// Use %Ln if users log in with their address but stand in the files without a domain.
    ///
    ///     auth_username_format = %Ln
    public static final Param<String> AUTH_USERNAME_FORMAT = T.raw("auth_username_format", "%Lu");

    /// These files have users and their passwords, one a line; postino-passwd(5) describes them.
    ///
    /// Name several to keep the users of each domain in a file of its own.
    ///
    ///     auth_passwd_file = /etc/postino/passwd.example.com, /etc/postino/passwd.example.org
    public static final Param<List<String>> AUTH_PASSWD_FILE =
            T.list("auth_passwd_file", "$config_directory/passwd");

    /// These users of the machine may ask auth(8) too, beside the suite's own.
    ///
    /// Add the user of a foreign mail server that shall check passwords here.
    ///
    ///     auth_client_users = Debian-exim
    public static final Param<List<String>> AUTH_CLIENT_USERS = T.list("auth_client_users", "");

    /// auth(8) offers these of the mechanisms that its manual page names at its end.
    ///
    /// Leave out login unless you have clients of Microsoft's that know nothing else.
    ///
    ///     auth_mechanisms = plain
    public static final Param<List<String>> AUTH_MECHANISMS =
            T.list("auth_mechanisms", "plain login");

    /// This domain is put behind user names that have none before they are looked up;
    /// auth_default_realm, Dovecot's name, counts when it is not set.
    ///
    /// Set it if your users stand in the files with their domain and log in without.
    ///
    ///     auth_default_domain = example.com
    public static final Param<String> AUTH_DEFAULT_DOMAIN =
            T.text("auth_default_domain", "$auth_default_realm");

    /// postuser(1) hashes new passwords in this scheme, and a log-in of an unknown user costs as
    /// much as one hash of it.
    ///
    /// Use BLF-CRYPT or SHA512-CRYPT if other programs read the file and do not know Argon2.
    ///
    ///     auth_default_password_scheme = BLF-CRYPT
    public static final Param<String> AUTH_DEFAULT_PASSWORD_SCHEME =
            T.choice(
                    "auth_default_password_scheme",
                    "ARGON2ID",
                    List.of("ARGON2ID", "BLF-CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "PLAIN"));

    /// The answer to a wrong password waits for this long, and twice as long with each further
    /// failure from the same address, up to eight times.
    ///
    /// Lengthen it against guessing; 0s turns it off, in tests say.
    ///
    ///     auth_failure_delay = 5s
    public static final Param<Duration> AUTH_FAILURE_DELAY = T.time("auth_failure_delay", "2s");

    /// The log says why each password was refused: unknown user, wrong password, expired.
    ///
    /// Turn it on while users cannot log in.
    ///
    ///     auth_verbose = yes
    public static final Param<Boolean> AUTH_VERBOSE = T.bool("auth_verbose", false);

    /// auth(8) itself hashes this many passwords at a time; others wait for their turn.
    ///
    /// Raise it on a machine with many processors; each Argon2 hash takes memory as well.
    ///
    ///     auth_worker_limit = 4
    public static final Param<Long> AUTH_WORKER_LIMIT = T.number("auth_worker_limit", 2, 1, 64);

    /// The socket of auth-worker(8), relative to $queue_directory, is where passwords of the system
    /// are checked.
    ///
    /// Change it together with the row of master.cf.
    ///
    ///     auth_worker_socket_path = private/my-auth-worker
    public static final Param<String> AUTH_WORKER_SOCKET_PATH =
            T.text("auth_worker_socket_path", "private/auth-worker");

    /// auth-worker(8) checks this many passwords at a time, through PAM or against shadow hashes.
    ///
    /// Raise it if PAM asks a slow server.
    ///
    ///     auth_worker_max_count = 50
    public static final Param<Long> AUTH_WORKER_MAX_COUNT =
            T.number("auth_worker_max_count", 10, 1, 1000);

    /// auth-worker(8) may take this long for a password; the client is then told to try again
    /// later.
    ///
    /// Lengthen it if PAM waits for a telephone or a token.
    ///
    ///     auth_worker_timeout = 90s
    public static final Param<Duration> AUTH_WORKER_TIMEOUT = T.time("auth_worker_timeout", "30s");

    /// Checked passwords are remembered, as keyed digests, in this many bytes of memory; 0
    /// remembers none.
    ///
    /// Set 0 if every log-in must be checked anew, at the price of one hash each.
    ///
    ///     auth_cache_size = 0
    public static final Param<Long> AUTH_CACHE_SIZE =
            T.number("auth_cache_size", 1048576, 0, 1073741824);

    /// A right password is remembered for this long, so that the next log-in costs no hash.
    ///
    /// Shorten it if a password that was changed elsewhere must stop working soon; changes of local
    /// files are noticed at once.
    ///
    ///     auth_cache_ttl = 5m
    public static final Param<Duration> AUTH_CACHE_TTL = T.time("auth_cache_ttl", "1h");

    /// A wrong password is remembered for this long, so that a program that repeats it costs
    /// nothing.
    ///
    /// Shorten it if users' passwords are changed in a place that auth(8) cannot watch.
    ///
    ///     auth_cache_negative_ttl = 1m
    public static final Param<Duration> AUTH_CACHE_NEGATIVE_TTL =
            T.time("auth_cache_negative_ttl", "1h");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private AuthParams() {}
}
