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

/// Compares passwords with stored ones, with bounded use of memory and processor.
///
/// Hashes are computed on a few platform threads. On virtual threads they would keep every other session waiting.
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

    /// True if the password is the stored one. Blocks until a worker has computed the hash.
    ///
    /// @throws IOException nothing is decided: too many wait, memory lacks, or crypt(3) does; the client may try again
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
