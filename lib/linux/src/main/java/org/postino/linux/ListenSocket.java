// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// A listening socket, bound natively so that it can be handed to other processes; TCP or Unix.
public final class ListenSocket implements Closeable {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int CLOEXEC = 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_REUSEPORT = 15;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SHUT_RDWR = 2;
    private static final int UNIX_PATH_MAX = 108;

    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final NativeFd fd;
    private final String name;
    private final @Nullable Path path;

    private ListenSocket(NativeFd fd, String name, @Nullable Path path) {
        this.fd = fd;
        this.name = name;
        this.path = path;
    }

    /// Binds a TCP port; an address of `::` takes IPv4 clients too unless `onlyIpv6`.
    ///
    /// @param beside the address may overlap that of sockets of ours that are [shared][#share]
    /// @throws IOException names the address and the reason
    public static ListenSocket tcp(
            InetSocketAddress address, boolean onlyIpv6, boolean beside, int backlog)
            throws IOException {
        InetAddress host = address.getAddress();
        int family = host instanceof Inet6Address ? AF_INET6 : AF_INET;
        String name = show(address);
        var fd = new NativeFd(Libc.check(name, Libc.Fn.SOCKET, family, SOCK_STREAM | CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            option(fd, SOL_SOCKET, SO_REUSEADDR, true);
            option(fd, SOL_SOCKET, SO_REUSEPORT, beside);
            if (family == AF_INET6) {
                option(fd, IPPROTO_IPV6, IPV6_V6ONLY, onlyIpv6);
            }
            MemorySegment socketAddress = inet(arena, family, address);
            bind(name, fd, socketAddress, (int) socketAddress.byteSize());
            listen(name, fd, backlog);
            option(fd, SOL_SOCKET, SO_REUSEPORT, false);
            return new ListenSocket(fd, name, null);
        } catch (IOException e) {
            fd.close();
            throw e;
        }
    }

    /// Binds a Unix socket; a socket left behind by a dead process is replaced, one that answers is not.
    ///
    /// @param permissions like `rw-rw-rw-`
    /// @throws IOException names the path and the reason
    public static ListenSocket unix(Path path, String permissions, int backlog) throws IOException {
        String name = path.toString();
        removeStale(path);
        var fd = new NativeFd(Libc.check(name, Libc.Fn.SOCKET, AF_UNIX, SOCK_STREAM | CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            byte[] text = ByteNames.bytes(path);
            if (text.length >= UNIX_PATH_MAX) {
                throw new IOException(
                        name
                                + ": longer than the "
                                + (UNIX_PATH_MAX - 1)
                                + " bytes a socket may have");
            }
            MemorySegment address = arena.allocate(2 + UNIX_PATH_MAX);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(text, 0, address, ValueLayout.JAVA_BYTE, 2, text.length);
            bind(name, fd, address, 2 + text.length + 1);
            // Nobody can connect before listen(): no moment with wrong permissions is visible.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            listen(name, fd, backlog);
            return new ListenSocket(fd, name, path);
        } catch (IOException e) {
            fd.close();
            throw e;
        }
    }

    /// A TCP socket that an earlier program of this process has bound.
    public static ListenSocket inherited(NativeFd fd, InetSocketAddress address) {
        return new ListenSocket(fd, show(address), null);
    }

    /// A Unix socket that an earlier program of this process has bound.
    public static ListenSocket inherited(NativeFd fd, Path path) {
        return new ListenSocket(fd, path.toString(), path);
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!FileStatus.of(path).isSocket()) {
            throw new IOException(path + ": exists and is not a socket");
        }
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (SocketException e) {
            Files.deleteIfExists(path);
            return;
        }
        throw new IOException(path + ": another process is listening there");
    }

    private static MemorySegment inet(Arena arena, int family, InetSocketAddress address) {
        MemorySegment result = arena.allocate(family == AF_INET6 ? 28 : 16);
        result.set(ValueLayout.JAVA_SHORT, 0, (short) family);
        result.set(PORT, 2, (short) address.getPort());
        byte[] bytes = address.getAddress().getAddress();
        MemorySegment.copy(
                bytes, 0, result, ValueLayout.JAVA_BYTE, family == AF_INET6 ? 8 : 4, bytes.length);
        if (address.getAddress() instanceof Inet6Address v6) {
            result.set(ValueLayout.JAVA_INT, 24, v6.getScopeId());
        }
        return result;
    }

    private static void option(NativeFd fd, int level, int option, boolean value)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, value ? 1 : 0);
            Libc.check(
                    "setsockopt",
                    Libc.Fn.SETSOCKOPT,
                    fd.number(),
                    level,
                    option,
                    number.address(),
                    4);
        }
    }

    private static void bind(String name, NativeFd fd, MemorySegment address, int length)
            throws IOException {
        Libc.check(name, Libc.Fn.BIND, fd.number(), address.address(), length);
    }

    private static void listen(String name, NativeFd fd, int backlog) throws IOException {
        Libc.check(name, Libc.Fn.LISTEN, fd.number(), backlog);
    }

    private static String show(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return address.getAddress() instanceof Inet4Address
                ? host + ":" + address.getPort()
                : "[" + host + "]:" + address.getPort();
    }

    public NativeFd fd() {
        return fd;
    }

    /// True until it is closed here.
    public boolean isOpen() {
        return fd.isOpen();
    }

    /// The bound TCP port, which the kernel chose if 0 was asked for; 0 for a Unix socket.
    public int port() throws IOException {
        if (path != null) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(28);
            MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
            length.set(ValueLayout.JAVA_INT, 0, 28);
            Libc.check(name, Libc.Fn.GETSOCKNAME, fd.number(), address.address(), length.address());
            return Short.toUnsignedInt(address.get(PORT, 2));
        }
    }

    /// The path of a Unix socket.
    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /// From now on, or no longer, a socket of the same user may be bound beside this one, although their addresses overlap: the
    /// one is to take the place of the other, and no client shall be refused in between.
    public void share(boolean shared) throws IOException {
        option(fd, SOL_SOCKET, SO_REUSEPORT, shared);
    }

    /// Ends listening for every process that has this socket, and closes it.
    public static void end(NativeFd socket) {
        Libc.call(Libc.Fn.SHUTDOWN, socket.number(), SHUT_RDWR);
        socket.close();
    }

    /// Ends listening, for every process that has the socket, and removes its path: clients are refused at once and the port
    /// is free, however long a daemon that still serves its sessions keeps its own descriptor.
    @Override
    public void close() throws IOException {
        end(fd);
        if (path != null) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
