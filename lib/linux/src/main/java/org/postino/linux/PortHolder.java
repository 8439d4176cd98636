// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postino.util.ByteNames;

/// Finds the process that listens on a TCP port or Unix socket, as far as `/proc` tells this user.
public final class PortHolder {
    /// A process with a listening socket.
    ///
    /// @param name as the kernel knows its program, `exim4`
    public record Holder(long pid, String name) {
        /// `process 812 (exim4)`.
        @Override
        public String toString() {
            return "process " + pid + " (" + name + ")";
        }
    }

    private static final String UNIX_LISTENING = "00010000";
    private static final int UNIX_FLAGS = 3;
    private static final int UNIX_INODE = 6;
    private static final int UNIX_PATH = 7;
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private PortHolder() {}

    /// The first process that listens on a port; empty if it cannot be found out.
    public static Optional<Holder> of(int port) {
        try {
            var sockets = new HashSet<String>();
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                sockets.addAll(listening(Path.of(table), port));
            }
            return holders(sockets).stream().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// All processes that listen on a Unix socket; none if that cannot be found out.
    public static List<Holder> of(Path socket) {
        try {
            var sockets = new HashSet<String>();
            for (String line : ByteNames.lines(Path.of("/proc/net/unix"))) {
                String[] fields = line.strip().split("\\s+", UNIX_PATH + 1);
                if (fields.length > UNIX_PATH
                        && fields[UNIX_PATH].equals(ByteNames.text(socket))
                        && fields[UNIX_FLAGS].equals(UNIX_LISTENING)) {
                    sockets.add("socket:[" + fields[UNIX_INODE] + "]");
                }
            }
            return holders(sockets);
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The links that descriptors of sockets on the port show: `socket:[inode]`.
    private static Set<String> listening(Path table, int port) throws IOException {
        String suffix = ":" + String.format(Locale.ROOT, "%04X", port);
        var found = new HashSet<String>();
        for (String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > INODE
                    && fields[LOCAL_ADDRESS].endsWith(suffix)
                    && fields[STATE].equals(LISTENING)) {
                found.add("socket:[" + fields[INODE] + "]");
            }
        }
        return found;
    }

    private static List<Holder> holders(Set<String> sockets) throws IOException {
        var holders = new ArrayList<Holder>();
        if (sockets.isEmpty()) {
            return holders;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                if (holds(process, sockets)) {
                    String name = ByteNames.read(process.resolve("comm")).strip();
                    holders.add(new Holder(Long.parseLong(process.getFileName().toString()), name));
                }
            }
        }
        return holders;
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path fd : open) {
                if (sockets.contains(Files.readSymbolicLink(fd).toString())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // somebody else's, or gone
        }
    }
}
