// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.ParamTable;
import org.postino.server.ServerOptions;

/// The programs that a row of master.cf may name, and what master must know of each.
public final class Programs {
    private static final List<Program> ALL =
            List.of(
                    program("smtpd", "smtpd.Smtpd", Kind.MANY, Weight.BUSY, Role.SMTPD),
                    program("cleanup", "cleanup.Cleanup", Kind.MANY, Weight.BUSY, Role.SPOOL),
                    program("qmgr", "qmgr.Qmgr", Kind.RESIDENT, Weight.BUSY, Role.SPOOL),
                    program("pickup", "pickup.Pickup", Kind.ONE, Weight.LIGHT, Role.SPOOL),
                    program("local", "local.Local", Kind.MANY, Weight.STEADY, Role.LOCAL),
                    program("virtual", "local.Virtual", Kind.MANY, Weight.STEADY, Role.LOCAL),
                    program("smtp", "smtpclient.Smtp", Kind.MANY, Weight.CALM, Role.SMTP),
                    program("lmtp", "smtpclient.Lmtp", Kind.MANY, Weight.CALM, Role.SMTP),
                    program("bounce", "bounce.Bounce", Kind.MANY, Weight.LIGHT, Role.SPOOL),
                    program("error", "bounce.Error", Kind.MANY, Weight.LIGHT, Role.SPOOL),
                    program("discard", "bounce.Discard", Kind.MANY, Weight.LIGHT, Role.SPOOL),
                    program("imapd", "imapd.Imapd", Kind.MANY, Weight.CALM, Role.IMAPD),
                    program("pop3d", "pop3d.Pop3d", Kind.MANY, Weight.LIGHT, Role.POP3D),
                    program("auth", "auth.Auth", Kind.MANY, Weight.CALM, Role.AUTH),
                    program(
                            "auth-worker",
                            "auth.AuthWorker",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.WORKER));

    private Programs() {}

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

    /// The memory and threads that the Java machine gets.
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

    /// As whom a program runs when root starts the suite; see ADR 6.
    public enum Role {
        /// Works on the queue; faces neither the network nor users' files.
        SPOOL("", Reach.OWN),
        SMTPD("-smtpd", Reach.OWN),
        /// Delivers over the network, out of queue files that are not its own.
        SMTP("-smtp", Reach.ACTIVE_QUEUE),
        /// Acts as the user who has logged in.
        IMAPD("-imapd", Reach.USERS),
        POP3D("-pop3d", Reach.USERS),
        /// Acts as the recipient, out of queue files that are not its own.
        LOCAL("-local", Reach.USERS_AND_ACTIVE_QUEUE),
        /// Decides about passwords.
        AUTH("-auth", Reach.OWN),
        /// Asks what only root may ask: shadow hashes and PAM.
        WORKER("", Reach.OWN);

        private final String suffix;
        private final Reach reach;

        Role(String suffix, Reach reach) {
            this.suffix = suffix;
            this.reach = reach;
        }

        /// The ending that makes the name of this role's account of `mail_owner`.
        public String suffix() {
            return suffix;
        }

        /// True if it is root, without root's capabilities.
        public boolean isRoot() {
            return this == WORKER;
        }

        /// True if it is a member of the spool's group, which may open files of the active queue.
        public boolean usesActiveQueue() {
            return reach == Reach.ACTIVE_QUEUE || reach == Reach.USERS_AND_ACTIVE_QUEUE;
        }

        /// True if its threads take on the ids of other users.
        public boolean actsAsUsers() {
            return reach == Reach.USERS || reach == Reach.USERS_AND_ACTIVE_QUEUE;
        }
    }

    /// The reach of a role beyond its own files.
    private enum Reach {
        OWN,
        ACTIVE_QUEUE,
        USERS,
        USERS_AND_ACTIVE_QUEUE
    }

    /// A program.
    ///
    /// @param word the command in master.cf
    public record Program(String word, String mainClass, Kind kind, Weight weight, Role role) {
        /// True if somebody sits before a screen and waits for it: its successor is ready before it leaves.
        public boolean isAwaited() {
            return switch (role) {
                case SMTPD, IMAPD, POP3D, AUTH -> true;
                case SPOOL, SMTP, LOCAL, WORKER -> false;
            };
        }
    }

    private static Program program(String word, String type, Kind kind, Weight weight, Role role) {
        return new Program(word, "org.postino." + type, kind, weight, role);
    }

    /// The program of this name; empty if Postino has none.
    public static Optional<Program> find(String word) {
        return Optional.ofNullable(get(word));
    }

    /// The names of all programs.
    public static List<String> words() {
        return ALL.stream().map(Program::word).toList();
    }

    /// Gives the facts that the skeleton of a program must know.
    ///
    /// @param word the command in master.cf
    /// @param tables the parameters the program reads, beside the main ones
    public static ServerOptions options(String word, ParamTable... tables) {
        return new ServerOptions(
                word,
                List.of(tables),
                new AllParams.Others(),
                isResident(word),
                Peers.of(word).isEmpty());
    }

    private static boolean isResident(String word) {
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
