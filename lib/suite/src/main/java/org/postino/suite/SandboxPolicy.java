// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import java.util.Set;

/// The things that a program may touch beside those that every one must: a row of the table in ARCHITECTURE.md, "Confinement".
///
/// @param owned directories of the queue in which it makes, changes and removes files
/// @param changed directories and files of the queue in which it reads and changes what is there
/// @param read directories of the queue that it reads
/// @param parameters beginnings of the parameters whose tables and files it reads; all: an empty one
/// @param means the rest
public record SandboxPolicy(
        List<String> owned,
        List<String> changed,
        List<String> read,
        List<String> parameters,
        Set<Means> means) {

    /// The means that some programs need and others do not.
    public enum Means {
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
        /// To keep the [VerifyFile].
        CACHE,
        /// To keep what it remembers in a directory of its name in `data_directory`.
        OWN_DATA,
        /// Many clients at a time.
        MANY_FILES
    }

    private static final List<String> NONE = List.of();

    /// Copies the lists.
    public SandboxPolicy {
        owned = List.copyOf(owned);
        changed = List.copyOf(changed);
        read = List.copyOf(read);
        parameters = List.copyOf(parameters);
        means = Set.copyOf(means);
    }

    /// A program with these means that touches no queue and reads no tables.
    static SandboxPolicy of(Means... means) {
        return new SandboxPolicy(NONE, NONE, NONE, NONE, Set.of(means));
    }

    SandboxPolicy owning(String... directories) {
        return new SandboxPolicy(List.of(directories), changed, read, parameters, means);
    }

    SandboxPolicy changing(String... places) {
        return new SandboxPolicy(owned, List.of(places), read, parameters, means);
    }

    SandboxPolicy reading(String... directories) {
        return new SandboxPolicy(owned, changed, List.of(directories), parameters, means);
    }

    /// With the tables and files that parameters name which begin so.
    SandboxPolicy withTablesOf(String... beginnings) {
        return new SandboxPolicy(owned, changed, read, List.of(beginnings), means);
    }

    /// With the tables and files that parameters of any name have.
    SandboxPolicy withAllTables() {
        return withTablesOf("");
    }

    /// True if these means are among its own.
    public boolean has(Means one) {
        return means.contains(one);
    }

    /// True if it has files of its own, whose modes and times it may change.
    public boolean ownsFiles() {
        return !owned.isEmpty() || has(Means.MAIL) || has(Means.OWN_DATA);
    }

    /// True if it reads what this parameter names.
    public boolean reads(String parameter) {
        return parameters.stream().anyMatch(parameter::startsWith);
    }
}
