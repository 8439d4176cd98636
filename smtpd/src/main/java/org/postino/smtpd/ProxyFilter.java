// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.server.FatalException;
import org.postino.server.ServerDialer;
import org.postino.server.ServerPlace;
import org.postino.smtp.Command;
import org.postino.suite.SmtpdParams;

/// The filter before the queue: an SMTP server that gets each message while our client waits, and whose replies the client gets
/// (`smtpd_proxy_filter`, [ADR 27](docs/adr/0027-before-queue-filter.md)). Safe for use by several threads.
///
/// With `speed_adjust` messages wait in memory until they are complete, so that the filter never waits for a slow client. What all sessions
/// hold together is bounded; a message that finds no room goes to the filter as it comes.
final class ProxyFilter {
    private final ServerPlace place;
    private final Duration timeout;
    private final String ehlo;
    private final boolean speedAdjust;
    private final boolean marksRequireTls;
    private final ServerDialer dialer;
    private final HeldMemory memory = HeldMemory.ofMachine();

    private ProxyFilter(Config config, ServerPlace place, ServerDialer dialer) {
        this.place = place;
        this.dialer = dialer;
        timeout = config.get(SmtpdParams.SMTPD_PROXY_TIMEOUT);
        ehlo = config.get(SmtpdParams.SMTPD_PROXY_EHLO);
        speedAdjust = config.get(SmtpdParams.SMTPD_PROXY_OPTIONS).contains("speed_adjust");
        marksRequireTls = config.get(MainParams.REQUIRETLS_ESMTP_HEADER);
    }

    /// The filter that main.cf names; null if it names none.
    ///
    /// @throws FatalException the name is no place to connect to
    static @Nullable ProxyFilter of(Config config, ServerDialer dialer) {
        String text = config.get(SmtpdParams.SMTPD_PROXY_FILTER);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return new ProxyFilter(config, ServerPlace.local("a filter", text), dialer);
        } catch (ValueException e) {
            throw new FatalException(SmtpdParams.SMTPD_PROXY_FILTER.name() + ": " + e.getMessage());
        }
    }

    /// True if a message waits until it is complete.
    boolean adjustsSpeed() {
        return speedAdjust;
    }

    /// True if a field in the message stands for REQUIRETLS, which a filter need not know then.
    boolean marksRequireTls() {
        return marksRequireTls;
    }

    HeldMemory memory() {
        return memory;
    }

    /// Begins a message at the filter.
    ///
    /// @param attributes of the message's envelope, which tell who brought it
    /// @throws FilterConnection.FailedException the filter cannot be reached, or does not want the message
    FilterConnection open(Map<String, String> attributes, Command.Mail mail)
            throws FilterConnection.FailedException {
        FilterConnection connection;
        try {
            connection =
                    new FilterConnection(
                            dialer.dial(place, timeout), place.text(), timeout, marksRequireTls);
        } catch (IOException e) {
            throw FilterConnection.FailedException.broken(
                    "connect to proxy filter " + place.text() + ": " + e.getMessage());
        }
        connection.begin(ehlo, attributes, mail);
        return connection;
    }
}
