// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The listening sockets a daemon was born with: descriptor 0, and 3 and up.
///
/// The channel of descriptor 0 must never be closed: Java would point descriptors 0, 1 and 2 at `/dev/null`, and the
/// daemon would lose its master and its log.
public final class InheritedSockets {
    private static final int FIRST_OTHER = 3;

    private InheritedSockets() {}

    /// The listening socket on descriptor 0.
    ///
    /// @throws IOException descriptor 0 is not a listening socket
    public static ServerSocketChannel first() throws IOException {
        if (System.inheritedChannel() instanceof ServerSocketChannel server) {
            return server;
        }
        throw new IOException("standard input is not a listening socket");
    }

    /// The second and further TCP sockets, on descriptors 3 and up; to be called before other threads open sockets.
    ///
    /// @param count how many there are beside the first
    public static List<ServerSocketChannel> others(int count) throws IOException {
        var sockets = new ArrayList<ServerSocketChannel>();
        for (int i = 0; i < count; i++) {
            sockets.add(adopt(FIRST_OTHER + i));
        }
        return sockets;
    }

    /// Java has no way to make a channel of a descriptor, so a channel is made of something else and its descriptor is
    /// then replaced.
    private static ServerSocketChannel adopt(int descriptor) throws IOException {
        var before = sockets();
        var channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        var after = sockets();
        after.removeAll(before);
        if (after.size() != 1) {
            channel.close();
            throw new IOException("cannot tell which descriptor a new socket has");
        }
        Libc.check("dup2", Libc.Fn.DUP2, descriptor, after.getFirst());
        return channel;
    }

    private static List<Integer> sockets() throws IOException {
        var found = new ArrayList<Integer>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                try {
                    if (Files.readSymbolicLink(entry).toString().startsWith("socket:")) {
                        found.add(Integer.parseInt(String.valueOf(entry.getFileName())));
                    }
                } catch (NoSuchFileException e) {
                    // the directory's own descriptor, gone by now
                }
            }
        }
        return found;
    }
}
