// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.postino.util.ByteNames;

/// A sender of Unix datagrams, which Java's own channels lack: to the system's log daemon, to a service manager.
///
/// It never waits longer than it is told: who listens badly must not hold up who sends.
public final class UnixDatagram implements Closeable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;
    private static final int NO_SIGNAL = 0x4000;
    private static final int POLLOUT = 4;
    private static final int LONGEST_NAME = 108;

    private final NativeFd fd;

    private UnixDatagram(NativeFd fd) {
        this.fd = fd;
    }

    /// Connects to a socket file, or with a leading `@` to a name without a file (`unix(7)`, abstract).
    ///
    /// @throws IOException nobody listens there
    public static UnixDatagram connect(String address) throws IOException {
        var fd =
                new NativeFd(
                        Libc.check(
                                "socket",
                                Libc.Fn.SOCKET,
                                AF_UNIX,
                                SOCK_DGRAM | CLOEXEC | NONBLOCK,
                                0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = name(arena, address);
            Libc.check(address, Libc.Fn.CONNECT, fd.number(), name.address(), name.byteSize());
        } catch (IOException e) {
            fd.close();
            throw e;
        }
        return new UnixDatagram(fd);
    }

    /// `struct sockaddr_un`, just as long as the name: an abstract name has no end of its own.
    private static MemorySegment name(Arena arena, String address) throws IOException {
        byte[] bytes = ByteNames.encode(address);
        boolean isAbstract = address.startsWith("@");
        if (bytes.length + 1 > LONGEST_NAME) {
            throw new IOException(address + ": too long for the name of a socket");
        }
        MemorySegment name = arena.allocate(2L + bytes.length + (isAbstract ? 0 : 1), 8);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 2, bytes.length);
        if (isAbstract) {
            name.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
        }
        return name;
    }

    /// Sends one datagram; false if the receiver has had too many to take it within `patience`.
    ///
    /// @throws IOException nobody listens any more
    public boolean send(byte[] message, Duration patience) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            long end = System.nanoTime() + patience.toNanos();
            while (true) {
                long sent =
                        Libc.call(
                                Libc.Fn.SENDTO,
                                fd.number(),
                                data.address(),
                                message.length,
                                NO_SIGNAL,
                                0,
                                0);
                if (sent >= 0) {
                    return true;
                }
                long left = end - System.nanoTime();
                if (sent != -Libc.EAGAIN && sent != -Libc.EINTR) {
                    throw new IOException("send: " + Libc.text((int) -sent));
                }
                if (left <= 0) {
                    return false;
                }
                awaitRoom(arena, left / 1_000_000 + 1);
            }
        }
    }

    private void awaitRoom(Arena arena, long millis) {
        MemorySegment one = arena.allocate(8, 4);
        one.set(ValueLayout.JAVA_INT, 0, fd.number());
        one.set(ValueLayout.JAVA_SHORT, 4, (short) POLLOUT);
        Libc.call(Libc.Fn.POLL, one.address(), 1, millis);
    }

    @Override
    public void close() {
        fd.close();
    }
}
