// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.postino.server.Connection;

/// Packets to a filter and from it. Owned by the session's thread.
final class MilterConnection {
    /// The longest packet that is taken: a part of a new body, or a field; filters made with libmilter send no more than 64 kB.
    private static final int LONGEST = 1 << 20;

    private final Connection connection;

    /// @param type the letter
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Packet(int type, byte[] data) {}

    MilterConnection(Connection connection) {
        this.connection = connection;
    }

    /// The time for what follows, until the next call.
    void deadline(Duration time) {
        connection.deadline(time);
    }

    void send(int type, byte[] data) throws IOException {
        send(type, data, 0, data.length);
    }

    /// Puts a packet into the buffer; [#receive] sends what is there.
    void send(int type, byte[] data, int from, int length) throws IOException {
        OutputStream out = connection.out();
        int all = length + 1;
        byte[] head = {
            (byte) (all >> 24), (byte) (all >> 16), (byte) (all >> 8), (byte) all, (byte) type
        };
        out.write(head);
        out.write(data, from, length);
    }

    void flush() throws IOException {
        connection.out().flush();
    }

    /// Waits for a packet.
    ///
    /// @throws IOException says what went wrong in the words of the log
    Packet receive() throws IOException {
        flush();
        try {
            byte[] head = new byte[4];
            connection.in().readFully(head, 0, 4);
            int length =
                    (head[0] & 0xff) << 24
                            | (head[1] & 0xff) << 16
                            | (head[2] & 0xff) << 8
                            | (head[3] & 0xff);
            if (length < 1 || length > LONGEST) {
                throw new IOException("a packet of " + Integer.toUnsignedString(length) + " bytes");
            }
            connection.in().readFully(head, 0, 1);
            byte[] data = new byte[length - 1];
            connection.in().readFully(data, 0, data.length);
            return new Packet(head[0] & 0xff, data);
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException("Connection timed out");
        } catch (EOFException e) {
            throw new EOFException("Connection lost");
        }
    }

    void close() {
        try {
            connection.close();
        } catch (IOException e) {
            // it is gone, as it shall be
        }
    }
}
