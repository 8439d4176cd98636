// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.time.Duration;
import java.util.List;
import org.postino.config.Expander;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Parameters of milters, for smtpd(8) and cleanup(8).
public final class MilterParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// Mail filters that speak the milter protocol and are asked about each session and message of
    /// smtpd(8), one after the other, separated by commas or blanks. A filter is inet:host:port or
    /// unix:path (also local:path); a path without a slash in front is below queue_directory. In braces it may have attributes of its own:
    /// connect_timeout, command_timeout, content_timeout, default_action, protocol.
    ///
    /// Set it to have opendkim, rspamd, opendmarc or clamav-milter look at mail while its sender waits,
    /// so that unwanted mail is refused and not returned.
    ///
    ///     smtpd_milters = inet:127.0.0.1:11332, { unix:opendkim/opendkim.sock, default_action=accept }
    public static final Param<List<String>> SMTPD_MILTERS =
            T.list("smtpd_milters", "", new Filters());

    /// Mail filters for messages that do not come through smtpd(8): those of sendmail(1), and
    /// of what postsuper \-r puts back. They are told of a client localhost [127.0.0.1], and written as in smtpd_milters.
    ///
    /// Set it, mostly to the same as smtpd_milters, to have mail of local programs signed too.
    ///
    ///     non_smtpd_milters = $smtpd_milters
    public static final Param<List<String>> NON_SMTPD_MILTERS =
            T.list("non_smtpd_milters", "", new Filters());

    /// Tables with a client's address or network as key, and in place of smtpd_milters for such a client other filters, or the word DISABLE:
    /// none. A TCP port that a table names anew, and main.cf does not, is open to smtpd(8) after `postino reload`.
    ///
    /// Set it to spare clients whose mail needs no looking at, such as a monitor that connects every minute.
    ///
    ///     smtpd_milter_maps = cidr:/etc/postfix/smtpd_milter_map
    public static final Param<List<String>> SMTPD_MILTER_MAPS = T.list("smtpd_milter_maps", "");

    /// The time to connect to a milter and agree with it about the protocol.
    ///
    /// Lower it if a filter that is down should hold clients up for a shorter time.
    ///
    ///     milter_connect_timeout = 10s
    public static final Param<Duration> MILTER_CONNECT_TIMEOUT =
            T.time("milter_connect_timeout", "30s");

    /// The time that a milter has for its answer to one command of the client.
    ///
    /// Raise it for filters that ask the DNS a lot at MAIL or RCPT.
    ///
    ///     milter_command_timeout = 60s
    public static final Param<Duration> MILTER_COMMAND_TIMEOUT =
            T.time("milter_command_timeout", "30s");

    /// The time that a milter has for its answer to a part of the content, and at its end. A filter that says
    /// that it is still at work gets it anew.
    ///
    /// Raise it for scanners that take long over large messages; clients wait ten minutes for the reply to the end of a message (RFC 5321, 4.5.3.2.6).
    ///
    ///     milter_content_timeout = 500s
    public static final Param<Duration> MILTER_CONTENT_TIMEOUT =
            T.time("milter_content_timeout", "300s");

    /// The version of the milter protocol that filters are offered: 2, 3, 4 or 6.
    ///
    /// Lower it for a filter made with an old library that refuses 6.
    ///
    ///     milter_protocol = 2
    public static final Param<String> MILTER_PROTOCOL =
            T.choice("milter_protocol", "6", List.of("2", "3", "4", "6"));

    /// The answer in place of a milter that cannot be reached, breaks the protocol or is silent for too long. accept:
    /// as if it were not there. reject: 550. tempfail: 451. quarantine: the message goes to the hold queue. shutdown: 421, and the
    /// connection is closed. A filter that stops in the middle of a new body is answered with tempfail in any case, unless refused.
    ///
    /// Set it to accept for filters whose work mail can do without, such as a signature.
    ///
    ///     milter_default_action = accept
    public static final Param<String> MILTER_DEFAULT_ACTION =
            T.choice(
                    "milter_default_action",
                    "shutdown",
                    List.of("accept", "reject", "tempfail", "quarantine", "shutdown"));

    /// The macro {daemon_name} for milters.
    ///
    /// Set it to ORIGINATING on the rows for submission if a filter such as amavis or opendkim tells by it whose mail it signs.
    ///
    ///     milter_macro_daemon_name = ORIGINATING
    public static final Param<String> MILTER_MACRO_DAEMON_NAME =
            T.text("milter_macro_daemon_name", "$myhostname");

    /// The macro v for milters: name and version of the mail system.
    ///
    /// Set it for a filter that knows certain versions only.
    ///
    ///     milter_macro_v = Postfix 3.11.0
    public static final Param<String> MILTER_MACRO_V =
            T.text("milter_macro_v", "$mail_name $mail_version");

    /// Values of macros for milters where there is no other, as name=value; a value with blanks stands in braces.
    ///
    /// Set it for a filter that insists on a macro which has no value here.
    ///
    ///     milter_macro_defaults = auth_type=TLS, {client_resolve=OK}
    public static final Param<List<String>> MILTER_MACRO_DEFAULTS =
            T.list("milter_macro_defaults", "", new Defaults());

    /// The macros that milters are sent when a client connects; a filter may ask for others.
    ///
    /// Add what a filter's manual asks for; smtpd(8) lists what there is.
    ///
    ///     milter_connect_macros = j {daemon_name} {daemon_addr} v _ {client_ptr}
    public static final Param<List<String>> MILTER_CONNECT_MACROS =
            T.list("milter_connect_macros", "j {daemon_name} {daemon_addr} v _");

    /// The macros that milters are sent with HELO or EHLO.
    ///
    /// Add what a filter's manual asks for at this point.
    ///
    ///     milter_helo_macros = {tls_version} {cipher} {client_connections}
    public static final Param<List<String>> MILTER_HELO_MACROS =
            T.list(
                    "milter_helo_macros",
                    "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}");

    /// The macros that milters are sent with MAIL. There is no queue id (i) yet.
    ///
    /// Add what a filter's manual asks for about senders.
    ///
    ///     milter_mail_macros = i {mail_addr} {client_addr} {client_name} {auth_authen}
    public static final Param<List<String>> MILTER_MAIL_MACROS =
            T.list(
                    "milter_mail_macros",
                    "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host}"
                            + " {mail_mailer}");

    /// The macros that milters are sent with RCPT. The queue id (i) exists from the second recipient on.
    ///
    /// Add what a filter's manual asks for about recipients.
    ///
    ///     milter_rcpt_macros = i {rcpt_addr} {client_addr}
    public static final Param<List<String>> MILTER_RCPT_MACROS =
            T.list("milter_rcpt_macros", "i {rcpt_addr} {rcpt_host} {rcpt_mailer}");

    /// The macros that milters are sent with DATA.
    ///
    /// Add what a filter's manual asks for when the envelope is complete.
    ///
    ///     milter_data_macros = i {mail_addr}
    public static final Param<List<String>> MILTER_DATA_MACROS = T.list("milter_data_macros", "i");

    /// The macros that milters are sent when the header has ended, and with its first field.
    ///
    /// Add what a filter's manual asks for when it has seen the header.
    ///
    ///     milter_end_of_header_macros = i {auth_authen}
    public static final Param<List<String>> MILTER_END_OF_HEADER_MACROS =
            T.list("milter_end_of_header_macros", "i");

    /// The macros that milters are sent at the end of a message.
    ///
    /// Add what a filter's manual asks for when it decides.
    ///
    ///     milter_end_of_data_macros = i {auth_type}
    public static final Param<List<String>> MILTER_END_OF_DATA_MACROS =
            T.list("milter_end_of_data_macros", "i");

    /// The macros that milters are sent with a command that smtpd(8) does not know.
    ///
    /// Set it if a filter looks at such commands.
    ///
    ///     milter_unknown_command_macros = {client_addr}
    public static final Param<List<String>> MILTER_UNKNOWN_COMMAND_MACROS =
            T.list("milter_unknown_command_macros", "");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private MilterParams() {}

    /// Finds filters that cannot be read.
    private static final class Filters implements ParamType.Words {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                MilterSettings.parse(item);
            }
        }
    }

    /// Finds items that are no `name=value`.
    private static final class Defaults implements ParamType.Words {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                MilterMacros.pair(item);
            }
        }
    }
}
