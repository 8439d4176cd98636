// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.postino.util.ByteNames;

/// The system's users and groups, from whatever name service the system is set up with.
public final class Users {
    private static final int INITIAL = 2048;
    private static final int LIMIT = 1 << 20;
    private static final int PASSWD = 48;
    private static final int GROUP = 32;

    private Users() {}

    /// The account with this name; empty if there is none.
    ///
    /// @throws IOException the name service could not be asked: try again later
    public static Optional<SystemUser> byName(String name) throws IOException {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            return passwd(arena, name, Libc.Fn.GETPWNAM_R, Libc.string(arena, name).address());
        }
    }

    /// The account with this number; empty if there is none.
    ///
    /// @throws IOException the name service could not be asked: try again later
    public static Optional<SystemUser> byUid(int uid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return passwd(arena, "uid " + uid, Libc.Fn.GETPWUID_R, uid);
        }
    }

    /// The number of a group; empty if there is none of this name.
    ///
    /// @throws IOException the name service could not be asked: try again later
    public static OptionalInt gidOf(String group) throws IOException {
        if (group.isEmpty() || group.indexOf('\0') >= 0) {
            return OptionalInt.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(GROUP, 8);
            return lookup(
                            arena,
                            group,
                            Libc.Fn.GETGRNAM_R,
                            Libc.string(arena, group).address(),
                            entry)
                    ? OptionalInt.of(entry.get(ValueLayout.JAVA_INT, 16))
                    : OptionalInt.empty();
        }
    }

    /// All groups of a user, the primary one among them.
    public static List<Integer> groupsOf(SystemUser user) {
        try (Arena arena = Arena.ofConfined()) {
            int room = 64;
            while (true) {
                MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
                count.set(ValueLayout.JAVA_INT, 0, room);
                MemorySegment list = arena.allocate(ValueLayout.JAVA_INT, room);
                long got =
                        Libc.call(
                                Libc.Fn.GETGROUPLIST,
                                Libc.string(arena, user.name()).address(),
                                user.gid(),
                                list.address(),
                                count.address());
                int found = count.get(ValueLayout.JAVA_INT, 0);
                if (got >= 0) {
                    var groups = new ArrayList<Integer>();
                    for (int i = 0; i < found; i++) {
                        groups.add(list.getAtIndex(ValueLayout.JAVA_INT, i));
                    }
                    return groups;
                }
                if (room > 65_536) {
                    return List.of(user.gid());
                }
                room = Math.max(found, 2 * room);
            }
        }
    }

    /// The name of the account with this number, or the number in digits.
    public static String nameOf(int uid) {
        try {
            return byUid(uid).map(SystemUser::name).orElse(Integer.toString(uid));
        } catch (IOException e) {
            return Integer.toString(uid);
        }
    }

    private static Optional<SystemUser> passwd(Arena arena, String what, Libc.Fn function, long key)
            throws IOException {
        MemorySegment entry = arena.allocate(PASSWD, 8);
        if (!lookup(arena, what, function, key, entry)) {
            return Optional.empty();
        }
        // struct passwd: name, password, uid, gid, gecos, directory, shell
        return Optional.of(
                new SystemUser(
                        Libc.string(entry.get(ValueLayout.ADDRESS, 0)),
                        entry.get(ValueLayout.JAVA_INT, 16),
                        entry.get(ValueLayout.JAVA_INT, 20),
                        ByteNames.path(Libc.string(entry.get(ValueLayout.ADDRESS, 32))),
                        Libc.string(entry.get(ValueLayout.ADDRESS, 40))));
    }

    private static boolean lookup(
            Arena arena, String what, Libc.Fn function, long key, MemorySegment entry)
            throws IOException {
        for (int size = INITIAL; size <= LIMIT; size *= 4) {
            MemorySegment buffer = arena.allocate(size);
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            long error =
                    Libc.call(
                            function,
                            key,
                            entry.address(),
                            buffer.address(),
                            size,
                            result.address());
            if (error == 0 || error == Libc.ENOENT) {
                return result.get(ValueLayout.ADDRESS, 0).address() != 0;
            }
            if (error != Libc.ERANGE) {
                throw new IOException(what + ": " + Libc.text((int) Math.abs(error)));
            }
        }
        throw new IOException(what + ": entry too large");
    }
}
