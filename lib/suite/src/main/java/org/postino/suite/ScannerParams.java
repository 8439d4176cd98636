// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Expander;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.server.ServerPlace;

/// Parameters of smtpd(8) about scanners that it speaks with itself: spamd of SpamAssassin, clamd of ClamAV.
public final class ScannerParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    private enum Servers implements ParamType.Words {
        LIST;

        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                ServerPlace.parse("a server", item);
            }
        }
    }

    /// Messages of strangers are shown to SpamAssassin's spamd at the first of these places that answers, inet:host:port or
    /// unix:path; empty: none are. Mail of clients in $mynetworks and of those that have logged in is not.
    ///
    /// Set it where spamd runs; no filter and no further port is needed.
    ///
    ///     smtpd_spamd_servers = inet:127.0.0.1:783
    public static final Param<List<String>> SMTPD_SPAMD_SERVERS =
            T.list("smtpd_spamd_servers", "", Servers.LIST);

    /// spamd has this time for a message, from the connection to its last word.
    ///
    /// Lower it if clients give up before.
    ///
    ///     smtpd_spamd_time_limit = 30s
    public static final Param<Duration> SMTPD_SPAMD_TIME_LIMIT =
            T.time("smtpd_spamd_time_limit", "60s");

    /// A message of more bytes is not shown to spamd; until the end, so much of each message is in memory.
    ///
    /// Leave it: spam is small, and large messages take long.
    ///
    ///     smtpd_spamd_size_limit = 1048576
    public static final Param<Long> SMTPD_SPAMD_SIZE_LIMIT =
            T.number("smtpd_spamd_size_limit", 512_000, 1, 64L * 1024 * 1024);

    /// This is done about a message while no spamd answers: accept takes it without a score, tempfail defers it with 451.
    ///
    /// Set it to tempfail if nobody shall see mail that was not looked at.
    ///
    ///     smtpd_spamd_default_action = tempfail
    public static final Param<String> SMTPD_SPAMD_DEFAULT_ACTION =
            T.choice("smtpd_spamd_default_action", "accept", List.of("accept", "tempfail"));

    /// spamd takes the preferences of this user; empty: its own. The word recipient stands for the recipient of a message that has just one.
    ///
    /// Set it to recipient if users have preferences of their own in spamd.
    ///
    ///     smtpd_spamd_user = recipient
    public static final Param<String> SMTPD_SPAMD_USER = T.text("smtpd_spamd_user", "");

    /// A message with this score or more goes to the hold queue, where postqueue shows the score; 0: none does.
    ///
    /// Set it above what spamd itself calls spam, if somebody looks at what is held.
    ///
    ///     smtpd_spamd_hold_score = 8
    public static final Param<Long> SMTPD_SPAMD_HOLD_SCORE =
            T.number("smtpd_spamd_hold_score", 0, 0, 10_000);

    /// A message with this score or more is refused with 550; 0: none is.
    ///
    /// Set it high enough that nothing else is met; what is below is marked and delivered.
    ///
    ///     smtpd_spamd_reject_score = 12
    public static final Param<Long> SMTPD_SPAMD_REJECT_SCORE =
            T.number("smtpd_spamd_reject_score", 0, 0, 10_000);

    /// All messages are shown to ClamAV's clamd at the first of these places that answers, inet:host:port or unix:path; empty: none are.
    /// They are sent while they arrive.
    ///
    /// Set it where clamd runs. Let the account of smtpd into its socket, or make it listen on a port of this machine.
    ///
    ///     smtpd_clamd_servers = unix:/run/clamav/clamd.ctl
    public static final Param<List<String>> SMTPD_CLAMD_SERVERS =
            T.list("smtpd_clamd_servers", "", Servers.LIST);

    /// clamd must take each part of a message, and give its answer, within this time.
    ///
    /// Lower it if clients give up before clamd has answered.
    ///
    ///     smtpd_clamd_time_limit = 60s
    public static final Param<Duration> SMTPD_CLAMD_TIME_LIMIT =
            T.time("smtpd_clamd_time_limit", "120s");

    /// clamd is shown so many bytes of a message at most; it must not be more than its own StreamMaxLength.
    ///
    /// Change it together with StreamMaxLength of clamd.conf.
    ///
    ///     smtpd_clamd_size_limit = 52428800
    public static final Param<Long> SMTPD_CLAMD_SIZE_LIMIT =
            T.number("smtpd_clamd_size_limit", 25L * 1024 * 1024, 1);

    /// This is done about a message in which clamd has found something: reject refuses it with 550, quarantine puts it in the hold queue
    /// with the name of what was found, discard takes it and throws it away.
    ///
    /// Leave it: the sender hears that the mail has not arrived.
    ///
    ///     smtpd_clamd_action = quarantine
    public static final Param<String> SMTPD_CLAMD_ACTION =
            T.choice("smtpd_clamd_action", "reject", List.of("reject", "quarantine", "discard"));

    /// This is done about a message while no clamd answers: accept takes it unseen, tempfail defers it with 451.
    ///
    /// Leave it unless mail must arrive at any price.
    ///
    ///     smtpd_clamd_default_action = accept
    public static final Param<String> SMTPD_CLAMD_DEFAULT_ACTION =
            T.choice("smtpd_clamd_default_action", "tempfail", List.of("accept", "tempfail"));

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private ScannerParams() {}
}
