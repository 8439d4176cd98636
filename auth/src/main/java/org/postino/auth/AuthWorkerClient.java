// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postino.ipc.IpcConnection;

/// Asks auth-worker(8) to check passwords of accounts of the system. Each question has a connection of its own, and the
/// number of questions at a time is limited. Safe for use by several threads.
public final class AuthWorkerClient {
    private final Path socket;
    private final Duration timeout;
    private final Semaphore turns;

    /// @param timeout the longest wait for a turn, and then for the answer
    /// @param limit the number of questions that may be under way
    public AuthWorkerClient(Path socket, Duration timeout, int limit) {
        this.socket = socket;
        this.timeout = timeout;
        this.turns = new Semaphore(limit, true);
    }

    /// Asks and waits for the answer.
    ///
    /// @throws IOException there was no answer; the client may try again later
    public PasswordAnswer ask(PasswordCheck check) throws IOException {
        takeTurn();
        try (var c = IpcConnection.connect(socket, timeout)) {
            check.send(c);
            return PasswordAnswer.receive(c);
        } finally {
            turns.release();
        }
    }

    private void takeTurn() throws IOException {
        try {
            if (!turns.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("too many passwords wait to be checked");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
