// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of smtpd(8), the SMTP server.
public final class SmtpdParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<String> SMTPD_BANNER =
            T.text(
                    "smtpd_banner",
                    "$myhostname ESMTP $mail_name",
                    "The text behind 220 in the greeting; must begin with $myhostname.");
    public static final Param<List<String>> SMTPD_CLIENT_RESTRICTIONS =
            T.list(
                    "smtpd_client_restrictions",
                    "",
                    RestrictionCheck.LIST,
                    "Restrictions at connection.");
    public static final Param<List<String>> SMTPD_HELO_RESTRICTIONS =
            T.list(
                    "smtpd_helo_restrictions",
                    "",
                    RestrictionCheck.LIST,
                    "Restrictions at HELO and EHLO.");
    public static final Param<List<String>> SMTPD_SENDER_RESTRICTIONS =
            T.list(
                    "smtpd_sender_restrictions",
                    "",
                    RestrictionCheck.LIST,
                    "Restrictions at MAIL FROM.");
    public static final Param<List<String>> SMTPD_RELAY_RESTRICTIONS =
            T.list(
                    "smtpd_relay_restrictions",
                    "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination",
                    RestrictionCheck.LIST,
                    "Restrictions at RCPT TO that decide who may relay.");
    public static final Param<List<String>> SMTPD_RECIPIENT_RESTRICTIONS =
            T.list(
                    "smtpd_recipient_restrictions",
                    "",
                    RestrictionCheck.LIST,
                    "Restrictions at RCPT TO.");
    public static final Param<List<String>> SMTPD_DATA_RESTRICTIONS =
            T.list("smtpd_data_restrictions", "", RestrictionCheck.LIST, "Restrictions at DATA.");
    public static final Param<List<String>> SMTPD_END_OF_DATA_RESTRICTIONS =
            T.list(
                    "smtpd_end_of_data_restrictions",
                    "",
                    RestrictionCheck.LIST,
                    "Restrictions at the end of the message.");
    public static final Param<Boolean> SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS =
            T.bool(
                    "smtpd_relay_before_recipient_restrictions",
                    "${{$compatibility_level} <level {3.6} ? {no} : {yes}}",
                    "Evaluate smtpd_relay_restrictions before smtpd_recipient_restrictions.");
    public static final Param<List<String>> SMTPD_RESTRICTION_CLASSES =
            T.list(
                    "smtpd_restriction_classes",
                    "",
                    RestrictionCheck.CLASSES,
                    "Names of parameters that are lists of restrictions and may be used as one.");
    public static final Param<Boolean> SMTPD_DELAY_REJECT =
            T.bool(
                    "smtpd_delay_reject",
                    true,
                    "Evaluate client, HELO and sender restrictions at RCPT TO.");
    public static final Param<Boolean> SMTPD_HELO_REQUIRED =
            T.bool("smtpd_helo_required", false, "Demand HELO or EHLO before MAIL.");
    public static final Param<Boolean> DISABLE_VRFY_COMMAND =
            T.bool("disable_vrfy_command", false, "Do not answer VRFY.");
    public static final Param<Boolean> STRICT_RFC821_ENVELOPES =
            T.bool(
                    "strict_rfc821_envelopes",
                    false,
                    "Demand <> around addresses, and no comments or phrases.");
    public static final Param<Boolean> SMTPUTF8_ENABLE =
            T.bool("smtputf8_enable", true, "Accept addresses with characters outside ASCII.");
    public static final Param<Boolean> SMTPD_PEERNAME_LOOKUP =
            T.bool(
                    "smtpd_peername_lookup",
                    true,
                    "Look up clients' names in the DNS; else all of them are unknown.");
    public static final Param<Boolean> SMTPD_CLIENT_PORT_LOGGING =
            T.bool("smtpd_client_port_logging", false, "Log the client port with its address.");
    public static final Param<Long> SMTPD_RECIPIENT_LIMIT =
            T.number("smtpd_recipient_limit", 1000, 1, "How many recipients a message may have.");
    public static final Param<Long> SMTPD_RECIPIENT_OVERSHOOT_LIMIT =
            T.number(
                    "smtpd_recipient_overshoot_limit",
                    1000,
                    0,
                    "How many recipients beyond that are errors of their own.");
    public static final Param<Duration> SMTPD_TIMEOUT =
            T.time("smtpd_timeout", "${stress?{10}:{300}}s", "How long to wait for the client.");
    public static final Param<Duration> SMTPD_STARTTLS_TIMEOUT =
            T.time(
                    "smtpd_starttls_timeout",
                    "${stress?{10}:{300}}s",
                    "How long a TLS handshake may take.");
    public static final Param<Long> SMTPD_MIN_DATA_RATE =
            T.number(
                    "smtpd_min_data_rate",
                    500,
                    1,
                    "Bytes a second below which a message transfer is given up.");
    public static final Param<Long> SMTPD_SOFT_ERROR_LIMIT =
            T.number("smtpd_soft_error_limit", 10, 0, "After how many errors replies are delayed.");
    public static final Param<Long> SMTPD_HARD_ERROR_LIMIT =
            T.number(
                    "smtpd_hard_error_limit",
                    "${stress?{1}:{20}}",
                    1,
                    "After how many errors the session ends.");
    public static final Param<Long> SMTPD_JUNK_COMMAND_LIMIT =
            T.number(
                    "smtpd_junk_command_limit",
                    "${stress?{1}:{100}}",
                    1,
                    "How many commands that do no work are no errors.");
    public static final Param<Duration> SMTPD_ERROR_SLEEP_TIME =
            T.time("smtpd_error_sleep_time", "1s", "How long replies to errors are delayed.");
    public static final Param<String> SMTPD_FORBID_BARE_NEWLINE =
            T.choice(
                    "smtpd_forbid_bare_newline",
                    "normalize",
                    List.of("no", "yes", "normalize", "reject", "note"),
                    "What to do with lines that end in LF alone: no, yes, normalize, reject, note.");
    public static final Param<List<String>> SMTPD_FORBID_BARE_NEWLINE_EXCLUSIONS =
            T.list(
                    "smtpd_forbid_bare_newline_exclusions",
                    "$mynetworks",
                    "Clients to which that does not apply.");
    public static final Param<Long> SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE =
            T.number(
                    "smtpd_forbid_bare_newline_reject_code",
                    550,
                    400,
                    599,
                    "The reply code for a line that ends in LF alone.");
    public static final Param<Boolean> SMTPD_FORBID_UNAUTH_PIPELINING =
            T.bool(
                    "smtpd_forbid_unauth_pipelining",
                    true,
                    "End the session of a client that sends commands ahead without being allowed to.");
    public static final Param<List<String>> SMTPD_FORBIDDEN_COMMANDS =
            T.list(
                    "smtpd_forbidden_commands",
                    "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}",
                    "Commands after which the session ends.");
    public static final Param<List<String>> SMTPD_NOOP_COMMANDS =
            T.list("smtpd_noop_commands", "", "Commands that are answered like NOOP.");
    public static final Param<List<String>> SMTPD_DISCARD_EHLO_KEYWORDS =
            T.list("smtpd_discard_ehlo_keywords", "", "EHLO keywords that are not announced.");
    public static final Param<List<String>> SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS =
            T.list(
                    "smtpd_discard_ehlo_keyword_address_maps",
                    "",
                    "Tables of EHLO keywords not announced to a client address.");
    public static final Param<Long> SMTPD_CLIENT_CONNECTION_COUNT_LIMIT =
            T.number(
                    "smtpd_client_connection_count_limit",
                    50,
                    0,
                    "How many simultaneous sessions a client may have; 0: no limit.");
    public static final Param<Long> SMTPD_CLIENT_CONNECTION_RATE_LIMIT =
            T.number(
                    "smtpd_client_connection_rate_limit",
                    0,
                    0,
                    "How many sessions a client may begin in $anvil_rate_time_unit; 0: no limit.");
    public static final Param<Long> SMTPD_CLIENT_MESSAGE_RATE_LIMIT =
            T.number(
                    "smtpd_client_message_rate_limit",
                    0,
                    0,
                    "How many messages a client may send in $anvil_rate_time_unit; 0: no limit.");
    public static final Param<Long> SMTPD_CLIENT_RECIPIENT_RATE_LIMIT =
            T.number(
                    "smtpd_client_recipient_rate_limit",
                    0,
                    0,
                    "How many recipients a client may name in $anvil_rate_time_unit; 0: no limit.");
    public static final Param<Long> SMTPD_CLIENT_AUTH_RATE_LIMIT =
            T.number(
                    "smtpd_client_auth_rate_limit",
                    0,
                    0,
                    "How many AUTH commands a client may send in $anvil_rate_time_unit; 0: no limit.");
    public static final Param<List<String>> SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS =
            T.list(
                    "smtpd_client_event_limit_exceptions",
                    "$mynetworks",
                    "Clients to which these limits do not apply.");
    public static final Param<Duration> ANVIL_RATE_TIME_UNIT =
            T.time("anvil_rate_time_unit", "60s", "The time over which rates are counted.");
    public static final Param<Boolean> SMTPD_REJECT_UNLISTED_RECIPIENT =
            T.bool(
                    "smtpd_reject_unlisted_recipient",
                    true,
                    "Refuse unknown recipients even where no restriction says so.");
    public static final Param<Boolean> SMTPD_REJECT_UNLISTED_SENDER =
            T.bool(
                    "smtpd_reject_unlisted_sender",
                    false,
                    "Refuse senders in our domains that do not exist.");
    public static final Param<Boolean> SHOW_USER_UNKNOWN_TABLE_NAME =
            T.bool(
                    "show_user_unknown_table_name",
                    true,
                    "Name the table in the reply about an unknown user.");
    public static final Param<String> SMTPD_REJECT_FOOTER =
            T.text("smtpd_reject_footer", "", "Text appended to every 4xx and 5xx reply.");
    public static final Param<String> SMTPD_NULL_ACCESS_LOOKUP_KEY =
            T.text(
                    "smtpd_null_access_lookup_key",
                    "<>",
                    "The key looked up for the null sender in access tables.");
    public static final Param<List<String>> SMTPD_SENDER_LOGIN_MAPS =
            T.list(
                    "smtpd_sender_login_maps",
                    "",
                    "Tables that say which login names own a sender address.");

    // Authentication
    public static final Param<Boolean> SMTPD_SASL_AUTH_ENABLE =
            T.bool("smtpd_sasl_auth_enable", false, "Offer AUTH.");
    public static final Param<String> SMTPD_SASL_TYPE =
            T.choice(
                    "smtpd_sasl_type",
                    "dovecot",
                    List.of("dovecot", "cyrus"),
                    "Who checks passwords: a server with the Dovecot protocol.");
    public static final Param<String> SMTPD_SASL_PATH =
            T.text(
                    "smtpd_sasl_path",
                    "$auth_socket_path",
                    "The socket of the server that checks passwords, relative to $queue_directory.");
    public static final Param<String> SMTPD_SASL_SERVICE =
            T.text("smtpd_sasl_service", "smtp", "The service name sent to that server.");
    public static final Param<List<String>> SMTPD_SASL_SECURITY_OPTIONS =
            T.list(
                    "smtpd_sasl_security_options",
                    "noanonymous",
                    "Properties a mechanism must have: noplaintext, noanonymous, and so on.");
    public static final Param<List<String>> SMTPD_SASL_TLS_SECURITY_OPTIONS =
            T.list(
                    "smtpd_sasl_tls_security_options",
                    "$smtpd_sasl_security_options",
                    "The same with TLS.");
    public static final Param<List<String>> SMTPD_SASL_MECHANISM_FILTER =
            T.list(
                    "smtpd_sasl_mechanism_filter",
                    "!external, static:rest",
                    "The mechanisms offered.");
    public static final Param<List<String>> SMTPD_SASL_EXCEPTIONS_NETWORKS =
            T.list("smtpd_sasl_exceptions_networks", "", "Clients to which AUTH is not offered.");
    public static final Param<Boolean> SMTPD_SASL_AUTHENTICATED_HEADER =
            T.bool(
                    "smtpd_sasl_authenticated_header",
                    false,
                    "Name the login in the Received: header field.");
    public static final Param<Long> SMTPD_SASL_RESPONSE_LIMIT =
            T.number(
                    "smtpd_sasl_response_limit",
                    12288,
                    256,
                    "The longest response of a client in an authentication.");
    public static final Param<Boolean> BROKEN_SASL_AUTH_CLIENTS =
            T.bool("broken_sasl_auth_clients", false, "Announce AUTH in the old form too.");

    // Reply codes
    public static final Param<Long> ACCESS_MAP_REJECT_CODE =
            T.number(
                    "access_map_reject_code",
                    554,
                    400,
                    599,
                    "The reply code for an access table that says REJECT.");
    public static final Param<Long> ACCESS_MAP_DEFER_CODE =
            T.number(
                    "access_map_defer_code",
                    450,
                    400,
                    599,
                    "The reply code for an access table that says DEFER.");
    public static final Param<Long> DEFER_CODE =
            T.number("defer_code", 450, 400, 599, "The reply code for defer.");
    public static final Param<Long> REJECT_CODE =
            T.number("reject_code", 554, 400, 599, "The reply code for reject.");
    public static final Param<Long> INVALID_HOSTNAME_REJECT_CODE =
            T.number(
                    "invalid_hostname_reject_code",
                    501,
                    400,
                    599,
                    "The reply code for reject_invalid_helo_hostname.");
    public static final Param<Long> NON_FQDN_REJECT_CODE =
            T.number(
                    "non_fqdn_reject_code",
                    504,
                    400,
                    599,
                    "The reply code for a name that is not fully qualified.");
    public static final Param<Long> RELAY_DOMAINS_REJECT_CODE =
            T.number(
                    "relay_domains_reject_code",
                    554,
                    400,
                    599,
                    "The reply code for reject_unauth_destination.");
    public static final Param<Long> PLAINTEXT_REJECT_CODE =
            T.number(
                    "plaintext_reject_code",
                    450,
                    400,
                    599,
                    "The reply code for reject_plaintext_session.");
    public static final Param<Long> MULTI_RECIPIENT_BOUNCE_REJECT_CODE =
            T.number(
                    "multi_recipient_bounce_reject_code",
                    550,
                    400,
                    599,
                    "The reply code for reject_multi_recipient_bounce.");
    public static final Param<Long> UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE =
            T.number(
                    "unknown_local_recipient_reject_code",
                    550,
                    400,
                    599,
                    "The reply code for an unknown recipient in $mydestination.");
    public static final Param<Long> UNKNOWN_RELAY_RECIPIENT_REJECT_CODE =
            T.number(
                    "unknown_relay_recipient_reject_code",
                    550,
                    400,
                    599,
                    "The reply code for an unknown recipient in $relay_domains.");
    public static final Param<Long> UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE =
            T.number(
                    "unknown_virtual_alias_reject_code",
                    550,
                    400,
                    599,
                    "The reply code for an unknown recipient in $virtual_alias_domains.");
    public static final Param<Long> UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE =
            T.number(
                    "unknown_virtual_mailbox_reject_code",
                    550,
                    400,
                    599,
                    "The reply code for an unknown recipient in $virtual_mailbox_domains.");
    public static final Param<Long> UNKNOWN_CLIENT_REJECT_CODE =
            T.number(
                    "unknown_client_reject_code",
                    450,
                    400,
                    599,
                    "The reply code for a client whose name is not known.");
    public static final Param<Long> UNKNOWN_ADDRESS_REJECT_CODE =
            T.number(
                    "unknown_address_reject_code",
                    450,
                    400,
                    599,
                    "The reply code for an address in a domain that does not exist.");
    public static final Param<Long> UNKNOWN_HOSTNAME_REJECT_CODE =
            T.number(
                    "unknown_hostname_reject_code",
                    450,
                    400,
                    599,
                    "The reply code for a name in HELO that does not exist.");
    public static final Param<String> REJECT_TEMPFAIL_ACTION =
            T.choice(
                    "reject_tempfail_action",
                    "defer_if_permit",
                    List.of("defer_if_permit", "defer"),
                    "What follows if the DNS has no answer today: defer_if_permit, defer.");
    public static final Param<String> UNKNOWN_ADDRESS_TEMPFAIL_ACTION =
            T.choice(
                    "unknown_address_tempfail_action",
                    "$reject_tempfail_action",
                    List.of("defer_if_permit", "defer"),
                    "The same for reject_unknown_sender_domain, reject_unknown_recipient_domain.");
    public static final Param<String> UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION =
            T.choice(
                    "unknown_helo_hostname_tempfail_action",
                    "$reject_tempfail_action",
                    List.of("defer_if_permit", "defer"),
                    "The same for reject_unknown_helo_hostname.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    /// Those that are lists of restrictions.
    public static final List<Param<List<String>>> RESTRICTION_LISTS =
            List.of(
                    SMTPD_CLIENT_RESTRICTIONS,
                    SMTPD_HELO_RESTRICTIONS,
                    SMTPD_SENDER_RESTRICTIONS,
                    SMTPD_RELAY_RESTRICTIONS,
                    SMTPD_RECIPIENT_RESTRICTIONS,
                    SMTPD_DATA_RESTRICTIONS,
                    SMTPD_END_OF_DATA_RESTRICTIONS);

    private SmtpdParams() {}
}
