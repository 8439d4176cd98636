// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of pop3d(8).
public final class Pop3dParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// pop3d(8) begins with the TLS handshake at once, without STLS.
    ///
    /// Set it with -o in the row of port 995 (pop3s) alone.
    ///
    ///     pop3d_tls_wrappermode = yes
    public static final Param<Boolean> POP3D_TLS_WRAPPERMODE =
            T.bool("pop3d_tls_wrappermode", false);

    /// The level says how much TLS pop3d(8) wants: none, may (offer STLS if there is a
    /// certificate), or encrypt (take no log-in without it).
    ///
    /// Use encrypt if all mail readers can; passwords from other machines need TLS in any case.
    ///
    ///     pop3d_tls_security_level = encrypt
    public static final Param<String> POP3D_TLS_SECURITY_LEVEL =
            T.choice("pop3d_tls_security_level", "may", List.of("none", "may", "encrypt"));

    /// A client of pop3d(8) may take this long to log in before it is disconnected.
    ///
    /// Shorten it if silent connections take up places.
    ///
    ///     pop3_login_timeout = 60s
    public static final Param<Duration> POP3_LOGIN_TIMEOUT = T.time("pop3_login_timeout", "180s");

    /// A client of pop3d(8) that has logged in may be silent for this long; its deletions are
    /// forgotten when it is disconnected.
    ///
    /// Lengthen it for clients on slow links; RFC 1939 wants ten minutes or more.
    ///
    ///     pop3_timeout = 20m
    public static final Param<Duration> POP3_TIMEOUT = T.time("pop3_timeout", "10m");

    /// Messages that were retrieved by POP3 are not marked as seen.
    ///
    /// Turn it on if the same mailbox is read by IMAP, and new mail shall stay new there.
    ///
    ///     pop3_no_flag_updates = yes
    public static final Param<Boolean> POP3_NO_FLAG_UPDATES = T.bool("pop3_no_flag_updates", false);

    /// The answer to UIDL has this form, with Dovecot's variables: %u is the UID of the message, %v the
    /// UIDVALIDITY of the mailbox, %f the name of the file in a Maildir, %g the same or what Dovecot
    /// noted instead; %Xu is hexadecimal, %08Xu of eight digits, %Mf an MD5 digest. What
    /// dovecot-uidlist has for a message of an earlier server comes first.
    ///
    /// Match it with the server you move from, or clients that leave mail on the server fetch all
    /// of it again: %v.%u for Cyrus, %f, %u or %v-%u for Courier, %Mf for tpop3d.
    ///
    ///     pop3_uidl_format = %v-%u
    public static final Param<String> POP3_UIDL_FORMAT = T.raw("pop3_uidl_format", "%08Xu%08Xv");

    /// A message that has a field X-UIDL is known to POP3 clients by its value. Each message is opened
    /// for that.
    ///
    /// Turn it on after a move from a server that wrote such fields into the mail, as qpopper did.
    ///
    ///     pop3_reuse_xuidl = yes
    public static final Param<Boolean> POP3_REUSE_XUIDL = T.bool("pop3_reuse_xuidl", false);

    /// A maildrop belongs to one session of POP3 at a time, as RFC 1939 wants it; the file
    /// dovecot-pop3-session.lock keeps out those of Dovecot too.
    ///
    /// Turn it off if users fetch their mail from several places at once and see errors.
    ///
    ///     pop3_lock_session = no
    public static final Param<Boolean> POP3_LOCK_SESSION = T.bool("pop3_lock_session", true);

    /// The sizes that STAT and LIST tell are those of the files where nobody has counted the ends of
    /// lines yet. They may differ from what is sent.
    ///
    /// Turn it on if the first session after a move of very large mailboxes takes too long.
    ///
    ///     pop3_fast_size_lookups = yes
    public static final Param<Boolean> POP3_FAST_SIZE_LOOKUPS =
            T.bool("pop3_fast_size_lookups", false);

    /// pop3d(8) answers LAST, a command of RFC 1460 that is none of RFC 1939; RSET then makes all
    /// messages new, as it did there.
    ///
    /// Turn it on for a client so old that it asks for it.
    ///
    ///     pop3_enable_last = yes
    public static final Param<Boolean> POP3_ENABLE_LAST = T.bool("pop3_enable_last", false);

    /// Messages with this keyword are not shown to POP3 clients, while IMAP clients see them.
    ///
    /// Set it to keep what POP3 clients delete: see pop3_delete_type.
    ///
    ///     pop3_deleted_flag = $POP3Deleted
    public static final Param<String> POP3_DELETED_FLAG = T.raw("pop3_deleted_flag", "");

    /// A message that a client has deleted is removed (expunge), or gets pop3_deleted_flag (flag);
    /// default is flag if that is set, else expunge.
    ///
    /// Set expunge to remove them though some of an earlier time bear the flag.
    ///
    ///     pop3_delete_type = expunge
    public static final Param<String> POP3_DELETE_TYPE =
            T.choice("pop3_delete_type", "default", List.of("default", "expunge", "flag"));

    /// A user may log in again only when so much time has passed since the last session began;
    /// clients are told with CAPA (RFC 2449, 6.5). A new process of pop3d(8) begins without a memory.
    ///
    /// Set it against clients that look for mail every few seconds.
    ///
    ///     pop3_login_delay = 60s
    public static final Param<Duration> POP3_LOGIN_DELAY = T.time("pop3_login_delay", "0s");

    /// A proxy in front of pop3d(8) begins each connection with a header of the PROXY protocol of HAProxy
    /// (versions 1 and 2), which tells the client's address. It comes before a TLS handshake.
    ///
    /// Set it with -o on the row to which the proxy connects, and name the proxy in
    /// haproxy_trusted_networks.
    ///
    ///     pop3d_haproxy = yes
    public static final Param<Boolean> POP3D_HAPROXY = T.bool("pop3d_haproxy", false);

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private Pop3dParams() {}
}
