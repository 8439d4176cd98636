// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ValueException;
import org.postino.server.Connection;
import org.postino.server.ServerDialer;
import org.postino.server.ServerPlace;

/// The places of a scanner, of which the first that answers is asked. Safe for use by several threads.
final class ScannerServers {
    private final List<ServerPlace> places = new ArrayList<>();
    private final ServerDialer dialer;
    private final Duration timeout;

    /// @param timeout for a connection
    ScannerServers(
            Config config, Param<List<String>> param, ServerDialer dialer, Duration timeout) {
        this.dialer = dialer;
        this.timeout = timeout;
        for (String text : config.get(param)) {
            try {
                places.add(ServerPlace.parse("a server", text));
            } catch (ValueException e) {
                throw new IllegalStateException(e); // main.cf was checked
            }
        }
    }

    /// Connects to the first place that takes it.
    ///
    /// @throws IOException none does; says what is wrong with each
    Connection connect() throws IOException {
        var problems = new StringBuilder();
        for (ServerPlace place : places) {
            try {
                return dialer.dial(place, timeout);
            } catch (IOException e) {
                problems.append(problems.isEmpty() ? "" : "; ");
                problems.append("connect to ").append(place.text()).append(": ");
                problems.append(e.getMessage());
            }
        }
        throw new IOException(problems.toString());
    }
}
