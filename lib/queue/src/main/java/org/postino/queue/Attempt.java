// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The times of an attempt: its beginning, the connection, its end; they make the last two of `delays=a/b/c/d`.
///
/// @param begun the time at which the agent began with the request
/// @param ready the time at which the connection was set up, HELO and TLS included; equal to `begun` where there is none
/// @param ended the time at which the outcome was known
/// @param connectionUse the number of uses of the connection, with this one; shown from 2 on
/// @param tls the word after `tls=`, if the log line is to have one
public record Attempt(
        Instant begun, Instant ready, Instant ended, int connectionUse, @Nullable String tls) {

    /// An attempt that needed no connection.
    public static Attempt of(Instant begun, Instant ended) {
        return new Attempt(begun, begun, ended, 1, null);
    }

    /// An attempt over a connection that was ready at `ready`.
    public static Attempt of(Instant begun, Instant ready, Instant ended) {
        return new Attempt(begun, ready, ended, 1, null);
    }
}
