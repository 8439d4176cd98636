// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of qmgr(8).
public final class QmgrParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// The queue manager looks this often for deferred messages whose time has come.
    ///
    /// Keep it at minimal_backoff_time or less: a message is tried no sooner than the next look.
    ///
    ///     queue_run_delay = 120s
    public static final Param<Duration> QUEUE_RUN_DELAY = T.time("queue_run_delay", "300s");

    /// A deferred message waits at least this long for its next attempt, and a destination that
    /// could not be reached is left alone as long.
    ///
    /// Shorten it if most of your destinations refuse the first attempt (greylisting).
    ///
    ///     minimal_backoff_time = 120s
    public static final Param<Duration> MINIMAL_BACKOFF_TIME =
            T.time("minimal_backoff_time", "300s");

    /// A deferred message waits at most this long for its next attempt, however old it is; it waits
    /// as long as it has been in the queue already, within the two limits.
    ///
    /// Shorten it to have old mail tried more often.
    ///
    ///     maximal_backoff_time = 1800s
    public static final Param<Duration> MAXIMAL_BACKOFF_TIME =
            T.time("maximal_backoff_time", "4000s");

    /// A message that is older than this is returned after its next failed attempt. 0 means that
    /// each message is tried once.
    ///
    /// Shorten it if senders shall hear sooner that mail does not arrive; RFC 5321 wants four days
    /// or more.
    ///
    ///     maximal_queue_lifetime = 4d
    public static final Param<Duration> MAXIMAL_QUEUE_LIFETIME =
            T.time("maximal_queue_lifetime", "5d", 'd');

    /// A notification, which comes from the null sender, is given up after its next failed attempt
    /// when it is older than this.
    ///
    /// Shorten it if forged senders fill the queue with notifications that nobody takes.
    ///
    ///     bounce_queue_lifetime = 1d
    public static final Param<Duration> BOUNCE_QUEUE_LIFETIME =
            T.time("bounce_queue_lifetime", "5d", 'd');

    /// The sender of a message that is older than this and still waits is told so, once; 0 tells
    /// nobody.
    ///
    /// Set it to a few hours if users ask you what became of their mail.
    ///
    ///     delay_warning_time = 4h
    public static final Param<Duration> DELAY_WARNING_TIME =
            T.time("delay_warning_time", "0h", 'h');

    /// The active queue has at most this many messages; others wait in incoming or deferred.
    ///
    /// Raise it, with memory for the Java machine, if there are always more messages than that.
    ///
    ///     qmgr_message_active_limit = 40000
    public static final Param<Long> QMGR_MESSAGE_ACTIVE_LIMIT =
            T.number("qmgr_message_active_limit", 20000, 1);

    /// The queue manager has at most this many recipients in memory.
    ///
    /// Raise it together with qmgr_message_active_limit, and for messages with very many
    /// recipients.
    ///
    ///     qmgr_message_recipient_limit = 40000
    public static final Param<Long> QMGR_MESSAGE_RECIPIENT_LIMIT =
            T.number("qmgr_message_recipient_limit", 20000, 1);

    /// A destination gets this many deliveries at a time at first; each success allows one more,
    /// each failure one less.
    ///
    /// Lower it if a destination minds a burst of connections.
    ///
    ///     initial_destination_concurrency = 2
    public static final Param<Long> INITIAL_DESTINATION_CONCURRENCY =
            T.number("initial_destination_concurrency", 5, 1);

    /// A destination gets at most this many deliveries at a time; 0 means no limit. For one
    /// transport it is called TRANSPORT_destination_concurrency_limit.
    ///
    /// Lower it for one transport, in which you put destinations that mind many connections.
    ///
    ///     default_destination_concurrency_limit = 10
    public static final Param<Long> DEFAULT_DESTINATION_CONCURRENCY_LIMIT =
            T.number("default_destination_concurrency_limit", 20, 0);

    /// A delivery has at most this many recipients of a message; 0 means no limit. For one
    /// transport it is called TRANSPORT_destination_recipient_limit, and 1 makes each recipient a
    /// destination of its own.
    ///
    /// Lower it for a destination that takes few recipients at a time.
    ///
    ///     default_destination_recipient_limit = 20
    public static final Param<Long> DEFAULT_DESTINATION_RECIPIENT_LIMIT =
            T.number("default_destination_recipient_limit", 50, 0);

    /// A destination is left alone for this long after each delivery, so that it gets one at a
    /// time. For one transport it is called TRANSPORT_destination_rate_delay.
    ///
    /// Use it, for a transport of its own, with providers that count messages a minute.
    ///
    ///     default_destination_rate_delay = 1s
    public static final Param<Duration> DEFAULT_DESTINATION_RATE_DELAY =
            T.time("default_destination_rate_delay", "0s");

    /// A transport rests for this long between two deliveries, whatever their destinations. For one
    /// transport it is called TRANSPORT_transport_rate_delay.
    ///
    /// Use it where all mail leaves through one provider that counts messages.
    ///
    ///     default_transport_rate_delay = 1s
    public static final Param<Duration> DEFAULT_TRANSPORT_RATE_DELAY =
            T.time("default_transport_rate_delay", "0s");

    /// A destination is taken for dead after this many rounds of deliveries that all failed to
    /// reach it, and left alone for minimal_backoff_time; 0 never does so. For one transport it is
    /// called TRANSPORT_destination_concurrency_failed_cohort_limit.
    ///
    /// Raise it for a relay host that is busy now and then, or its mail waits without need.
    ///
    ///     default_destination_concurrency_failed_cohort_limit = 10
    public static final Param<Long> DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT =
            T.number("default_destination_concurrency_failed_cohort_limit", 1, 0);

    /// A content filter whose destination names no next hop, as the action `FILTER scan:` of an
    /// access table, gets messages at this one. If it is empty, the next hop is the recipient's
    /// domain.
    ///
    /// Set it when many tables name the same filter.
    ///
    ///     default_filter_nexthop = [127.0.0.1]:10024
    public static final Param<String> DEFAULT_FILTER_NEXTHOP = T.text("default_filter_nexthop", "");

    /// local(8) delivers this many messages to one user at a time.
    ///
    /// Leave it low: the deliveries only wait for each other's lock.
    ///
    ///     local_destination_concurrency_limit = 1
    public static final Param<Long> LOCAL_DESTINATION_CONCURRENCY_LIMIT =
            T.number("local_destination_concurrency_limit", 2, 0);

    /// One delivery of local(8) has this many recipients; with 1 each user is a destination, and
    /// one slow mailbox holds up no other.
    ///
    /// There is hardly a reason to change it.
    ///
    ///     local_destination_recipient_limit = 5
    public static final Param<Long> LOCAL_DESTINATION_RECIPIENT_LIMIT =
            T.number("local_destination_recipient_limit", 1, 0);

    /// The transport smtp has this many deliveries to one destination at a time.
    ///
    /// Lower it if providers complain of too many connections.
    ///
    ///     smtp_destination_concurrency_limit = 5
    public static final Param<Long> SMTP_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "smtp_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0);

    /// The transport relay, which serves relay_domains, has this many deliveries to one destination
    /// at a time.
    ///
    /// Raise it if the server behind is yours and can take more.
    ///
    ///     relay_destination_concurrency_limit = 50
    public static final Param<Long> RELAY_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "relay_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0);

    /// The transport lmtp has this many deliveries to one destination at a time, which for a mail
    /// store on a socket is all of it.
    ///
    /// Match it with the number of deliveries that the mail store takes at a time.
    ///
    ///     lmtp_destination_concurrency_limit = 10
    public static final Param<Long> LMTP_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "lmtp_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0);

    /// The transport virtual has this many deliveries to one domain at a time, or to one mailbox if
    /// its recipient limit is 1.
    ///
    /// Raise it if one domain has nearly all users.
    ///
    ///     virtual_destination_concurrency_limit = 50
    public static final Param<Long> VIRTUAL_DESTINATION_CONCURRENCY_LIMIT =
            T.number(
                    "virtual_destination_concurrency_limit",
                    "$default_destination_concurrency_limit",
                    0);

    /// One delivery of the transport smtp has at most this many recipients.
    ///
    /// Raise it for large lists with many members at the same provider; servers take at least 100.
    ///
    ///     smtp_destination_recipient_limit = 100
    public static final Param<Long> SMTP_DESTINATION_RECIPIENT_LIMIT =
            T.number("smtp_destination_recipient_limit", "$default_destination_recipient_limit", 0);

    /// One delivery of the transport relay has at most this many recipients.
    ///
    /// Lower it to 1 if the server behind treats messages with several recipients badly.
    ///
    ///     relay_destination_recipient_limit = 1
    public static final Param<Long> RELAY_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "relay_destination_recipient_limit", "$default_destination_recipient_limit", 0);

    /// One delivery of the transport lmtp has at most this many recipients.
    ///
    /// Lower it to 1 if the mail store is to treat each recipient on its own.
    ///
    ///     lmtp_destination_recipient_limit = 1
    public static final Param<Long> LMTP_DESTINATION_RECIPIENT_LIMIT =
            T.number("lmtp_destination_recipient_limit", "$default_destination_recipient_limit", 0);

    /// One delivery of the transport virtual has at most this many recipients.
    ///
    /// Set it to 1 so that one slow mailbox holds up no other.
    ///
    ///     virtual_destination_recipient_limit = 1
    public static final Param<Long> VIRTUAL_DESTINATION_RECIPIENT_LIMIT =
            T.number(
                    "virtual_destination_recipient_limit",
                    "$default_destination_recipient_limit",
                    0);

    /// A transport whose daemon could not be reached is left alone for this long.
    ///
    /// Shorten it while you set up a daemon of another program.
    ///
    ///     transport_retry_time = 10s
    public static final Param<Duration> TRANSPORT_RETRY_TIME =
            T.time("transport_retry_time", "60s");

    /// Mail for these transports waits until somebody flushes the queue.
    ///
    /// Name smtp on a machine that is connected now and then, and flush when it is.
    ///
    ///     defer_transports = smtp
    public static final Param<List<String>> DEFER_TRANSPORTS = T.list("defer_transports", "");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private QmgrParams() {}
}
