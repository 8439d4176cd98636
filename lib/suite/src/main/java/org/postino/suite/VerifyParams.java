// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of verify(8), which probes addresses.
public final class VerifyParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// This file keeps what verify(8) knows of addresses; the type in front of its name does not matter,
    /// and in $data_directory it lies in the directory verify. Empty: all is forgotten when verify(8) ends.
    ///
    /// Change it if the disk of $data_directory is small.
    ///
    ///     address_verify_map = btree:/srv/mail/verify_cache
    public static final Param<String> ADDRESS_VERIFY_MAP =
            T.text("address_verify_map", "btree:$data_directory/verify_cache");

    /// An address that a probe found good counts as good for this long, even if later probes fail.
    ///
    /// Shorten it where mailboxes come and go.
    ///
    ///     address_verify_positive_expire_time = 10d
    public static final Param<Duration> ADDRESS_VERIFY_POSITIVE_EXPIRE_TIME =
            T.time("address_verify_positive_expire_time", "31d", 'd');

    /// A good address is probed again when it was not for this long; mail need not wait for that.
    ///
    /// Shorten it together with address_verify_positive_expire_time.
    ///
    ///     address_verify_positive_refresh_time = 2d
    public static final Param<Duration> ADDRESS_VERIFY_POSITIVE_REFRESH_TIME =
            T.time("address_verify_positive_refresh_time", "7d", 'd');

    /// Addresses that a probe did not find good are remembered too.
    ///
    /// Turn it off only if there is never much spam: each message to a bad address then means another
    /// probe.
    ///
    ///     address_verify_negative_cache = no
    public static final Param<Boolean> ADDRESS_VERIFY_NEGATIVE_CACHE =
            T.bool("address_verify_negative_cache", true);

    /// An address that a probe did not find good is forgotten after this time.
    ///
    /// Shorten it if people complain of mail that is refused for long.
    ///
    ///     address_verify_negative_expire_time = 1d
    public static final Param<Duration> ADDRESS_VERIFY_NEGATIVE_EXPIRE_TIME =
            T.time("address_verify_negative_expire_time", "3d", 'd');

    /// An address that was not found good is probed again when it was not for this long.
    ///
    /// Shorten it if new mailboxes shall get mail soon after a sender tried them too early.
    ///
    ///     address_verify_negative_refresh_time = 30m
    public static final Param<Duration> ADDRESS_VERIFY_NEGATIVE_REFRESH_TIME =
            T.time("address_verify_negative_refresh_time", "3h", 'h');

    /// verify(8) takes what is too old out of its file this often; 0 means never.
    ///
    /// There is hardly a reason to change it.
    ///
    ///     address_verify_cache_cleanup_interval = 1h
    public static final Param<Duration> ADDRESS_VERIFY_CACHE_CLEANUP_INTERVAL =
            T.time("address_verify_cache_cleanup_interval", "12h", 'h');

    /// So many probes may be in the queue at a time; an address that would need another one is deferred.
    ///
    /// Lower it if probes push mail aside.
    ///
    ///     address_verify_pending_request_limit = 500
    public static final Param<Long> ADDRESS_VERIFY_PENDING_REQUEST_LIMIT =
            T.number("address_verify_pending_request_limit", 5000, 1);

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private VerifyParams() {}
}
