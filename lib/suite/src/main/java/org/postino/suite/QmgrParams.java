// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of qmgr(8).
public final class QmgrParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<Duration> QUEUE_RUN_DELAY =
            T.time("queue_run_delay", "300s", "How often the deferred queue is looked at.");
    public static final Param<Duration> MINIMAL_BACKOFF_TIME =
            T.time(
                    "minimal_backoff_time",
                    "300s",
                    "The shortest time between two attempts to deliver a message.");
    public static final Param<Duration> MAXIMAL_BACKOFF_TIME =
            T.time(
                    "maximal_backoff_time",
                    "4000s",
                    "The longest time between two attempts to deliver a message.");
    public static final Param<Duration> MAXIMAL_QUEUE_LIFETIME =
            T.time(
                    "maximal_queue_lifetime",
                    "5d",
                    'd',
                    "How long a message is tried before it is returned.");
    public static final Param<Duration> BOUNCE_QUEUE_LIFETIME =
            T.time(
                    "bounce_queue_lifetime",
                    "5d",
                    'd',
                    "How long a message from the null sender is tried.");
    public static final Param<Duration> DELAY_WARNING_TIME =
            T.time(
                    "delay_warning_time",
                    "0h",
                    'h',
                    "When the sender is told that a message is late; 0: never.");
    public static final Param<Long> QMGR_MESSAGE_ACTIVE_LIMIT =
            T.number(
                    "qmgr_message_active_limit",
                    20000,
                    1,
                    "How many messages are in the active queue at most.");
    public static final Param<Long> QMGR_MESSAGE_RECIPIENT_LIMIT =
            T.number(
                    "qmgr_message_recipient_limit",
                    20000,
                    1,
                    "How many recipients are in memory at most.");
    public static final Param<Long> INITIAL_DESTINATION_CONCURRENCY =
            T.number(
                    "initial_destination_concurrency",
                    5,
                    1,
                    "How many deliveries to a destination are begun with.");
    public static final Param<Long> DEFAULT_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "default_destination_concurrency_limit",
                    20,
                    0,
                    "How many deliveries to a destination run at a time at most.");
    public static final Param<Long> DEFAULT_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "default_destination_recipient_limit",
                    50,
                    0,
                    "How many recipients one delivery has at most.");
    public static final Param<Duration> DEFAULT_DESTINATION_RATE_DELAY =
            T.time(
                    "default_destination_rate_delay",
                    "0s",
                    "How long to wait between deliveries to a destination.");
    public static final Param<Duration> DEFAULT_TRANSPORT_RATE_DELAY =
            T.time(
                    "default_transport_rate_delay",
                    "0s",
                    "How long to wait between deliveries through a transport.");
    public static final Param<Long> DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT =
            T.number(
                    "default_destination_concurrency_failed_cohort_limit",
                    1,
                    0,
                    "After how many failed rounds a destination is taken for dead.");
    public static final Param<Long> LOCAL_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "local_destination_concurrency_limit",
                    2,
                    0,
                    "default_destination_concurrency_limit for local(8).");
    public static final Param<Long> LOCAL_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "local_destination_recipient_limit",
                    1,
                    0,
                    "default_destination_recipient_limit for local(8).");
    public static final Param<Long> SMTP_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "smtp_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0,
                    "default_destination_concurrency_limit for the smtp transport.");
    public static final Param<Long> RELAY_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "relay_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0,
                    "default_destination_concurrency_limit for the relay transport.");
    public static final Param<Long> LMTP_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "lmtp_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0,
                    "default_destination_concurrency_limit for the lmtp transport.");
    public static final Param<Long> VIRTUAL_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "virtual_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0,
                    "default_destination_concurrency_limit for the virtual transport.");
    public static final Param<Long> SMTP_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "smtp_destination_recipient_limit",
                    "$default_destination_recipient_limit",
                    0,
                    "default_destination_recipient_limit for the smtp transport.");
    public static final Param<Long> RELAY_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "relay_destination_recipient_limit",
                    "$default_destination_recipient_limit",
                    0,
                    "default_destination_recipient_limit for the relay transport.");
    public static final Param<Long> LMTP_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "lmtp_destination_recipient_limit",
                    "$default_destination_recipient_limit",
                    0,
                    "default_destination_recipient_limit for the lmtp transport.");
    public static final Param<Long> VIRTUAL_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "virtual_destination_recipient_limit",
                    "$default_destination_recipient_limit",
                    0,
                    "default_destination_recipient_limit for the virtual transport.");
    public static final Param<Duration> TRANSPORT_RETRY_TIME =
            T.time(
                    "transport_retry_time",
                    "60s",
                    "How long to wait before a transport that did not answer is tried again.");
    public static final Param<List<String>> DEFER_TRANSPORTS =
            T.list(
                    "defer_transports",
                    "",
                    "Transports whose mail is deferred until the queue is flushed.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private QmgrParams() {}
}
