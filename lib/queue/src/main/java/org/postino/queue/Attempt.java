// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When an attempt began, when the way to the destination stood open, and when it ended: the last two of `delays=a/b/c/d`.
///
/// @param begun when the agent began with the request
/// @param ready when the connection was set up (HELO and TLS included); equal to `begun` where there is none
/// @param ended when the outcome was known
/// @param connectionUse how often the connection was used, this time included; shown from 2 on
/// @param tls the word after `tls=`, if the log line shall have one
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
