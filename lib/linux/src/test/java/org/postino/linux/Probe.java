// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A program that is started with other ids, capabilities and filters than the tests', and says what it could do.
final class Probe {
    static final int OWN = 54_321;
    static final int USER = 54_322;
    static final int REFUSED = 54_323;

    private Probe() {}

    public static void main(String[] args) throws Exception {
        for (String arg : args) {
            String[] words = arg.split("=", 2);
            System.out.println(
                    words[0] + ": " + answer(words[0], words.length > 1 ? words[1] : ""));
        }
        System.exit(0);
    }

    private static String answer(String question, String path) throws Exception {
        return switch (question) {
            case "capabilities" -> capabilities(Files.readAllLines(Path.of("/proc/self/status")));
            case "asUser" -> asUser(USER, path);
            case "asRefused" -> asUser(REFUSED, path);
            case "asRoot" -> asUser(0, path);
            case "carriers" -> carriers();
            case "command" -> command(USER);
            case "commandAsRoot" -> command(0);
            case "setpriv" -> setpriv(USER);
            case "setprivToRoot" -> setpriv(0);
            case "kill" -> kill();
            case "query" ->
                    Libc.syscall(SystemCall.SETFSUID, -1)
                            + " "
                            + Libc.syscall(SystemCall.SETFSGID, -1);
            case "highHalf" -> "" + Libc.syscall(SystemCall.SETFSUID, (5L << 32) | USER);
            case "wholeId" -> "" + Libc.syscall(SystemCall.SETRESUID, -1, USER, -1);
            case "wholeRoot" -> "" + Libc.syscall(SystemCall.SETRESUID, -1, USER, 0);
            case "groups" -> groups();
            case "udp" -> attempt(() -> DatagramChannel.open().close());
            case "tcp" -> attempt(() -> new Socket().bind(null));
            case "listen" -> attempt(Probe::listen);
            case "connect" -> attempt(() -> connect(Integer.parseInt(path)));
            case "calls" -> calls();
            case "exec" -> attempt(() -> new ProcessBuilder("/bin/true").start());
            case "limits" -> limits();
            default -> throw new IllegalArgumentException(question);
        };
    }

    /// Bounding set last.
    static String capabilities(List<String> status) {
        var sets = new StringBuilder();
        for (String name : List.of("CapInh", "CapPrm", "CapEff", "CapAmb", "CapBnd")) {
            for (String line : status) {
                if (line.startsWith(name + ":")) {
                    sets.append(Long.toHexString(Long.parseLong(line.substring(7).strip(), 16)));
                    sets.append(' ');
                }
            }
        }
        return sets.toString().strip();
    }

    private static String asUser(int uid, String path) {
        try {
            return AsUser.of(uid, uid)
                    .call(() -> {
                        Path made = Files.writeString(Path.of(path, "of" + uid), "x");
                        return "made by "
                                + Files.getAttribute(made, "unix:uid")
                                + " "
                                + Files.getAttribute(made, "unix:gid");
                    });
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// Many virtual threads act as a user at once: no thread is left that is that user.
    private static String carriers() throws Exception {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 200; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int k = 0; k < 20; k++) {
                                    asUser(USER, "/nowhere");
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Thread.ofVirtual().start(() -> quietCommand(USER)).join();
        int foreign = 0;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                String status = Files.readString(task.resolve("status"));
                boolean own = status.contains("Uid:" + ("\t" + OWN).repeat(4));
                foreign += own ? 0 : 1;
            }
        } catch (NoSuchFileException e) {
            return carriers(); // a thread ended while we looked
        }
        return foreign + " threads are not their own";
    }

    private static void quietCommand(int uid) {
        try {
            command(uid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String command(int uid) throws IOException {
        return ids(List.of("/bin/cat", "/proc/self/status"), new Credentials(uid, uid, List.of()));
    }

    /// As local makes a command another user's.
    private static String setpriv(int uid) throws IOException {
        return ids(
                List.of(
                        "/usr/bin/setpriv",
                        "--reuid=+" + uid,
                        "--regid=+" + USER,
                        "--clear-groups",
                        "--no-new-privs",
                        "--inh-caps=-all",
                        "--ambient-caps=-all",
                        "--",
                        "/bin/cat",
                        "/proc/self/status"),
                null);
    }

    private static String ids(List<String> arguments, @Nullable Credentials user)
            throws IOException {
        try (NativeFd nothing = NativeFd.devNull()) {
            String status =
                    Output.of(out ->
                            new ProcessSpawner.Program(
                                    arguments,
                                    List.of(),
                                    List.of(nothing, out, out),
                                    null,
                                    user,
                                    null));
            if (status.startsWith("setpriv: ")) {
                return status.strip();
            }
            List<String> lines = status.lines().toList();
            var ids = new StringBuilder();
            for (String line : lines) {
                if (line.matches("(Uid|Gid|Groups):.*")) {
                    ids.append(line.replaceAll("\\s+", " ").strip()).append(' ');
                }
            }
            return ids + capabilities(lines);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String kill() throws IOException {
        int pid =
                ProcessSpawner.spawn(
                        new ProcessSpawner.Program(
                                List.of("/bin/sleep", "600"),
                                List.of(),
                                List.of(),
                                null,
                                new Credentials(USER, USER, List.of()),
                                null));
        boolean sent = Processes.signalGroup(pid, Processes.SIGKILL);
        return sent + " " + Processes.await(pid, Duration.ofSeconds(20)).orElseThrow();
    }

    private static String groups() {
        try {
            AsUser.setGroups(List.of(4));
            return "taken";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void listen() throws IOException {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
    }

    private static void connect(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 20_000);
        }
    }

    /// The numbers that calls answer: -1 EPERM, -38 ENOSYS.
    private static String calls() {
        try (Arena arena = Arena.ofConfined()) {
            long text = arena.allocateFrom("/").address();
            var calls =
                    Map.of(
                            SystemCall.PTRACE, Libc.syscall(SystemCall.PTRACE, 0),
                            SystemCall.UNSHARE, Libc.syscall(SystemCall.UNSHARE, 0x10000000),
                            SystemCall.CHROOT, Libc.syscall(SystemCall.CHROOT, text),
                            SystemCall.CLONE3, Libc.syscall(SystemCall.CLONE3, 0, 0),
                            SystemCall.CLONE, Libc.syscall(SystemCall.CLONE, 0x10000011),
                            SystemCall.SOCKET, Libc.syscall(SystemCall.SOCKET, 2, 3, 255),
                            SystemCall.KEYCTL, Libc.syscall(SystemCall.KEYCTL, 0, -3, 0),
                            SystemCall.PERSONALITY, Libc.syscall(SystemCall.PERSONALITY, 0x40000),
                            SystemCall.IOCTL, Libc.syscall(SystemCall.IOCTL, 0, 0x5412, text));
            return new TreeMap<>(calls).toString();
        }
    }

    private static String limits() throws IOException {
        var text = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max core")
                    || line.startsWith("Max open")
                    || line.startsWith("Max processes")) {
                text.append(line.replaceAll("\\s+", " ").replaceAll("^Max | [a-z]+ ?$", "").strip())
                        .append("; ");
            }
        }
        return text.toString();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static String attempt(Work work) {
        try {
            work.run();
            return "done";
        } catch (Exception e) {
            return "refused";
        }
    }
}
