// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.Locale;
import java.util.Optional;

/// The directories of the spool. `DEFER`, `BOUNCE` and `TRACE` hold logs named by queue id, not messages.
public enum QueueName {
    MAILDROP,
    INCOMING,
    ACTIVE,
    DEFERRED,
    HOLD,
    CORRUPT,
    DEFER,
    BOUNCE,
    TRACE;

    /// The name of the directory.
    public String directory() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<QueueName> parse(String text) {
        for (QueueName q : values()) {
            if (q.directory().equals(text)) {
                return Optional.of(q);
            }
        }
        return Optional.empty();
    }
}
