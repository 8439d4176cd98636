// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of imapd(8).
public final class ImapdParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<Boolean> IMAPD_TLS_WRAPPERMODE =
            T.bool("imapd_tls_wrappermode", false, "Begin with TLS at once, without STARTTLS.");
    public static final Param<String> IMAPD_TLS_SECURITY_LEVEL =
            T.choice(
                    "imapd_tls_security_level",
                    "may",
                    List.of("none", "may", "encrypt"),
                    "none, may (offer STARTTLS if there is a certificate), or encrypt (demand it).");
    public static final Param<Duration> IMAP_LOGIN_TIMEOUT =
            T.time("imap_login_timeout", "180s", "How long a client may take to log in.");
    public static final Param<Duration> IMAP_TIMEOUT =
            T.time("imap_timeout", "30m", "How long a client that has logged in may be silent.");
    public static final Param<Duration> IMAP_IDLE_NOTIFY_INTERVAL =
            T.time("imap_idle_notify_interval", "120s", "How often something is sent in IDLE.");
    public static final Param<Long> IMAP_MAX_LINE_LENGTH =
            T.number("imap_max_line_length", 65536, 1024, 16777216, "The longest command line.");
    public static final Param<Long> IMAP_APPEND_LIMIT =
            T.number(
                    "imap_append_limit",
                    "$message_size_limit",
                    0,
                    "The largest message that APPEND takes; 0: no limit.");

    public static final Param<String> IMAP_NAMESPACE_PREFIX =
            T.text(
                    "imap_namespace_prefix",
                    "",
                    "The prefix of all mailboxes but INBOX, with the separator at its end, as clients expect that were set up for Courier: INBOX and a dot.");
    public static final Param<List<String>> IMAP_SPECIAL_USE =
            T.list(
                    "imap_special_use",
                    "\\Drafts=Drafts, \\Sent=Sent, \\Junk=Junk, \\Trash=Trash, \\Archive=Archive",
                    "Mailboxes for special uses (RFC 6154): attribute=mailbox.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private ImapdParams() {}
}
