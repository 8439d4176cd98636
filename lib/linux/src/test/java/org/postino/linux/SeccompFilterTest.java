// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the filter answers on each machine, found out by running it here as the kernel would.
class SeccompFilterTest {
    private static final int ALLOW = 0x7fff_0000;
    private static final int KILL = 0x8000_0000;
    private static final int ERRNO = 0x0005_0000;
    private static final int EPERM = ERRNO | 1;
    private static final int ENOSYS = ERRNO | 38;
    private static final int EAFNOSUPPORT = ERRNO | 97;

    private static final int CLOEXEC = 02000000;

    /// As for smtpd: no ids, no attributes, no listening.
    private static final Seccomp NETWORK =
            new Seccomp(Seccomp.Sockets.TCP_AND_UDP, false, false, false, Seccomp.Ids.NONE);

    /// As for local: ids of users, not of the system.
    private static final Seccomp USERS =
            new Seccomp(
                    Seccomp.Sockets.UNIX,
                    false,
                    true,
                    true,
                    new Seccomp.Ids(
                            new Seccomp.Range(Set.of(106), 1000, Set.of(65534)),
                            new Seccomp.Range(Set.of(107), 1000, Set.of()),
                            true));

    private static int answer(Seccomp filter, Machine machine, SystemCall call, long... arguments) {
        return run(filter, machine, machine.audit(), call.number(machine), arguments);
    }

    /// Runs the filter over the data of a system call.
    private static int run(Seccomp filter, Machine machine, int audit, int number, long... args) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(64, 8);
            data.set(ValueLayout.JAVA_INT, 0, number);
            data.set(ValueLayout.JAVA_INT, 4, audit);
            for (int i = 0; i < args.length; i++) {
                data.set(ValueLayout.JAVA_LONG, 16 + 8L * i, args[i]);
            }
            MemorySegment program = filter.program(machine).write(arena);
            int length = Short.toUnsignedInt(program.get(ValueLayout.JAVA_SHORT, 0));
            return run(program.get(ValueLayout.ADDRESS, 8).reinterpret(8L * length), data);
        }
    }

    private static int run(MemorySegment code, MemorySegment data) {
        int register = 0;
        for (int i = 0; ; i++) {
            long at = 8L * i;
            int value = code.get(ValueLayout.JAVA_INT, at + 4);
            int ifTrue = Byte.toUnsignedInt(code.get(ValueLayout.JAVA_BYTE, at + 2));
            int ifFalse = Byte.toUnsignedInt(code.get(ValueLayout.JAVA_BYTE, at + 3));
            switch (code.get(ValueLayout.JAVA_SHORT, at)) {
                case 0x20 -> register = data.get(ValueLayout.JAVA_INT, value);
                case 0x54 -> register &= value;
                case 0x05 -> i += value;
                case 0x15 -> i += register == value ? ifTrue : ifFalse;
                case 0x35 -> i += Integer.compareUnsigned(register, value) >= 0 ? ifTrue : ifFalse;
                case 0x45 -> i += (register & value) != 0 ? ifTrue : ifFalse;
                case 0x06 -> {
                    return value;
                }
                default -> throw new AssertionError("no such instruction at " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void callsOfAnotherMachineEndTheProcess(Machine machine) {
        for (Machine other : Machine.values()) {
            int expected = other == machine ? ALLOW : KILL;
            assertEquals(expected, run(NETWORK, machine, other.audit(), 63), other.name());
        }
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void networkDaemonsGetWhatTheyNeedAndNoMore(Machine machine) {
        for (SystemCall call : SystemCall.NOBODYS) {
            if (call.number(machine) >= 0) {
                assertEquals(EPERM, answer(NETWORK, machine, call), call.name());
            }
        }
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.FCHMODAT));
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.KILL));
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.SETRESUID));
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.LISTEN));
        assertEquals(ENOSYS, answer(NETWORK, machine, SystemCall.CLONE3));
        assertEquals(ALLOW, answer(NETWORK, machine, SystemCall.CLONE, 0x3d0f00));
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.CLONE, 0x1000_0011));
        assertEquals(ALLOW, answer(NETWORK, machine, SystemCall.SOCKET, 2, 1 | CLOEXEC, 6));
        assertEquals(ALLOW, answer(NETWORK, machine, SystemCall.SOCKET, 10, 2, 0));
        assertEquals(EAFNOSUPPORT, answer(NETWORK, machine, SystemCall.SOCKET, 2, 3, 255));
        assertEquals(ALLOW, answer(NETWORK, machine, SystemCall.IOCTL, 0, 0x541b));
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.IOCTL, 0, 0x5412));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void idsOfUsersAreTheOnlyOnesToTakeOn(Machine machine) {
        for (long id : new long[] {106, 1000, 1L << 32 | 1000, 0xffff_ffffL, -1, 0, 999, 65534}) {
            boolean good = id == 106 || id == 1000 || (int) id == -1;
            int expected = good ? ALLOW : EPERM;
            assertEquals(expected, answer(USERS, machine, SystemCall.SETFSUID, id), "id " + id);
            assertEquals(
                    expected, answer(USERS, machine, SystemCall.SETRESUID, 106, 106, id), "" + id);
        }
        assertEquals(ALLOW, answer(USERS, machine, SystemCall.SETGROUPS, 0));
        assertEquals(EPERM, answer(USERS, machine, SystemCall.SETGROUPS, 1));
        assertEquals(ALLOW, answer(USERS, machine, SystemCall.KILL));
        assertEquals(ALLOW, answer(USERS, machine, SystemCall.FCHMODAT));
        assertEquals(EAFNOSUPPORT, answer(USERS, machine, SystemCall.SOCKET, 2, 1, 0));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void ownIdsMayBeTakenOnOnceMore(Machine machine) {
        var root = new Seccomp(Seccomp.Sockets.NONE, false, false, false, Seccomp.Ids.own(0));
        assertEquals(ALLOW, answer(root, machine, SystemCall.SETUID, 0));
        assertEquals(ALLOW, answer(root, machine, SystemCall.SETFSUID, 0));
        for (long other : new long[] {1, 1000, -2}) {
            assertEquals(EPERM, answer(root, machine, SystemCall.SETUID, other));
            assertEquals(EPERM, answer(root, machine, SystemCall.SETFSUID, other));
            assertEquals(EPERM, answer(root, machine, SystemCall.SETFSGID, other));
        }
        assertEquals(EPERM, answer(root, machine, SystemCall.SETGID, 0));
        assertEquals(EPERM, answer(root, machine, SystemCall.SETRESUID, 0, 0, 0));
        assertEquals(EPERM, answer(root, machine, SystemCall.CAPSET));
        assertEquals(EPERM, answer(NETWORK, machine, SystemCall.SETUID, 0));
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void numbersThatNobodyKnowsDoNotExist(Machine machine) {
        assertEquals(ENOSYS, run(NETWORK, machine, machine.audit(), 470));
        int x32 = 0x4000_0000 | SystemCall.SETRESUID.number(Machine.X86_64);
        int refused = machine == Machine.X86_64 ? EPERM : ENOSYS;
        assertEquals(refused, run(NETWORK, machine, machine.audit(), x32));
    }
}
