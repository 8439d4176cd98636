// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of smtp(8), the SMTP client.
public final class SmtpParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<String> SMTP_HELO_NAME =
            T.required("smtp_helo_name", "$myhostname", "The name sent with HELO and EHLO.");
    public static final Param<String> SMTP_BIND_ADDRESS =
            T.text("smtp_bind_address", "", "The IPv4 address from which connections are made.");
    public static final Param<String> SMTP_BIND_ADDRESS6 =
            T.text("smtp_bind_address6", "", "The IPv6 address from which connections are made.");
    public static final Param<String> SMTP_ADDRESS_PREFERENCE =
            T.choice(
                    "smtp_address_preference",
                    "any",
                    List.of("any", "ipv4", "ipv6"),
                    "The address type tried first: any, ipv4, ipv6.");
    public static final Param<String> SMTP_TCP_PORT =
            T.text(
                    "smtp_tcp_port",
                    "smtp",
                    "The port connected to where the next hop does not say.");
    public static final Param<Duration> SMTP_CONNECT_TIMEOUT =
            T.time("smtp_connect_timeout", "30s", "How long a connection may take to be made.");
    public static final Param<Duration> SMTP_HELO_TIMEOUT =
            T.time(
                    "smtp_helo_timeout",
                    "300s",
                    "How long to wait for the greeting and the answer to HELO.");
    public static final Param<Duration> SMTP_MAIL_TIMEOUT =
            T.time("smtp_mail_timeout", "300s", "How long to wait for the answer to MAIL FROM.");
    public static final Param<Duration> SMTP_RCPT_TIMEOUT =
            T.time("smtp_rcpt_timeout", "300s", "How long to wait for the answer to RCPT TO.");
    public static final Param<Duration> SMTP_DATA_INIT_TIMEOUT =
            T.time("smtp_data_init_timeout", "120s", "How long to wait for the answer to DATA.");
    public static final Param<Duration> SMTP_DATA_XFER_TIMEOUT =
            T.time(
                    "smtp_data_xfer_timeout",
                    "180s",
                    "How long sending a piece of the message may take.");
    public static final Param<Duration> SMTP_DATA_DONE_TIMEOUT =
            T.time(
                    "smtp_data_done_timeout",
                    "600s",
                    "How long to wait for the answer to the message.");
    public static final Param<Duration> SMTP_RSET_TIMEOUT =
            T.time("smtp_rset_timeout", "20s", "How long to wait for the answer to RSET.");
    public static final Param<Duration> SMTP_QUIT_TIMEOUT =
            T.time("smtp_quit_timeout", "300s", "How long to wait for the answer to QUIT.");
    public static final Param<List<String>> SMTP_HOST_LOOKUP =
            T.list("smtp_host_lookup", "dns", "How host names are looked up: dns, native.");
    public static final Param<Boolean> DISABLE_DNS_LOOKUPS =
            T.bool(
                    "disable_dns_lookups",
                    false,
                    "Use no MX records; host names are looked up natively.");
    public static final Param<Boolean> IGNORE_MX_LOOKUP_ERROR =
            T.bool(
                    "ignore_mx_lookup_error",
                    false,
                    "Try the address records when the MX lookup fails.");
    public static final Param<Boolean> SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND =
            T.bool(
                    "smtp_defer_if_no_mx_address_found",
                    false,
                    "Defer mail when no MX host has an address.");
    public static final Param<Long> SMTP_MX_ADDRESS_LIMIT =
            T.number(
                    "smtp_mx_address_limit",
                    5,
                    0,
                    "How many addresses of a destination are tried; 0: all.");
    public static final Param<Long> SMTP_MX_SESSION_LIMIT =
            T.number(
                    "smtp_mx_session_limit",
                    2,
                    0,
                    "How many sessions a delivery tries; 0: no limit.");
    public static final Param<Duration> SMTP_CONNECTION_CACHE_TIME_LIMIT =
            T.time(
                    "smtp_connection_cache_time_limit",
                    "2s",
                    "How long an idle connection is kept for the next message; 0: not at all.");
    public static final Param<Duration> SMTP_CONNECTION_REUSE_TIME_LIMIT =
            T.time(
                    "smtp_connection_reuse_time_limit",
                    "300s",
                    "How old a connection may be when it is used again.");
    public static final Param<Long> SMTP_CONNECTION_REUSE_COUNT_LIMIT =
            T.number(
                    "smtp_connection_reuse_count_limit",
                    0,
                    0,
                    "How many messages a connection may carry; 0: no limit.");
    public static final Param<Boolean> SMTP_RANDOMIZE_ADDRESSES =
            T.bool("smtp_randomize_addresses", true, "Shuffle hosts of equal preference.");
    public static final Param<List<String>> SMTP_FALLBACK_RELAY =
            T.list(
                    "smtp_fallback_relay",
                    "$fallback_relay",
                    "Relays tried when a destination cannot be reached.");
    public static final Param<List<String>> FALLBACK_RELAY =
            T.list("fallback_relay", "", "The old name of $smtp_fallback_relay.");
    public static final Param<Boolean> SMTP_ALWAYS_SEND_EHLO =
            T.bool("smtp_always_send_ehlo", true, "Send EHLO first.");
    public static final Param<Boolean> SMTP_NEVER_SEND_EHLO =
            T.bool("smtp_never_send_ehlo", false, "Send HELO only.");
    public static final Param<Boolean> SMTP_SKIP_5XX_GREETING =
            T.bool("smtp_skip_5xx_greeting", true, "Try the next host after a 5xx greeting.");
    public static final Param<Boolean> DISABLE_MIME_OUTPUT_CONVERSION =
            T.bool(
                    "disable_mime_output_conversion",
                    false,
                    "Send 8-bit content as it is to servers that do not announce 8BITMIME.");
    public static final Param<Boolean> SMTP_SKIP_QUIT_RESPONSE =
            T.bool("smtp_skip_quit_response", true, "Do not wait for the answer to QUIT.");
    public static final Param<Long> SMTP_LINE_LENGTH_LIMIT =
            T.number(
                    "smtp_line_length_limit",
                    998,
                    0,
                    "The longest line sent in one piece; 0: no limit.");
    public static final Param<List<String>> SMTP_DISCARD_EHLO_KEYWORDS =
            T.list("smtp_discard_ehlo_keywords", "", "EHLO keywords that are ignored.");

    // Authentication
    public static final Param<Boolean> SMTP_SASL_AUTH_ENABLE =
            T.bool("smtp_sasl_auth_enable", false, "Authenticate to servers.");
    public static final Param<List<String>> SMTP_SASL_PASSWORD_MAPS =
            T.list("smtp_sasl_password_maps", "", "Tables with user:password by next hop or host.");
    public static final Param<List<String>> SMTP_SASL_SECURITY_OPTIONS =
            T.list(
                    "smtp_sasl_security_options",
                    "noplaintext, noanonymous",
                    "Properties a mechanism must have.");
    public static final Param<List<String>> SMTP_SASL_TLS_SECURITY_OPTIONS =
            T.list(
                    "smtp_sasl_tls_security_options",
                    "$smtp_sasl_security_options",
                    "The same with TLS.");
    public static final Param<List<String>> SMTP_SASL_MECHANISM_FILTER =
            T.list("smtp_sasl_mechanism_filter", "", "The mechanisms used; empty: all we know.");
    public static final Param<Boolean> SMTP_SENDER_DEPENDENT_AUTHENTICATION =
            T.bool(
                    "smtp_sender_dependent_authentication",
                    false,
                    "Look for the password by sender first.");
    public static final Param<Boolean> SMTP_SASL_AUTH_SOFT_BOUNCE =
            T.bool(
                    "smtp_sasl_auth_soft_bounce",
                    true,
                    "Defer mail when the server refuses the password.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private SmtpParams() {}
}
