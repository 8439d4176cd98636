// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/// The user at the other end of a Unix socket, as the kernel knows it (SO_PEERCRED).
///
/// @param name the account's name, or the number in digits if there is no such account
public record PeerUser(int uid, int gid, String name) {

    /// Asks the kernel; empty if the channel is not a connected Unix socket.
    public static Optional<PeerUser> of(SocketChannel channel) {
        try {
            UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
            String user = peer.user().getName();
            return Optional.of(new PeerUser(uid(user), gid(peer.group().getName()), user));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /// True if this is the superuser or the user this process acts as.
    public boolean isPrivileged() {
        return uid == 0 || uid == Processes.ownUid();
    }

    private static int uid(String name) throws IOException {
        return name.equals("root")
                ? 0
                : isNumber(name)
                        ? Integer.parseUnsignedInt(name)
                        : Users.byName(name)
                                .map(SystemUser::uid)
                                .orElseThrow(() -> new IOException("no user " + name));
    }

    private static int gid(String name) throws IOException {
        return name.equals("root")
                ? 0
                : isNumber(name)
                        ? Integer.parseUnsignedInt(name)
                        : Users.gidOf(name).orElseThrow(() -> new IOException("no group " + name));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
