// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of imapd(8).
public final class ImapdParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// imapd(8) begins with the TLS handshake at once, without STARTTLS.
    ///
    /// Set it with -o in the row of port 993 (imaps) alone.
    ///
    ///     imapd_tls_wrappermode = yes
    public static final Param<Boolean> IMAPD_TLS_WRAPPERMODE =
            T.bool("imapd_tls_wrappermode", false);

    /// The level says how much TLS imapd(8) wants: none, may (offer STARTTLS if there is a
    /// certificate), or encrypt (take no log-in without it).
    ///
    /// Use encrypt if all mail readers can; passwords from other machines need TLS in any case.
    ///
    ///     imapd_tls_security_level = encrypt
    public static final Param<String> IMAPD_TLS_SECURITY_LEVEL =
            T.choice("imapd_tls_security_level", "may", List.of("none", "may", "encrypt"));

    /// A client of imapd(8) may take this long to log in before it is disconnected.
    ///
    /// Shorten it if silent connections take up places.
    ///
    ///     imap_login_timeout = 60s
    public static final Param<Duration> IMAP_LOGIN_TIMEOUT = T.time("imap_login_timeout", "180s");

    /// A client of imapd(8) that has logged in may be silent for this long; RFC 3501 wants 30
    /// minutes or more.
    ///
    /// Lengthen it for mail readers that keep a connection open and say nothing.
    ///
    ///     imap_timeout = 60m
    public static final Param<Duration> IMAP_TIMEOUT = T.time("imap_timeout", "30m");

    /// imapd(8) sends a line this often to a client in IDLE, so that routers between do not forget
    /// the connection.
    ///
    /// Lengthen it to spare the batteries of telephones, or shorten it if connections die.
    ///
    ///     imap_idle_notify_interval = 240s
    public static final Param<Duration> IMAP_IDLE_NOTIFY_INTERVAL =
            T.time("imap_idle_notify_interval", "120s");

    /// A command line of an IMAP client, without its literals, may be this many bytes long.
    ///
    /// Raise it for mail readers that name thousands of messages in one command.
    ///
    ///     imap_max_line_length = 1048576
    public static final Param<Long> IMAP_MAX_LINE_LENGTH =
            T.number("imap_max_line_length", 65536, 1024, 16777216);

    /// APPEND takes messages of up to this many bytes; clients are told the limit. 0 means no
    /// limit.
    ///
    /// Raise it if users shall keep larger messages than they can send.
    ///
    ///     imap_append_limit = 104857600
    public static final Param<Long> IMAP_APPEND_LIMIT =
            T.number("imap_append_limit", "$message_size_limit", 0);

    /// This prefix, with the separator at its end, stands before the names of all mailboxes but
    /// INBOX.
    ///
    /// Set INBOX. for clients that were set up for Courier, so that they find their folders.
    ///
    ///     imap_namespace_prefix = INBOX.
    public static final Param<String> IMAP_NAMESPACE_PREFIX = T.text("imap_namespace_prefix", "");

    /// These mailboxes have a special use (RFC 6154), written attribute=mailbox; clients then need
    /// not ask where to put sent mail.
    ///
    /// Change it to the names that your users' folders have.
    ///
    ///     imap_special_use = \Sent=Sent, \Trash=Deleted, \Drafts=Drafts
    public static final Param<List<String>> IMAP_SPECIAL_USE =
            T.list(
                    "imap_special_use",
                    "\\Drafts=Drafts, \\Sent=Sent, \\Junk=Junk, \\Trash=Trash, \\Archive=Archive");

    /// A proxy in front of imapd(8) begins each connection with a header of the PROXY protocol of HAProxy
    /// (versions 1 and 2), which tells the client's address. It comes before a TLS handshake.
    ///
    /// Set it with -o on the row to which the proxy connects, and name the proxy in
    /// haproxy_trusted_networks.
    ///
    ///     imapd_haproxy = yes
    public static final Param<Boolean> IMAPD_HAPROXY = T.bool("imapd_haproxy", false);

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private ImapdParams() {}
}
