// SPDX-License-Identifier: Apache-2.0

package org.postino.global.server;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The programs that a row of master.cf may name, and what master must know of each.
public final class Programs {
    private static final List<Program> ALL =
            List.of(
                    new Program("smtpd", "org.postino.smtpd.Smtpd", Kind.MANY, Weight.BUSY),
                    new Program("cleanup", "org.postino.cleanup.Cleanup", Kind.MANY, Weight.BUSY),
                    new Program("qmgr", "org.postino.qmgr.Qmgr", Kind.RESIDENT, Weight.BUSY),
                    new Program("pickup", "org.postino.pickup.Pickup", Kind.ONE, Weight.LIGHT),
                    new Program("local", "org.postino.local.Local", Kind.MANY, Weight.STEADY),
                    new Program("virtual", "org.postino.local.Virtual", Kind.MANY, Weight.STEADY),
                    new Program("smtp", "org.postino.smtpclient.Smtp", Kind.MANY, Weight.CALM),
                    new Program("lmtp", "org.postino.smtpclient.Lmtp", Kind.MANY, Weight.CALM),
                    new Program("bounce", "org.postino.bounce.Bounce", Kind.MANY, Weight.LIGHT),
                    new Program("error", "org.postino.bounce.Error", Kind.MANY, Weight.LIGHT),
                    new Program("discard", "org.postino.bounce.Discard", Kind.MANY, Weight.LIGHT),
                    new Program("imapd", "org.postino.imapd.Imapd", Kind.MANY, Weight.CALM),
                    new Program("pop3d", "org.postino.pop3d.Pop3d", Kind.MANY, Weight.LIGHT),
                    new Program("auth", "org.postino.auth.Auth", Kind.MANY, Weight.CALM));

    private Programs() {}

    /// How many processes of a row there may be, and for how long.
    public enum Kind {
        /// A successor may start while one drains.
        MANY,
        /// A successor starts when the one before has gone: they would get into each other's way.
        ONE,
        /// It runs from the suite's start to its end. A successor may start while one drains, and they keep out of each
        /// other's way: the old qmgr may have a slow delivery to end, and new mail cannot wait for that.
        RESIDENT
    }

    /// What the Java machine gets.
    public enum Weight {
        /// Little work: the quick compiler, late, and a small heap.
        LIGHT,
        /// Rarely much work, but then ciphers or hashes: the optimizing compiler, late.
        CALM,
        /// Much work of the same simple kind: the quick compiler, at once.
        STEADY,
        /// Much work of many kinds: the optimizing compiler, at once.
        BUSY
    }

    /// A program.
    ///
    /// @param word the command in master.cf
    public record Program(String word, String mainClass, Kind kind, Weight weight) {}

    /// The program of this name; empty if Postino has none.
    public static Optional<Program> find(String word) {
        return Optional.ofNullable(get(word));
    }

    /// The names of all programs.
    public static List<String> words() {
        return ALL.stream().map(Program::word).toList();
    }

    static boolean isResident(String word) {
        Program program = get(word);
        return program != null && program.kind() == Kind.RESIDENT;
    }

    private static @Nullable Program get(String word) {
        for (Program program : ALL) {
            if (program.word().equals(word)) {
                return program;
            }
        }
        return null;
    }
}
