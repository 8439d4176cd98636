// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postino.sasl.PasswordSchemes;

/// Compares passwords with stored ones, at a bounded cost of memory and processor.
///
/// Hashes run on a few platform threads: on virtual ones they would keep every other session waiting.
final class Hashes {
    private static final int MAX_WAITING = 1000;
    private static final Duration REST = Duration.ofSeconds(10);

    private final ThreadPoolExecutor workers;

    Hashes(int limit) {
        workers =
                new ThreadPoolExecutor(
                        limit,
                        limit,
                        REST.toSeconds(),
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("hash-", 0).factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /// Whether the password is the stored one; blocks until a worker has done it.
    ///
    /// @throws IOException it can't be told now
    boolean verify(String stored, String password) throws IOException {
        try {
            Future<Boolean> result = workers.submit(() -> PasswordSchemes.verify(stored, password));
            return result.get();
        } catch (RejectedExecutionException e) {
            throw new IOException("too many passwords wait to be checked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static IOException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case OutOfMemoryError _ ->
                    new IOException("the stored password wants more memory than there is", e);
            case UncheckedIOException io -> new IOException(io.getMessage(), io);
            case null, default -> throw new IllegalStateException(e);
        };
    }
}
