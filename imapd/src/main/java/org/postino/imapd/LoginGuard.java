// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postino.global.server.Connection;

/// What a stranger may do: for how long, how often try to log in, and whether in clear. Then, how long a user may be silent.
final class LoginGuard {
    private static final int MAX_FAILURES = 10;

    private final Connection connection;
    private final ImapdSettings settings;
    private final long start = System.nanoTime();
    private boolean passed;
    private boolean idling;
    private @Nullable Duration inForce;
    private int failures;
    private boolean triedInClear;
    private @Nullable String lastUser;
    private String lastMethod = "";

    LoginGuard(Connection connection, ImapdSettings settings) {
        this.connection = connection;
        this.settings = settings;
    }

    /// Before log-in all reading together has one time limit, so that trickling gains nothing.
    void beforeRead() throws IOException {
        if (!passed) {
            var left = settings.loginTimeout().minus(elapsed());
            connection.readTimeout(left.toMillis() < 1 ? Duration.ofMillis(1) : left);
            return;
        }
        var wanted = idling ? Duration.ZERO : settings.timeout();
        if (!wanted.equals(inForce)) {
            connection.readTimeout(wanted);
            inForce = wanted;
        }
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Whether passwords may be sent as the connection is now.
    boolean cleartextAllowed() {
        return connection.secured()
                || (!settings.demandTls()
                        && (settings.allowCleartext() || SessionLog.isLocal(connection.peer())));
    }

    /// The same for a client that wants to send one now, or has done so already.
    boolean refusesCleartext() {
        boolean refused = !cleartextAllowed();
        triedInClear |= refused;
        return refused;
    }

    /// What came of the attempts to log in.
    String tries() {
        String time = " in " + elapsed().toSeconds() + " secs";
        if (failures > 0) {
            return "auth failed, " + failures + " attempts" + time;
        }
        return triedInClear ? "tried to use disallowed plaintext auth" : "no auth attempts" + time;
    }

    void passed() {
        passed = true;
    }

    /// In IDLE a client may be silent as long as it likes; we notice when it is gone as we write.
    void idling(boolean on) {
        idling = on;
    }

    boolean isIdling() {
        return idling;
    }

    void failed(@Nullable String user, String method) {
        failures++;
        lastUser = user;
        lastMethod = method;
    }

    int failures() {
        return failures;
    }

    boolean tooManyFailures() {
        return failures >= MAX_FAILURES;
    }

    @Nullable String lastUser() {
        return lastUser;
    }

    String lastMethod() {
        return lastMethod;
    }
}
