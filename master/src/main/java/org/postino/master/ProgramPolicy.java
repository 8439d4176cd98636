// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a program may touch beside what every one of them must: the table of ARCHITECTURE.md, "Confinement".
///
/// @param owned directories of the queue in which it makes, changes and removes files
/// @param changed directories and files of the queue in which it reads and changes what is there
/// @param read directories of the queue that it reads
/// @param parameters beginnings of the parameters whose tables and files it reads; all: an empty one
/// @param means the rest
record ProgramPolicy(
        List<String> owned,
        List<String> changed,
        List<String> read,
        List<String> parameters,
        Set<Means> means) {

    /// What some programs need and others do not.
    enum Means {
        /// Files in `/etc`, as far as their modes let anybody read them, and the name services of the system.
        SYSTEM_FILES,
        /// Users' mail, wherever it may stand.
        MAIL,
        /// To run commands for users, which need about what a user's shell needs.
        COMMANDS,
        /// To ask name servers.
        NAME_SERVERS,
        /// To connect to TCP ports of others.
        NETWORK,
        /// To check passwords with the system's means.
        PASSWORDS,
        /// Many clients at a time.
        MANY_FILES
    }

    private static final List<String> NONE = List.of();
    private static final List<String> ALL = List.of("");
    private static final List<String> ACTIVE = List.of("active");

    /// smtp and lmtp, which are one program.
    private static final ProgramPolicy CLIENT =
            policy(
                    NONE,
                    ACTIVE,
                    NONE,
                    ALL,
                    Means.SYSTEM_FILES,
                    Means.NAME_SERVERS,
                    Means.NETWORK,
                    Means.MANY_FILES);

    private static final Map<String, ProgramPolicy> TABLE =
            Map.ofEntries(
                    row(
                            "smtpd",
                            NONE,
                            NONE,
                            NONE,
                            ALL,
                            Means.SYSTEM_FILES,
                            Means.NAME_SERVERS,
                            Means.MANY_FILES),
                    row(
                            "cleanup",
                            List.of("incoming", "hold"),
                            NONE,
                            NONE,
                            ALL,
                            Means.SYSTEM_FILES,
                            Means.MANY_FILES),
                    row(
                            "qmgr",
                            List.of(
                                    "incoming",
                                    "active",
                                    "deferred",
                                    "hold",
                                    "corrupt",
                                    "defer",
                                    "bounce",
                                    "trace",
                                    "flush",
                                    "saved"),
                            List.of("pid/qmgr.lock"),
                            List.of("maildrop"),
                            ALL,
                            Means.SYSTEM_FILES,
                            Means.MANY_FILES),
                    row(
                            "pickup",
                            List.of("maildrop", "corrupt"),
                            NONE,
                            NONE,
                            ALL,
                            Means.SYSTEM_FILES),
                    row(
                            "bounce",
                            NONE,
                            NONE,
                            List.of("active", "bounce", "defer", "trace"),
                            ALL,
                            Means.SYSTEM_FILES),
                    row("error", NONE, ACTIVE, NONE, NONE),
                    row("discard", NONE, ACTIVE, NONE, NONE),
                    Map.entry("smtp", CLIENT),
                    Map.entry("lmtp", CLIENT),
                    row(
                            "local",
                            List.of("maildrop"),
                            ACTIVE,
                            NONE,
                            ALL,
                            Means.SYSTEM_FILES,
                            Means.MAIL,
                            Means.COMMANDS),
                    row("virtual", NONE, ACTIVE, NONE, List.of("virtual_"), Means.MAIL),
                    row(
                            "imapd",
                            NONE,
                            NONE,
                            NONE,
                            List.of("imapd_", "smtpd_tls_", "tls_"),
                            Means.MAIL,
                            Means.MANY_FILES),
                    row(
                            "pop3d",
                            NONE,
                            NONE,
                            NONE,
                            List.of("pop3d_", "smtpd_tls_", "tls_"),
                            Means.MAIL,
                            Means.MANY_FILES),
                    row("auth", NONE, NONE, NONE, List.of("auth_"), Means.SYSTEM_FILES),
                    row(
                            "auth-worker",
                            NONE,
                            NONE,
                            NONE,
                            List.of("auth_"),
                            Means.SYSTEM_FILES,
                            Means.PASSWORDS));

    ProgramPolicy {
        owned = List.copyOf(owned);
        changed = List.copyOf(changed);
        read = List.copyOf(read);
        parameters = List.copyOf(parameters);
        means = Set.copyOf(means);
    }

    private static Map.Entry<String, ProgramPolicy> row(
            String program,
            List<String> owned,
            List<String> changed,
            List<String> read,
            List<String> parameters,
            Means... means) {
        return Map.entry(program, policy(owned, changed, read, parameters, means));
    }

    private static ProgramPolicy policy(
            List<String> owned,
            List<String> changed,
            List<String> read,
            List<String> parameters,
            Means... means) {
        return new ProgramPolicy(owned, changed, read, parameters, Set.of(means));
    }

    /// The policy of a program; one that is not in the table may nothing.
    static ProgramPolicy of(String program) {
        return TABLE.getOrDefault(program, new ProgramPolicy(NONE, NONE, NONE, NONE, Set.of()));
    }

    boolean has(Means one) {
        return means.contains(one);
    }

    /// Whether it has files of its own, whose modes and times it may change.
    boolean ownsFiles() {
        return !owned.isEmpty() || has(Means.MAIL);
    }

    /// Whether it reads what this parameter names.
    boolean reads(String parameter) {
        return parameters.stream().anyMatch(parameter::startsWith);
    }
}
