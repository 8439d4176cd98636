// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;
import org.postino.util.LineTooLongException;

/// One connection to a policy server, which answers one request after the other. Used by one thread at a time.
final class PolicyConnection {
    private static final int MAX_LINE = 8192;
    private static final int MAX_LINES = 100;
    private static final String ACTION = "action=";

    private final Connection connection;
    private final Instant born;
    private long requests;

    /// The time at which it was used last.
    Instant used;

    /// The server said something that is no answer.
    static final class RubbishException extends IOException {
        RubbishException(String message) {
            super(message);
        }
    }

    PolicyConnection(Connection connection, Instant now) {
        this.connection = connection;
        born = now;
        used = now;
    }

    Instant born() {
        return born;
    }

    long requests() {
        return requests;
    }

    /// True if the server has sent what belongs to no request: it would be taken for the answer to the next.
    boolean isAhead() {
        try {
            return connection.inputWaits();
        } catch (IOException e) {
            return false; // it is gone, as whoever asks will find
        }
    }

    /// Sends a request and waits for the answer.
    ///
    /// @return the action, as it was sent; may be empty
    /// @throws EOFException the server has closed the connection
    /// @throws RubbishException the answer has no action
    String ask(byte[] request, Duration timeout) throws IOException {
        requests++;
        connection.deadline(timeout);
        try {
            connection.out().write(request);
            connection.out().flush();
            return answer();
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException("Connection timed out");
        } finally {
            connection.deadline(Duration.ZERO);
        }
    }

    private String answer() throws IOException {
        String action = null;
        for (int i = 0; i < MAX_LINES; i++) {
            String line = line();
            if (line.isEmpty()) {
                return found(action);
            }
            if (action == null && line.startsWith(ACTION)) {
                action = line.substring(ACTION.length()).strip();
            }
        }
        throw new RubbishException("too many attributes in input");
    }

    private static String found(@Nullable String action) throws RubbishException {
        if (action == null) {
            throw new RubbishException("missing attribute action in input");
        }
        return action;
    }

    private String line() throws IOException {
        byte[] line;
        try {
            line = connection.in().readLine(MAX_LINE);
        } catch (LineTooLongException e) {
            throw new RubbishException("line too long in input");
        }
        if (line.length == 0 || line[line.length - 1] != '\n') {
            throw new EOFException("Connection lost");
        }
        int end = line.length - 1;
        end -= end > 0 && line[end - 1] == '\r' ? 1 : 0;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    void close() {
        try {
            connection.close();
        } catch (IOException e) {
            // it is gone, as it shall be
        }
    }
}
