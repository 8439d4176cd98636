// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.suite.QmgrParams;

/// The settings of qmgr, read from main.cf.
///
/// @param activeLimit messages in the active queue at most
/// @param recipientLimit recipients in memory beyond which no further message is taken in
/// @param delimiters the characters of `recipient_delimiter`
/// @param filterNexthop `default_filter_nexthop`; empty: the domain of each recipient
/// @param limits the limits of a transport by its name
record QmgrSettings(
        int activeLimit,
        int recipientLimit,
        Duration queueRunDelay,
        Duration minimalBackoff,
        Duration maximalBackoff,
        Duration maximalLifetime,
        Duration bounceLifetime,
        Duration delayWarning,
        Duration transportRetry,
        List<String> deferTransports,
        String delimiters,
        String filterNexthop,
        Function<String, Limits> limits) {

    /// The limits of one transport.
    ///
    /// @param processes deliveries at a time, over all destinations; zero: no limit
    /// @param initialConcurrency deliveries to a destination of which nothing is known yet
    /// @param concurrency deliveries to a destination at most; zero: no limit
    /// @param recipients recipients in one delivery at most; zero: no limit; one: each user is a destination of its own
    /// @param failedCohorts failed rounds after which a destination is dead; zero: never
    /// @param destinationPause the rest of a destination after each delivery; unless it is zero, the destination gets one delivery at a time
    /// @param transportPause the rest of the transport after each delivery; unless it is zero, the transport does one delivery at a time
    record Limits(
            int processes,
            int initialConcurrency,
            int concurrency,
            int recipients,
            int failedCohorts,
            Duration destinationPause,
            Duration transportPause) {
        Limits {
            if (!destinationPause.isZero()) {
                concurrency = 1;
                initialConcurrency = 1;
            }
            if (!transportPause.isZero()) {
                processes = 1;
            }
        }
    }

    /// @param rows the services of master.cf: an agent does so many deliveries at a time as its row has places
    static QmgrSettings of(Config c, List<MasterCf.Row> rows) {
        return new QmgrSettings(
                whole(c.get(QmgrParams.QMGR_MESSAGE_ACTIVE_LIMIT)),
                whole(c.get(QmgrParams.QMGR_MESSAGE_RECIPIENT_LIMIT)),
                c.get(QmgrParams.QUEUE_RUN_DELAY),
                c.get(QmgrParams.MINIMAL_BACKOFF_TIME),
                c.get(QmgrParams.MAXIMAL_BACKOFF_TIME),
                c.get(QmgrParams.MAXIMAL_QUEUE_LIFETIME),
                c.get(QmgrParams.BOUNCE_QUEUE_LIFETIME),
                c.get(QmgrParams.DELAY_WARNING_TIME),
                c.get(QmgrParams.TRANSPORT_RETRY_TIME),
                c.get(QmgrParams.DEFER_TRANSPORTS),
                c.get(MainParams.RECIPIENT_DELIMITER),
                c.get(QmgrParams.DEFAULT_FILTER_NEXTHOP),
                transport -> limits(c, places(c, rows, transport), transport));
    }

    private static int places(Config c, List<MasterCf.Row> rows, String transport) {
        for (MasterCf.Row row : rows) {
            if (row.key().equals(transport + "/unix") && row.maxproc().isPresent()) {
                return row.maxproc().getAsInt();
            }
        }
        return whole(c.get(MainParams.DEFAULT_PROCESS_LIMIT));
    }

    private static Limits limits(Config c, int processes, String transport) {
        return new Limits(
                processes,
                whole(c.get(QmgrParams.INITIAL_DESTINATION_CONCURRENCY, transport)),
                whole(c.get(QmgrParams.DEFAULT_DESTINATION_CONCURRENCY_LIMIT, transport)),
                whole(c.get(QmgrParams.DEFAULT_DESTINATION_RECIPIENT_LIMIT, transport)),
                whole(
                        c.get(
                                QmgrParams.DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT,
                                transport)),
                c.get(QmgrParams.DEFAULT_DESTINATION_RATE_DELAY, transport),
                c.get(QmgrParams.DEFAULT_TRANSPORT_RATE_DELAY, transport));
    }

    private static int whole(long value) {
        return (int) Math.min(Integer.MAX_VALUE, value);
    }

    /// The time of the next attempt at a message that is deferred at `now`. It waits as long as it is old, within the
    /// bounds, so that its age about doubles from attempt to attempt.
    Instant nextAttempt(Instant arrival, Instant now) {
        Duration wait = Duration.between(arrival, now);
        if (wait.compareTo(maximalBackoff) > 0) {
            wait = maximalBackoff;
        }
        if (wait.compareTo(minimalBackoff) < 0) {
            wait = minimalBackoff;
        }
        return now.plus(wait);
    }

    /// The time for which a message of that sender is tried.
    Duration lifetime(String sender) {
        return sender.isEmpty() ? bounceLifetime : maximalLifetime;
    }
}
