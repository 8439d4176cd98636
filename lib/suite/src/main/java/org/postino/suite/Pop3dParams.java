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

    /// The answer to UIDL has this form: %u is the UID of the message and %v the UIDVALIDITY of the
    /// mailbox; an X before the letter makes the number hexadecimal, and digits before that its
    /// width.
    ///
    /// Match it with the server you move from, or clients that leave mail on the server fetch all
    /// of it again.
    ///
    ///     pop3_uidl_format = %v-%u
    public static final Param<String> POP3_UIDL_FORMAT = T.raw("pop3_uidl_format", "%08Xu%08Xv");

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
