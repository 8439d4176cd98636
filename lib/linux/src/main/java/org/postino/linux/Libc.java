// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.postino.util.ByteNames;

/// The C library, called through one method handle.
///
/// Every function used here takes integers and pointers alone, so one shape (seven longs, result long) fits all of
/// them under the calling conventions of Linux on x86-64 and aarch64; one shape is linked once, which is most of the
/// cost of a first native call.
final class Libc {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ERANGE = 34;
    static final int ENOSYS = 38;
    static final int EPROTONOSUPPORT = 93;
    static final int EAFNOSUPPORT = 97;
    static final int ECONNREFUSED = 111;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final int ARGUMENTS = 7;
    private static final MethodHandle CALL = link();

    private Libc() {}

    /// A function of the C library.
    enum Fn {
        SYSCALL("syscall", false),
        SOCKET("socket", true),
        SOCKETPAIR("socketpair", true),
        SETSOCKOPT("setsockopt", true),
        GETSOCKNAME("getsockname", true),
        BIND("bind", true),
        CONNECT("connect", true),
        SENDTO("sendto", false),
        LISTEN("listen", true),
        SHUTDOWN("shutdown", true),
        ACCEPT4("accept4", true),
        SIGNAL("signal", false),
        PIPE2("pipe2", true),
        OPEN("open", true),
        CLOSE("close", true),
        READ("read", false),
        WRITE("write", false),
        DUP2("dup2", true),
        FCNTL("fcntl", true),
        FLOCK("flock", true),
        POLL("poll", true),
        EXECV("execv", true),
        KILL("kill", true),
        WAITPID("waitpid", true),
        WAITID("waitid", true),
        SETSID("setsid", true),
        PRCTL("prctl", true),
        STRERROR("strerror", false),
        GETPWNAM_R("getpwnam_r", true),
        GETPWUID_R("getpwuid_r", true),
        GETGRNAM_R("getgrnam_r", true),
        GETGROUPLIST("getgrouplist", true),
        GETSPNAM_R("getspnam_r", true),
        OPENLOG("openlog", false),
        MALLOC("malloc", false),
        FREE("free", false),
        SPAWN("posix_spawn", true),
        SPAWN_ACTIONS_INIT("posix_spawn_file_actions_init", true),
        SPAWN_ACTIONS_DESTROY("posix_spawn_file_actions_destroy", true),
        SPAWN_ADD_DUP2("posix_spawn_file_actions_adddup2", true),
        SPAWN_ADD_CLOSE_FROM("posix_spawn_file_actions_addclosefrom_np", true),
        SPAWN_ADD_CHDIR("posix_spawn_file_actions_addchdir_np", true),
        SPAWN_ATTRIBUTES_INIT("posix_spawnattr_init", true),
        SPAWN_SET_FLAGS("posix_spawnattr_setflags", true),
        SPAWN_SET_MASK("posix_spawnattr_setsigmask", true),
        SPAWN_SET_DEFAULT("posix_spawnattr_setsigdefault", true);

        @SuppressWarnings("ImmutableEnumChecker") // a function's address never changes
        private final MemorySegment address;

        private final boolean intResult;

        Fn(String name, boolean intResult) {
            this.address = LINKER.defaultLookup().findOrThrow(name);
            this.intResult = intResult;
        }
    }

    /// Calls a function; a result of -1 comes back as the negative errno.
    static long call(Fn function, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ValueLayout.JAVA_INT);
            long result =
                    (long)
                            CALL.invokeExact(
                                    function.address,
                                    errno,
                                    at(arguments, 0),
                                    at(arguments, 1),
                                    at(arguments, 2),
                                    at(arguments, 3),
                                    at(arguments, 4),
                                    at(arguments, 5),
                                    at(arguments, 6));
            long signed = function.intResult ? (int) result : result;
            return signed == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : signed;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Calls a function of another library; the result is as the function left it.
    static long callAt(MemorySegment function, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ValueLayout.JAVA_INT);
            return (long)
                    CALL.invokeExact(
                            function,
                            errno,
                            at(arguments, 0),
                            at(arguments, 1),
                            at(arguments, 2),
                            at(arguments, 3),
                            at(arguments, 4),
                            at(arguments, 5),
                            at(arguments, 6));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Calls a function that fails by returning -1, and turns that into an exception that names `what`.
    static int check(String what, Fn function, long... arguments) throws IOException {
        long result = call(function, arguments);
        if (result < 0) {
            throw new IOException(what + ": " + text((int) -result));
        }
        return (int) result;
    }

    /// A raw system call: it acts on the calling thread alone where the C library's function would change all threads.
    static long syscall(SystemCall call, long... arguments) {
        long[] all = new long[arguments.length + 1];
        all[0] = call.number();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return call(Fn.SYSCALL, all);
    }

    /// The C library's words for an error number.
    static String text(int errno) {
        long address = call(Fn.STRERROR, errno);
        return MemorySegment.ofAddress(address).reinterpret(256).getString(0);
    }

    /// The string a pointer in C memory points to; empty for a null pointer.
    static String string(MemorySegment pointer) {
        if (pointer.address() == 0) {
            return "";
        }
        MemorySegment text = pointer.reinterpret(Long.MAX_VALUE);
        return ByteNames.decode(
                text.getString(0, StandardCharsets.ISO_8859_1)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A text as a C string.
    static MemorySegment string(Arena arena, String text) {
        return terminated(arena, ByteNames.encode(text));
    }

    /// A path as a C string.
    static MemorySegment string(Arena arena, Path path) {
        return terminated(arena, ByteNames.bytes(path));
    }

    private static MemorySegment terminated(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static long at(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    private static MethodHandle link() {
        var layouts = new ValueLayout.OfLong[ARGUMENTS];
        Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        return LINKER.downcallHandle(
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts),
                Linker.Option.captureCallState("errno"));
    }
}
