// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of the full-text index, which indexer(8) keeps and imapd(8) asks.
public final class FtsParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// imapd(8) asks indexer(8) which messages may contain a text, when a client searches a large mailbox for one; the
    /// index is made when it is first asked for, beside the mail.
    ///
    /// Turn it off to spare the disk; searches for texts read all messages then.
    ///
    ///     fts = no
    public static final Param<Boolean> FTS = T.bool("fts", true);

    /// local(8) and virtual(8) tell indexer(8) of each delivery, which indexes the message at once and not with the next search.
    ///
    /// Turn it on where people search often and memory for one more daemon is there.
    ///
    ///     fts_autoindex = yes
    public static final Param<Boolean> FTS_AUTOINDEX = T.bool("fts_autoindex", false);

    /// A search waits this long until messages that are not in the index yet are; 0 means that imapd(8) reads those itself
    /// meanwhile.
    ///
    /// Raise it where many messages come between two searches.
    ///
    ///     fts_search_timeout = 5s
    public static final Param<Duration> FTS_SEARCH_TIMEOUT = T.time("fts_search_timeout", "0s");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private FtsParams() {}
}
