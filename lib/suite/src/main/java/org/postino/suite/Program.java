// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.ParamTable;

/// A program that a row of master.cf may name, and all that the suite knows of it; [Programs] has the rows.
///
/// Its manual page is `WORD.8`, beside the sources of its main class.
///
/// @param word the command in master.cf
/// @param mainClass with its package
/// @param askers the roles whose programs may connect to its Unix socket, beside root, who always may; null: every user of
///     the system, and the program looks at who it is
/// @param policy what its sandbox lets it touch
/// @param parameters what it reads of main.cf, beside [ParamSet#MAIN]
public record Program(
        String word,
        String mainClass,
        Kind kind,
        Weight weight,
        Role role,
        @Nullable Set<Role> askers,
        SandboxPolicy policy,
        List<ParamSet> parameters) {

    /// The life of a row's processes: how many there may be, and for how long.
    public enum Kind {
        /// A successor may start while one drains.
        MANY,
        /// A successor starts when the one before has gone: they would get into each other's way.
        ONE,
        /// It runs from the suite's start to its end. A successor may start while one drains, and they keep out of each
        /// other's way: the old qmgr may have a slow delivery to end, and new mail cannot wait for that.
        RESIDENT
    }

    /// The size of the Java machine; [Jvm] has the figures.
    public enum Weight {
        /// Little work: the quick compiler, late, and a small heap.
        LIGHT,
        /// Rarely much work, but then ciphers or hashes: the optimizing compiler, late.
        CALM,
        /// Much work of the same simple kind: the quick compiler, at once.
        STEADY,
        /// Much work of many kinds: the optimizing compiler, at once.
        BUSY,
        /// As busy, with much data that is soon forgotten: room for it, or it is taken for data that stays.
        READING
    }

    /// Copies the sets.
    public Program {
        askers = askers == null ? null : Collections.unmodifiableSet(EnumSet.copyOf(askers));
        parameters = List.copyOf(parameters);
    }

    /// True if every user of the system may connect to its Unix socket.
    public boolean isOpen() {
        return askers == null;
    }

    /// True if somebody sits before a screen and waits for it: its successor is ready before it leaves.
    public boolean isAwaited() {
        return switch (role) {
            case SMTPD, IMAPD, POP3D, AUTH -> true;
            case SPOOL, SMTP, LOCAL, INDEXER, WORKER -> false;
        };
    }

    /// The declarations of its parameters.
    public List<ParamTable> tables() {
        var tables = new ArrayList<ParamTable>();
        for (ParamSet set : parameters) {
            tables.add(set.table());
        }
        return tables;
    }
}
