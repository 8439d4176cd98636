// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;

/// What somebody would try whose code runs in a daemon. Each returns normally if it succeeded.
///
/// It has no part in the suite's own native calls: it brings its own. Numbers of calls are those of x86-64 and aarch64.
final class Attacks {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = link("syscall");
    private static final MethodHandle SPAWN = link("posix_spawn");
    private static final MethodHandle WAITPID = link("waitpid");

    private static final int AF_INET = 2;
    private static final int AF_PACKET = 17;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final long NEW_USER = 0x1000_0000;

    private Attacks() {}

    static void run(String name, List<String> args) throws Exception {
        switch (name) {
            case "read" -> Files.newByteChannel(Path.of(args.get(0))).close();
            case "list" -> list(Path.of(args.get(0)));
            case "create" -> create(Path.of(args.get(0)));
            case "change" ->
                    Files.newByteChannel(Path.of(args.get(0)), StandardOpenOption.WRITE).close();
            case "mode" ->
                    Files.setAttribute(
                            Path.of(args.get(0)),
                            "unix:mode",
                            (Integer) Files.getAttribute(Path.of(args.get(0)), "unix:mode") & 0777);
            case "unix" -> socket(1, SOCK_STREAM, 0);
            case "execute" -> execute(args);
            case "games" -> onItsOwnThread(() -> games(args.get(0), Integer.parseInt(args.get(1))));
            case "as" -> onItsOwnThread(() -> as(args));
            case "become" -> onItsOwnThread(() -> become(Integer.parseInt(args.get(0))));
            case "connect" -> connect(Integer.parseInt(args.get(0)));
            case "fastopen" -> fastOpen(Integer.parseInt(args.get(0)));
            case "bind" -> bind();
            case "listen" -> listen();
            case "udp" -> socket(AF_INET, SOCK_DGRAM, 0);
            case "raw" -> socket(AF_INET, SOCK_RAW, 1);
            case "packet" -> socket(AF_PACKET, SOCK_RAW, 0);
            case "mptcp" -> socket(AF_INET, SOCK_STREAM, 262);
            case "abstract" -> abstractSocket(args.get(0));
            case "signal" -> signal(Integer.parseInt(args.get(0)));
            case "trace" -> call(ARM ? 117 : 101, 0x4206, Integer.parseInt(args.get(0)), 0, 0);
            case "peek" -> peek(Integer.parseInt(args.get(0)));
            case "steal" -> steal(Integer.parseInt(args.get(0)));
            case "process" -> process(args.get(0));
            case "namespace" -> call(ARM ? 97 : 272, NEW_USER);
            case "child-namespace" -> child(NEW_USER | 17);
            case "mount" -> withText("none", none -> call(ARM ? 40 : 165, none, none, none, 0, 0));
            case "chroot" -> withText("/", root -> call(ARM ? 51 : 161, root));
            case "keyring" -> call(ARM ? 219 : 250, 0, -3, 1);
            case "io_uring" -> io_uring();
            case "userfault" -> call(ARM ? 282 : 323, 1);
            case "perf" -> throughMemory(120, m -> call(ARM ? 241 : 298, m, 0, -1, -1, 0));
            case "memory-file" -> withText("x", text -> call(ARM ? 279 : 319, text, 0));
            case "other-set" -> call(0x4000_0000L + 39);
            case "newer" -> call(470);
            default -> throw new IllegalArgumentException(name);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private interface WithAddress {
        long run(long address) throws Exception;
    }

    private static void list(Path directory) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            entries.forEach(_ -> {});
        }
    }

    private static void create(Path file) throws IOException {
        Files.write(file, new byte[] {'x'}, StandardOpenOption.CREATE_NEW);
        Files.delete(file);
    }

    /// Succeeds if the program was started and ended well.
    private static void execute(List<String> words) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(ValueLayout.ADDRESS, words.size() + 1L);
            for (int i = 0; i < words.size(); i++) {
                table.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words.get(i)));
            }
            MemorySegment none = arena.allocate(8, 8);
            MemorySegment pid = arena.allocate(8, 8);
            long path = table.getAtIndex(ValueLayout.ADDRESS, 0).address();
            int error =
                    (int) raw(SPAWN, pid.address(), path, 0, 0, table.address(), none.address());
            if (error != 0) {
                throw new IOException("error " + error);
            }
            raw(WAITPID, pid.get(ValueLayout.JAVA_INT, 0), none.address(), 0);
            if (none.get(ValueLayout.JAVA_INT, 0) != 0) {
                throw new IOException("status " + none.get(ValueLayout.JAVA_INT, 0));
            }
        }
    }

    /// Everything that might lead to a file of root's or of a group's.
    private static void games(String path, int group) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(8, 4);
            groups.set(ValueLayout.JAVA_INT, 0, group);
            attempt(ARM ? 159 : 116, 1, groups.address());
            MemorySegment header = arena.allocate(8, 8);
            header.set(ValueLayout.JAVA_INT, 0, 0x2008_0522);
            MemorySegment sets = arena.allocate(24, 8);
            sets.fill((byte) 0xff);
            attempt(ARM ? 91 : 126, header.address(), sets.address());
        }
        for (long id : new long[] {0, 1L << 32, group}) {
            attempt(ARM ? 149 : 119, id, id, id);
            attempt(ARM ? 144 : 106, id);
            attempt(ARM ? 143 : 114, id, id);
            attempt(ARM ? 152 : 123, id);
        }
        for (long id : new long[] {0, 1L << 32}) {
            attempt(ARM ? 147 : 117, id, id, id);
            attempt(ARM ? 147 : 117, -1, id, -1);
            attempt(ARM ? 146 : 105, id);
            attempt(ARM ? 145 : 113, id, id);
            attempt(ARM ? 151 : 122, id);
        }
        Files.readAllBytes(Path.of(path));
    }

    /// Reads a file with the file system ids of somebody.
    private static void as(List<String> args) throws IOException {
        long uid = Long.parseLong(args.get(0));
        call(ARM ? 159 : 116, 0, 0);
        attempt(ARM ? 152 : 123, uid);
        attempt(ARM ? 151 : 122, uid);
        Files.readAllBytes(Path.of(args.get(1)));
    }

    private static void become(int uid) throws IOException {
        call(ARM ? 149 : 119, uid, uid, uid);
        call(ARM ? 147 : 117, uid, uid, uid);
    }

    private static void bind() throws IOException {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
    }

    private static void connect(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 20_000);
        }
    }

    /// Connects by sending, which not every check of connect sees.
    private static void fastOpen(int port) throws Exception {
        long fd = call(ARM ? 198 : 41, AF_INET, SOCK_STREAM, 0);
        throughMemory(
                16,
                address -> {
                    MemorySegment m = MemorySegment.ofAddress(address).reinterpret(16);
                    m.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
                    m.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) port);
                    m.set(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 4, 0x7f00_0001);
                    return call(ARM ? 206 : 44, fd, address, 1, 0x2000_0000, address, 16);
                });
    }

    /// Listens on a socket that was not bound: the kernel then binds it.
    private static void listen() throws IOException {
        long fd = call(ARM ? 198 : 41, AF_INET, SOCK_STREAM, 0);
        call(ARM ? 201 : 50, fd, 1);
    }

    private static void socket(int family, int type, int protocol) throws IOException {
        call(ARM ? 57 : 3, call(ARM ? 198 : 41, family, type, protocol));
    }

    private static void abstractSocket(String name) throws Exception {
        long fd = call(ARM ? 198 : 41, 1, SOCK_STREAM, 0);
        throughMemory(
                110, m -> call(ARM ? 203 : 42, fd, abstractAddress(m, name), 3 + name.length()));
    }

    private static long abstractAddress(long address, String name) {
        MemorySegment m = MemorySegment.ofAddress(address).reinterpret(110);
        m.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
        m.setString(3, name);
        return address;
    }

    /// For the test: somebody to connect to.
    static long abstractListener(String name) throws IOException {
        long fd = call(ARM ? 198 : 41, 1, SOCK_STREAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            long address = abstractAddress(arena.allocate(110, 8).address(), name);
            call(ARM ? 200 : 49, fd, address, 3 + name.length());
            call(ARM ? 201 : 50, fd, 50);
            return fd;
        }
    }

    static void closeFile(long fd) throws IOException {
        call(ARM ? 57 : 3, fd);
    }

    private static void signal(int pid) throws IOException {
        IOException last = new IOException();
        long[][] ways = {
            {ARM ? 129 : 62, pid, 0}, {ARM ? 130 : 200, pid, 0}, {ARM ? 131 : 234, pid, pid, 0}
        };
        for (long[] way : ways) {
            try {
                call(way[0], way[1], way[2], way.length > 3 ? way[3] : 0);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /// Another process's memory.
    private static void peek(int pid) throws Exception {
        throughMemory(
                64,
                address -> {
                    MemorySegment m = MemorySegment.ofAddress(address).reinterpret(64);
                    m.set(ValueLayout.JAVA_LONG, 0, address + 32);
                    m.set(ValueLayout.JAVA_LONG, 8, 8);
                    m.set(ValueLayout.JAVA_LONG, 16, address);
                    m.set(ValueLayout.JAVA_LONG, 24, 8);
                    try {
                        return call(ARM ? 270 : 310, pid, address, 1, address + 16, 1, 0);
                    } catch (IOException e) {
                        if ("errno 14".equals(e.getMessage())) {
                            return 0; // a bad address: but it looked
                        }
                        throw e;
                    }
                });
    }

    /// Another process's open file.
    private static void steal(int pid) throws IOException {
        long process = call(434, pid, 0);
        call(438, process, 0, 0);
    }

    /// What `/proc` shows of another process to its owner.
    private static void process(String pid) throws IOException {
        for (String name : List.of("environ", "maps", "mem", "auxv")) {
            try (var in = Files.newInputStream(Path.of("/proc", pid, name))) {
                in.read(new byte[1]);
                return;
            } catch (IOException e) {
                if (name.equals("mem") && "Input/output error".equals(e.getMessage())) {
                    return; // it was opened
                }
            }
        }
        try (var files = Files.newDirectoryStream(Path.of("/proc", pid, "fd"))) {
            for (Path file : files) {
                Files.readSymbolicLink(file);
            }
        }
    }

    private static void child(long flags) throws IOException {
        long pid = call(ARM ? 220 : 56, flags, 0, 0, 0, 0);
        if (pid == 0) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void io_uring() throws Exception {
        throughMemory(256, m -> call(425, 1, m));
    }

    private static void onItsOwnThread(Work work) throws Exception {
        var task =
                new FutureTask<>(() -> {
                    work.run();
                    return "";
                });
        Thread.ofPlatform().start(task);
        task.get();
    }

    private static void withText(String text, WithAddress work) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            work.run(arena.allocateFrom(text).address());
        }
    }

    private static void throughMemory(int size, WithAddress work) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            work.run(arena.allocate(size, 8).address());
        }
    }

    private static void attempt(long number, long... arguments) {
        try {
            call(number, arguments);
        } catch (IOException e) {
            // the next way may work
        }
    }

    /// A system call; -1 is an error.
    private static long call(long number, long... arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long[] all = new long[7];
            all[0] = number;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            MemorySegment errno = arena.allocate(ValueLayout.JAVA_INT);
            long result = invoke(SYSCALL, errno, all);
            if (result == -1) {
                throw new IOException("errno " + errno.get(ValueLayout.JAVA_INT, 0));
            }
            return result;
        }
    }

    private static long raw(MethodHandle function, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            return invoke(
                    function, arena.allocate(ValueLayout.JAVA_INT), Arrays.copyOf(arguments, 7));
        }
    }

    private static long invoke(MethodHandle function, MemorySegment errno, long[] a) {
        try {
            return (long) function.invokeExact(errno, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle link(String name) {
        var layouts = new ValueLayout.OfLong[7];
        Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts),
                Linker.Option.captureCallState("errno"));
    }
}
