// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;

/// The time that the next read from the client may take: as a user, in IDLE. Before log-in all reads have one deadline
/// together.
final class ReadTimeout {
    private final Connection connection;
    private final Duration timeout;
    private boolean passed;
    private boolean idling;
    private boolean apart;
    private @Nullable Duration inForce;

    /// @param timeout how long a user may be silent
    ReadTimeout(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    void beforeRead() throws IOException {
        if (!passed) {
            return;
        }
        var wanted = idling ? Duration.ZERO : timeout;
        if (!wanted.equals(inForce)) {
            connection.readTimeout(wanted);
            inForce = wanted;
        }
    }

    /// Somebody has logged in.
    void passed() {
        passed = true;
    }

    /// Nobody is logged in any more.
    void again() throws IOException {
        passed = false;
        inForce = null;
        connection.readTimeout(Duration.ZERO);
    }

    /// In IDLE a client may be silent as long as it likes; we notice when it is gone as we write.
    void idling(boolean on) {
        idling = on;
    }

    /// Another thread than the session's reads from now on, and writes nothing; or no longer.
    void apart(boolean on) {
        apart = on;
    }

    /// True if another thread than the session's reads.
    boolean isApart() {
        return apart || idling;
    }
}
