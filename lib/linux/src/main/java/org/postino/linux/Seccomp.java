// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The system calls that a process and all that it starts may make, enforced by the kernel (seccomp): never those with which
/// one reaches into other processes, the machine or little-used parts of the kernel; the others as told.
///
/// What is refused fails with EPERM, new sockets with EAFNOSUPPORT; calls of another machine's set end the process.
///
/// @param sockets of which kinds it may make new ones
/// @param listens whether it may make a socket listen; listening on what it inherited needs no call
/// @param runsCommands whether it may do what commands of users may want: signals, System V memory, scheduling
/// @param changesAttributes whether it may change owners, modes and times of files
/// @param ids which ids its threads may take on
public record Seccomp(
        Sockets sockets,
        boolean listens,
        boolean runsCommands,
        boolean changesAttributes,
        Ids ids) {
    private static final int SET_MODE_FILTER = 1;
    private static final int GET_ACTION_AVAIL = 2;

    private static final int ALLOW = 0x7fff_0000;
    private static final int KILL_PROCESS = 0x8000_0000;
    private static final int ERRNO = 0x0005_0000;
    private static final int REFUSE = ERRNO | Libc.EPERM;
    private static final int UNKNOWN = ERRNO | Libc.ENOSYS;

    /// Calls that are newer than this program do not exist for it.
    private static final int FIRST_UNKNOWN = 470;

    private static final int CLONE_NEW_ANYTHING =
            0x0002_0000
                    | 0x0200_0000
                    | 0x0400_0000
                    | 0x0800_0000
                    | 0x1000_0000
                    | 0x2000_0000
                    | 0x4000_0000;
    private static final int ASK_PERSONALITY = -1;
    private static final int TIOCSTI = 0x5412;
    private static final int TIOCLINUX = 0x541c;
    private static final int MSG_FASTOPEN = 0x2000_0000;

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int NETLINK_AUDIT = 9;
    private static final int SOCK_TYPE = 0xf;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private static final BpfProgram REFUSED = new BpfProgram().end(REFUSE);

    /// For sockets: programs go on without the kind, as PAM does without the kernel's audit; EPERM would be an alarm.
    private static final BpfProgram UNSUPPORTED = new BpfProgram().end(ERRNO | Libc.EAFNOSUPPORT);

    private static final BpfProgram ALLOWED = new BpfProgram().end(ALLOW);

    /// The answer of a kernel without audit: PAM goes on with it, and refuses everybody otherwise.
    private static final BpfProgram NO_AUDIT = new BpfProgram().end(ERRNO | Libc.EPROTONOSUPPORT);

    /// Kinds of new sockets.
    public enum Sockets {
        /// None: for root without capabilities, whom the sockets of powerful daemons take for root.
        NONE,
        /// Unix sockets, and asking the kernel for the machine's addresses.
        UNIX,
        /// TCP too.
        TCP,
        /// UDP too, for questions to name servers.
        TCP_AND_UDP
    }

    /// The ids that may be taken on.
    ///
    /// @param whole all ids of a thread; otherwise only those that count for files, and one's own
    public record Ids(Range users, Range groups, boolean whole) {
        private static final Range EMPTY = new Range(Set.of(), 0, Set.of());

        /// No id at all.
        public static final Ids NONE = new Ids(EMPTY, EMPTY, false);

        /// The one that the process has anyway: some programs say so before they start others.
        public static Ids own(int uid) {
            var nobodyElse = new Range(Set.of(), -1, Set.of());
            return new Ids(new Range(Set.of(uid), -1, Set.of()), nobodyElse, false);
        }

        /// Any, as far as the process has the right to.
        public static final Ids ANY = new Ids(EMPTY, EMPTY, true);
    }

    /// A set of ids: `own`, and those from `least` up, taken without a sign, that are not refused; 0 only as an own one.
    public record Range(Set<Integer> own, int least, Set<Integer> refused) {
        public Range {
            own = Set.copyOf(own);
            refused = Set.copyOf(refused);
        }
    }

    /// True if this kernel can filter system calls.
    public static boolean isAvailable() {
        if (Boolean.getBoolean("postino.without.seccomp")) {
            return false; // for tests of what holds without
        }
        try (Arena arena = Arena.ofConfined()) {
            var action = arena.allocate(4, 4);
            action.set(ValueLayout.JAVA_INT, 0, ERRNO);
            return Libc.syscall(SystemCall.SECCOMP, GET_ACTION_AVAIL, 0, action.address()) == 0;
        }
    }

    /// Puts the calling thread and what it starts from now on under the filter, for good; it must have given up new privileges.
    void enter() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long program = program(Machine.OURS).write(arena).address();
            long result = Libc.syscall(SystemCall.SECCOMP, SET_MODE_FILTER, 0, program);
            if (result < 0) {
                throw new IOException("seccomp: " + Libc.text((int) -result));
            }
        }
    }

    /// The filter as a machine of this kind wants it.
    BpfProgram program(Machine machine) {
        var program = new BpfProgram();
        var calls = new Calls(machine, program);
        program.load(BpfProgram.ARCHITECTURE);
        program.unlessOneOf(List.of(machine.audit()), new BpfProgram().end(KILL_PROCESS));
        program.load(BpfProgram.NUMBER);
        program.ifNotBelow(machine.foreignNumbers(), REFUSED);
        program.ifNotBelow(FIRST_UNKNOWN, new BpfProgram().end(UNKNOWN));
        calls.refuse(SystemCall.NOBODYS);
        // The C library then uses clone, whose flags can be seen.
        calls.on(SystemCall.CLONE3, new BpfProgram().end(UNKNOWN));
        calls.on(SystemCall.CLONE, argument(0).ifAnyBit(CLONE_NEW_ANYTHING, REFUSED));
        calls.on(SystemCall.PERSONALITY, unless(0, List.of(0, ASK_PERSONALITY)));
        calls.on(
                SystemCall.IOCTL,
                argument(1).ifEqual(TIOCSTI, REFUSED).ifEqual(TIOCLINUX, REFUSED));
        sockets(calls);
        if (!runsCommands) {
            calls.refuse(SystemCall.COMMANDS);
            calls.on(SystemCall.PRLIMIT64, unless(0, List.of(0)));
        }
        if (!changesAttributes) {
            calls.refuse(SystemCall.ATTRIBUTES);
        }
        ids(calls);
        return program.then(ALLOWED);
    }

    private void sockets(Calls calls) {
        calls.on(SystemCall.SOCKET, newSocket());
        if (!listens) {
            calls.refuse(Set.of(SystemCall.LISTEN));
        }
        // It connects, and Landlock does not see it.
        calls.on(SystemCall.SENDTO, argument(3).ifAnyBit(MSG_FASTOPEN, REFUSED));
        calls.on(SystemCall.SENDMSG, argument(2).ifAnyBit(MSG_FASTOPEN, REFUSED));
        calls.on(SystemCall.SENDMMSG, argument(3).ifAnyBit(MSG_FASTOPEN, REFUSED));
    }

    private BpfProgram newSocket() {
        if (sockets == Sockets.NONE) {
            return UNSUPPORTED;
        }
        var inet = new BpfProgram().load(BpfProgram.low(1)).and(SOCK_TYPE);
        if (sockets.compareTo(Sockets.UNIX) > 0) {
            inet.ifEqual(SOCK_STREAM, protocol(List.of(0, TCP)).then(ALLOWED));
        }
        if (sockets == Sockets.TCP_AND_UDP) {
            inet.ifEqual(SOCK_DGRAM, protocol(List.of(0, UDP)).then(ALLOWED));
        }
        inet.then(UNSUPPORTED);
        return argument(0)
                .ifEqual(AF_UNIX, ALLOWED)
                .ifEqual(
                        AF_NETLINK,
                        argument(2)
                                .ifEqual(NETLINK_AUDIT, NO_AUDIT)
                                .then(protocol(List.of(0)))
                                .then(ALLOWED))
                .ifEqual(AF_INET, inet)
                .ifEqual(AF_INET6, inet)
                .then(UNSUPPORTED);
    }

    private static BpfProgram protocol(List<Integer> allowed) {
        return argument(2).unlessOneOf(allowed, UNSUPPORTED);
    }

    private void ids(Calls calls) {
        if (ids.equals(Ids.NONE)) {
            calls.refuse(SystemCall.IDS);
        } else if (!ids.equals(Ids.ANY)) {
            chosenIds(calls);
        }
    }

    private void chosenIds(Calls calls) {
        calls.on(SystemCall.SETGROUPS, unless(0, List.of(0)));
        calls.on(SystemCall.SETFSUID, all(ids.users(), 1));
        calls.on(SystemCall.SETFSGID, all(ids.groups(), 1));
        if (!ids.whole()) {
            calls.on(SystemCall.SETUID, unless(0, List.copyOf(ids.users().own())));
            var other = EnumSet.range(SystemCall.SETGID, SystemCall.SETRESGID);
            calls.refuse(other);
            calls.refuse(Set.of(SystemCall.CAPSET));
            return;
        }
        calls.on(SystemCall.SETUID, all(ids.users(), 1));
        calls.on(SystemCall.SETGID, all(ids.groups(), 1));
        calls.on(SystemCall.SETREUID, all(ids.users(), 2));
        calls.on(SystemCall.SETREGID, all(ids.groups(), 2));
        calls.on(SystemCall.SETRESUID, all(ids.users(), 3));
        calls.on(SystemCall.SETRESGID, all(ids.groups(), 3));
    }

    /// Refuses if any of the first arguments is an id outside the range.
    private static BpfProgram all(Range range, int arguments) {
        var all = new BpfProgram();
        for (int i = 0; i < arguments; i++) {
            var high = new BpfProgram().load(BpfProgram.high(i));
            all.then(high.unlessOneOf(List.of(0, -1), REFUSED)).then(one(range, i));
        }
        return all.then(ALLOWED);
    }

    private static BpfProgram one(Range range, int argument) {
        var foreign = new BpfProgram().ifEqual(0, REFUSED).ifBelow(range.least(), REFUSED);
        for (int id : range.refused()) {
            foreign.ifEqual(id, REFUSED);
        }
        // -1 asks, or leaves as it is.
        var good = new ArrayList<>(List.of(-1));
        good.addAll(range.own());
        return argument(argument).unlessOneOf(good, foreign);
    }

    private static BpfProgram argument(int index) {
        return new BpfProgram().load(BpfProgram.low(index));
    }

    /// Refuses unless the lower half of an argument is one of these.
    private static BpfProgram unless(int index, List<Integer> values) {
        return argument(index).unlessOneOf(values, REFUSED);
    }

    /// Collects blocks for single calls, under their numbers on a machine.
    private record Calls(Machine machine, BpfProgram program) {
        void refuse(Set<SystemCall> calls) {
            calls.forEach(call -> on(call, REFUSED));
        }

        /// A block for one call; whatever goes through it without an end is allowed.
        void on(SystemCall call, BpfProgram block) {
            int number = call.number(machine);
            if (number >= 0) {
                var whole = new BpfProgram().then(block);
                program.ifEqual(number, block == REFUSED ? block : whole.then(ALLOWED));
            }
        }
    }
}
