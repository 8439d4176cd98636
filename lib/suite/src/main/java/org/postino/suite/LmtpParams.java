// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.tls.RequireTlsAction;

/// Parameters of lmtp(8), each beside one of [SmtpParams] with the same meaning and type.
public final class LmtpParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// As smtp_helo_name, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_lhlo_name = out.example.com
    public static final Param<String> LMTP_LHLO_NAME = T.required("lmtp_lhlo_name", "$myhostname");

    /// As smtp_bind_address, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_bind_address = 192.0.2.10
    public static final Param<String> LMTP_BIND_ADDRESS = T.text("lmtp_bind_address", "");

    /// As smtp_bind_address6, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_bind_address6 = 2001:db8::10
    public static final Param<String> LMTP_BIND_ADDRESS6 = T.text("lmtp_bind_address6", "");

    /// As smtp_address_preference, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_address_preference = ipv4
    public static final Param<String> LMTP_ADDRESS_PREFERENCE =
            T.choice("lmtp_address_preference", "any", List.of("any", "ipv4", "ipv6"));

    /// As smtp_dns_reply_filter, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_dns_reply_filter = regexp:{ {/^[^ ]+\.example\.com\. [^ ]+ IN AAAA / IGNORE} }
    public static final Param<List<String>> LMTP_DNS_REPLY_FILTER =
            T.list("lmtp_dns_reply_filter", "");

    /// As smtp_requiretls_policy, for lmtp(8). What goes over a Unix socket needs no TLS.
    ///
    /// Set it to enforce for a server of LMTP on another machine that passes mail on.
    ///
    ///     lmtp_requiretls_policy = enforce
    public static final Param<List<String>> LMTP_REQUIRETLS_POLICY =
            T.list("lmtp_requiretls_policy", "opportunistic", RequireTlsAction.ITEMS);

    /// As smtp_tcp_port, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_tcp_port = 2003
    public static final Param<String> LMTP_TCP_PORT = T.text("lmtp_tcp_port", "24");

    /// As smtp_connect_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_connect_timeout = 10s
    public static final Param<Duration> LMTP_CONNECT_TIMEOUT = T.time("lmtp_connect_timeout", "0s");

    /// As smtp_helo_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_lhlo_timeout = 120s
    public static final Param<Duration> LMTP_LHLO_TIMEOUT = T.time("lmtp_lhlo_timeout", "300s");

    /// As smtp_mail_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_mail_timeout = 120s
    public static final Param<Duration> LMTP_MAIL_TIMEOUT = T.time("lmtp_mail_timeout", "300s");

    /// As smtp_rcpt_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_rcpt_timeout = 600s
    public static final Param<Duration> LMTP_RCPT_TIMEOUT = T.time("lmtp_rcpt_timeout", "300s");

    /// As smtp_data_init_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_data_init_timeout = 60s
    public static final Param<Duration> LMTP_DATA_INIT_TIMEOUT =
            T.time("lmtp_data_init_timeout", "120s");

    /// As smtp_data_xfer_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_data_xfer_timeout = 600s
    public static final Param<Duration> LMTP_DATA_XFER_TIMEOUT =
            T.time("lmtp_data_xfer_timeout", "180s");

    /// As smtp_data_done_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_data_done_timeout = 1200s
    public static final Param<Duration> LMTP_DATA_DONE_TIMEOUT =
            T.time("lmtp_data_done_timeout", "600s");

    /// As smtp_send_xforward_command, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_send_xforward_command = yes
    public static final Param<Boolean> LMTP_SEND_XFORWARD_COMMAND =
            T.bool("lmtp_send_xforward_command", "no");

    /// As smtp_xforward_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_xforward_timeout = 60s
    public static final Param<Duration> LMTP_XFORWARD_TIMEOUT =
            T.time("lmtp_xforward_timeout", "300s");

    /// As smtp_rset_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_rset_timeout = 10s
    public static final Param<Duration> LMTP_RSET_TIMEOUT = T.time("lmtp_rset_timeout", "20s");

    /// As smtp_quit_timeout, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_quit_timeout = 30s
    public static final Param<Duration> LMTP_QUIT_TIMEOUT = T.time("lmtp_quit_timeout", "300s");

    /// As smtp_host_lookup, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_host_lookup = dns, native
    public static final Param<List<String>> LMTP_HOST_LOOKUP = T.list("lmtp_host_lookup", "dns");

    /// As smtp_defer_if_no_mx_address_found, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_defer_if_no_mx_address_found = yes
    public static final Param<Boolean> LMTP_DEFER_IF_NO_MX_ADDRESS_FOUND =
            T.bool("lmtp_defer_if_no_mx_address_found", false);

    /// As smtp_mx_address_limit, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_mx_address_limit = 10
    public static final Param<Long> LMTP_MX_ADDRESS_LIMIT = T.number("lmtp_mx_address_limit", 5, 0);

    /// As smtp_mx_session_limit, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_mx_session_limit = 5
    public static final Param<Long> LMTP_MX_SESSION_LIMIT = T.number("lmtp_mx_session_limit", 2, 0);

    /// As smtp_connection_cache_time_limit, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_connection_cache_time_limit = 5s
    public static final Param<Duration> LMTP_CONNECTION_CACHE_TIME_LIMIT =
            T.time("lmtp_connection_cache_time_limit", "2s");

    /// As smtp_connection_reuse_time_limit, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_connection_reuse_time_limit = 60s
    public static final Param<Duration> LMTP_CONNECTION_REUSE_TIME_LIMIT =
            T.time("lmtp_connection_reuse_time_limit", "300s");

    /// As smtp_connection_reuse_count_limit, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_connection_reuse_count_limit = 20
    public static final Param<Long> LMTP_CONNECTION_REUSE_COUNT_LIMIT =
            T.number("lmtp_connection_reuse_count_limit", 0, 0);

    /// As smtp_randomize_addresses, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_randomize_addresses = no
    public static final Param<Boolean> LMTP_RANDOMIZE_ADDRESSES =
            T.bool("lmtp_randomize_addresses", true);

    /// As smtp_skip_5xx_greeting, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_skip_5xx_greeting = no
    public static final Param<Boolean> LMTP_SKIP_5XX_GREETING =
            T.bool("lmtp_skip_5xx_greeting", true);

    /// As smtp_skip_quit_response, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_skip_quit_response = yes
    public static final Param<Boolean> LMTP_SKIP_QUIT_RESPONSE =
            T.bool("lmtp_skip_quit_response", false);

    /// As smtp_line_length_limit, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_line_length_limit = 0
    public static final Param<Long> LMTP_LINE_LENGTH_LIMIT =
            T.number("lmtp_line_length_limit", 998, 0);

    /// As smtp_discard_ehlo_keywords, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_discard_lhlo_keywords = pipelining
    public static final Param<List<String>> LMTP_DISCARD_LHLO_KEYWORDS =
            T.list("lmtp_discard_lhlo_keywords", "");

    /// As smtp_sasl_auth_enable, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sasl_auth_enable = yes
    public static final Param<Boolean> LMTP_SASL_AUTH_ENABLE =
            T.bool("lmtp_sasl_auth_enable", false);

    /// As smtp_sasl_password_maps, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sasl_password_maps = texthash:/etc/postino/sasl_passwd
    public static final Param<List<String>> LMTP_SASL_PASSWORD_MAPS =
            T.list("lmtp_sasl_password_maps", "");

    /// As smtp_sasl_security_options, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sasl_security_options = noanonymous
    public static final Param<List<String>> LMTP_SASL_SECURITY_OPTIONS =
            T.list("lmtp_sasl_security_options", "noplaintext, noanonymous");

    /// As smtp_sasl_tls_security_options, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sasl_tls_security_options = noanonymous
    public static final Param<List<String>> LMTP_SASL_TLS_SECURITY_OPTIONS =
            T.list("lmtp_sasl_tls_security_options", "$lmtp_sasl_security_options");

    /// As smtp_sasl_mechanism_filter, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sasl_mechanism_filter = plain, login
    public static final Param<List<String>> LMTP_SASL_MECHANISM_FILTER =
            T.list("lmtp_sasl_mechanism_filter", "");

    /// As smtp_sender_dependent_authentication, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sender_dependent_authentication = yes
    public static final Param<Boolean> LMTP_SENDER_DEPENDENT_AUTHENTICATION =
            T.bool("lmtp_sender_dependent_authentication", false);

    /// As smtp_sasl_auth_soft_bounce, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_sasl_auth_soft_bounce = no
    public static final Param<Boolean> LMTP_SASL_AUTH_SOFT_BOUNCE =
            T.bool("lmtp_sasl_auth_soft_bounce", true);

    /// As smtp_address_verify_target, for lmtp(8).
    ///
    /// Set it for servers of LMTP: lmtp(8) does not read the other one.
    ///
    ///     lmtp_address_verify_target = data
    public static final Param<String> LMTP_ADDRESS_VERIFY_TARGET =
            T.choice("lmtp_address_verify_target", "rcpt", List.of("rcpt", "data"));

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private LmtpParams() {}
}
