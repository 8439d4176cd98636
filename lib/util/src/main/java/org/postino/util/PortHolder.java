// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who listens on a TCP port, as far as `/proc` tells this user.
public final class PortHolder {
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private PortHolder() {}

    /// `process 812 (exim4)`; empty if it cannot be found out.
    public static Optional<String> of(int port) {
        try {
            var sockets = new HashSet<String>();
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                sockets.addAll(listening(Path.of(table), port));
            }
            return sockets.isEmpty() ? Optional.empty() : holder(sockets);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The links that descriptors of sockets on the port show: `socket:[inode]`.
    private static Set<String> listening(Path table, int port) throws IOException {
        String suffix = ":" + String.format(java.util.Locale.ROOT, "%04X", port);
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

    private static Optional<String> holder(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                if (holds(process, sockets)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of("process " + process.getFileName() + " (" + name + ")");
                }
            }
        }
        return Optional.empty();
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
