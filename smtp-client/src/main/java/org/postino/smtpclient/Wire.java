// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.postino.server.Connection;
import org.postino.smtp.Reply;
import org.postino.smtp.ReplyFormatException;
import org.postino.smtp.ReplyReader;

/// A connection to a server: commands out, replies in. Its errors name the step that failed. Used by one thread.
final class Wire implements Closeable {
    private final Connection connection;
    private final Closeable transport;
    private final Target target;
    private final ReplyReader replies;

    /// The conversation broke off. Its trouble names the step.
    static final class BrokenException extends IOException {
        private final transient Failure failure;

        BrokenException(Failure failure, IOException cause) {
            super(failure.dsn().reason(), cause);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    /// @param transport the socket beneath the connection; closing it wakes up a thread that is stuck in writing
    Wire(Connection connection, Closeable transport, Target target) {
        this.connection = connection;
        this.transport = transport;
        this.target = target;
        this.replies = new ReplyReader(connection.in());
    }

    Target target() {
        return target;
    }

    Connection connection() {
        return connection;
    }

    OutputStream out() {
        return connection.out();
    }

    /// Sends a command without waiting; it may stay in the buffer until [#reply] is called.
    void send(String command, String doing) throws BrokenException {
        try {
            connection.out().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw broken(e, doing);
        }
    }

    /// Sends the buffered commands, then reads a reply.
    ///
    /// @param doing completes "lost connection with HOST while ..."
    Reply reply(Duration timeout, String doing) throws BrokenException {
        try {
            connection.out().flush();
            connection.readTimeout(timeout);
            return replies.read();
        } catch (IOException e) {
            throw broken(e, doing);
        }
    }

    Reply command(String command, Duration timeout, String doing) throws BrokenException {
        send(command, doing);
        return reply(timeout, doing);
    }

    /// Turns an I/O error into one that names the step.
    BrokenException broken(IOException e, String doing) {
        if (e instanceof BrokenException known) {
            return known;
        }
        String reason =
                switch (e) {
                    case SocketTimeoutException _ ->
                            "conversation with " + target.name() + " timed out while " + doing;
                    case ReplyFormatException _ ->
                            "host " + target.name() + " sent " + e.getMessage() + " while " + doing;
                    default -> "lost connection with " + target.name() + " while " + doing;
                };
        return new BrokenException(Failure.of("4.4.2", reason), e);
    }

    /// Closes the socket at once; may be called by any thread.
    void abort() {
        try {
            transport.close();
        } catch (IOException e) {
            // It is as good as closed.
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            // The server is gone already.
        }
    }
}
