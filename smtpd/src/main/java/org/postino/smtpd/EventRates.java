// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;

/// Counts what a session does against the limits of its client, and logs what goes beyond.
final class EventRates {
    private final ClientLimits limits;
    private final String service;
    private final SessionState state;
    private final SessionLog log;

    EventRates(Services services, SessionState state, SessionLog log) {
        limits = services.limits();
        service = services.service();
        this.state = state;
        this.log = log;
    }

    /// Counts an event; true if that was one too many. A client on a Unix socket has no limits.
    boolean isExceeded(ClientLimits.Event event) {
        InetAddress address = state.client.address();
        long rate = address == null ? 0 : limits.counted(event, address);
        if (rate > 0) {
            log.rateExceeded(event.words(), rate, service);
        }
        return rate > 0;
    }
}
