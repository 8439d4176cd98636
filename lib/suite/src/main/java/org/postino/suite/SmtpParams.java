// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.tls.RequireTlsAction;

/// Parameters of smtp(8), the SMTP client.
public final class SmtpParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// The SMTP client gives this name with HELO, EHLO and LHLO.
    ///
    /// Set it, with -o in a row of its own, if the address you send from has another name in the
    /// DNS than $myhostname.
    ///
    ///     smtp_helo_name = out.example.com
    public static final Param<String> SMTP_HELO_NAME = T.required("smtp_helo_name", "$myhostname");

    /// Connections to IPv4 addresses are made from this address of the machine.
    ///
    /// Set it on a machine with several addresses, so that mail leaves from the one that the DNS
    /// and SPF know.
    ///
    ///     smtp_bind_address = 192.0.2.10
    public static final Param<String> SMTP_BIND_ADDRESS = T.text("smtp_bind_address", "");

    /// Connections to IPv6 addresses are made from this address of the machine.
    ///
    /// Set it if the machine chooses temporary addresses, which have no name, for what it sends.
    ///
    ///     smtp_bind_address6 = 2001:db8::10
    public static final Param<String> SMTP_BIND_ADDRESS6 = T.text("smtp_bind_address6", "");

    /// Among hosts of equal preference this kind of address is tried first: ipv4, ipv6, or any for
    /// a mixture.
    ///
    /// Use ipv4 if mail by IPv6 is refused more often, or slow to fail.
    ///
    ///     smtp_address_preference = ipv4
    public static final Param<String> SMTP_ADDRESS_PREFERENCE =
            T.choice("smtp_address_preference", "any", List.of("any", "ipv4", "ipv6"));

    /// These tables have IGNORE for records of the DNS that the SMTP client passes over when it looks
    /// for mail servers. The key is: name ttl IN type value, with a dot at the end of names; an MX
    /// record has its preference before the host.
    ///
    /// Use it if one provider refuses mail that comes by IPv6.
    ///
    ///     smtp_dns_reply_filter = regexp:{ {/^[^ ]+\.example\.com\. [^ ]+ IN AAAA / IGNORE} }
    public static final Param<List<String>> SMTP_DNS_REPLY_FILTER =
            T.list("smtp_dns_reply_filter", "");

    /// A message with REQUIRETLS is sent to a destination as the first of these items that knows it says; each is an action, or a table that gives one for
    /// the host or domain of the next hop, or for .parent.domain. Without an answer it is enforce: a server must have TLS, prove that
    /// it serves the destination, and offer REQUIRETLS, or the message is returned. opportunistic+starttls wants TLS, and tells
    /// servers that offer it of REQUIRETLS; opportunistic wants nothing; disable does not mention it.
    ///
    /// Set it to opportunistic+starttls, behind the tables, while few servers offer REQUIRETLS: messages are not returned for that then.
    ///
    ///     smtp_requiretls_policy = inline:{ {.example.com=opportunistic} }, opportunistic+starttls
    public static final Param<List<String>> SMTP_REQUIRETLS_POLICY =
            T.list(
                    "smtp_requiretls_policy",
                    "inline:{{${domain_to_ascii{$mydomain}}=opportunistic},"
                            + " {.${domain_to_ascii{$mydomain}}=opportunistic},"
                            + " {localhost=opportunistic}},"
                            + " cidr:{{0.0.0.0/0 opportunistic}, {::/0 opportunistic}}, enforce",
                    RequireTlsAction.ITEMS);

    /// The SMTP client connects to this port, a number or a name, where the next hop names none.
    ///
    /// Change it in a row of its own for a relay at another port; naming the port in the next hop
    /// is clearer.
    ///
    ///     smtp_tcp_port = 587
    public static final Param<String> SMTP_TCP_PORT = T.text("smtp_tcp_port", "smtp");

    /// A connection may take this long to be made before the next address is tried.
    ///
    /// Shorten it if dead hosts hold up deliveries.
    ///
    ///     smtp_connect_timeout = 10s
    public static final Param<Duration> SMTP_CONNECT_TIMEOUT =
            T.time("smtp_connect_timeout", "30s");

    /// The client waits this long for the greeting, and as long for the answer to EHLO.
    ///
    /// Leave it: servers that check clients are slow to greet.
    ///
    ///     smtp_helo_timeout = 120s
    public static final Param<Duration> SMTP_HELO_TIMEOUT = T.time("smtp_helo_timeout", "300s");

    /// The client waits this long for the answer to MAIL FROM.
    ///
    /// Shorten it only if you know which servers it hits.
    ///
    ///     smtp_mail_timeout = 120s
    public static final Param<Duration> SMTP_MAIL_TIMEOUT = T.time("smtp_mail_timeout", "300s");

    /// The client waits this long for the answer to RCPT TO.
    ///
    /// Leave it: servers that look recipients up elsewhere are slow to answer.
    ///
    ///     smtp_rcpt_timeout = 600s
    public static final Param<Duration> SMTP_RCPT_TIMEOUT = T.time("smtp_rcpt_timeout", "300s");

    /// The client waits this long for the answer to DATA.
    ///
    /// Shorten it only if you know which servers it hits.
    ///
    ///     smtp_data_init_timeout = 60s
    public static final Param<Duration> SMTP_DATA_INIT_TIMEOUT =
            T.time("smtp_data_init_timeout", "120s");

    /// A piece of the message may take this long to be sent.
    ///
    /// Lengthen it on very slow links.
    ///
    ///     smtp_data_xfer_timeout = 600s
    public static final Param<Duration> SMTP_DATA_XFER_TIMEOUT =
            T.time("smtp_data_xfer_timeout", "180s");

    /// The client waits this long for the answer to the whole message.
    ///
    /// Leave it long: a server that took the message but was not heard gets it a second time.
    ///
    ///     smtp_data_done_timeout = 1200s
    public static final Param<Duration> SMTP_DATA_DONE_TIMEOUT =
            T.time("smtp_data_done_timeout", "600s");

    /// The client tells a server that announces XFORWARD which client brought the message here, and under
    /// which queue id it is known here.
    ///
    /// Turn it on for the transport that leads to a content filter, whose log and whose messages name
    /// the client then.
    ///
    ///     smtp_send_xforward_command = yes
    public static final Param<Boolean> SMTP_SEND_XFORWARD_COMMAND =
            T.bool("smtp_send_xforward_command", "no");

    /// The client waits this long for the answer to XFORWARD.
    ///
    /// There is hardly a reason to change it.
    ///
    ///     smtp_xforward_timeout = 60s
    public static final Param<Duration> SMTP_XFORWARD_TIMEOUT =
            T.time("smtp_xforward_timeout", "300s");

    /// The client waits this long for the answer to RSET, with which it makes sure that a kept
    /// connection still lives.
    ///
    /// There is hardly a reason to change it.
    ///
    ///     smtp_rset_timeout = 10s
    public static final Param<Duration> SMTP_RSET_TIMEOUT = T.time("smtp_rset_timeout", "20s");

    /// The client waits this long for the answer to QUIT, if smtp_skip_quit_response has it wait at
    /// all.
    ///
    /// Shorten it if you wait for that answer.
    ///
    ///     smtp_quit_timeout = 30s
    public static final Param<Duration> SMTP_QUIT_TIMEOUT = T.time("smtp_quit_timeout", "300s");

    /// The addresses of hosts are looked up by these means, one after the other: dns, or native,
    /// which is what the system does, /etc/hosts included.
    ///
    /// Add native for names of your own network that the DNS does not have.
    ///
    ///     smtp_host_lookup = dns, native
    public static final Param<List<String>> SMTP_HOST_LOOKUP = T.list("smtp_host_lookup", "dns");

    /// The SMTP client asks for no MX records, and looks host names up as the system does.
    ///
    /// Turn it on behind a gateway, where the DNS of the internet is not to be had.
    ///
    ///     disable_dns_lookups = yes
    public static final Param<Boolean> DISABLE_DNS_LOOKUPS = T.bool("disable_dns_lookups", false);

    /// The client goes on with a domain's addresses if its MX records cannot be had, as if there
    /// were none.
    ///
    /// Turn it on only for domains with broken name servers: mail may reach the wrong machine.
    ///
    ///     ignore_mx_lookup_error = yes
    public static final Param<Boolean> IGNORE_MX_LOOKUP_ERROR =
            T.bool("ignore_mx_lookup_error", false);

    /// Mail waits, rather than being returned, if none of a domain's MX hosts has an address.
    ///
    /// Turn it on if such faults of others are usually mended within days.
    ///
    ///     smtp_defer_if_no_mx_address_found = yes
    public static final Param<Boolean> SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND =
            T.bool("smtp_defer_if_no_mx_address_found", false);

    /// A delivery tries this many addresses of a destination; 0 means all.
    ///
    /// Raise it for destinations with many dead servers.
    ///
    ///     smtp_mx_address_limit = 10
    public static final Param<Long> SMTP_MX_ADDRESS_LIMIT = T.number("smtp_mx_address_limit", 5, 0);

    /// A delivery has this many sessions, with a greeting, before what is left waits for the next
    /// attempt; 0 means no limit.
    ///
    /// Raise it if a relay host has many servers of which some are busy.
    ///
    ///     smtp_mx_session_limit = 5
    public static final Param<Long> SMTP_MX_SESSION_LIMIT = T.number("smtp_mx_session_limit", 2, 0);

    /// A connection that has carried a message waits this long for the next one to the same
    /// destination; 0 keeps none.
    ///
    /// Lengthen it if most mail goes to one relay host.
    ///
    ///     smtp_connection_cache_time_limit = 5s
    public static final Param<Duration> SMTP_CONNECTION_CACHE_TIME_LIMIT =
            T.time("smtp_connection_cache_time_limit", "2s");

    /// A connection is not used again once it is this old.
    ///
    /// Shorten it if a balancer in front of your relay host shall spread the load.
    ///
    ///     smtp_connection_reuse_time_limit = 60s
    public static final Param<Duration> SMTP_CONNECTION_REUSE_TIME_LIMIT =
            T.time("smtp_connection_reuse_time_limit", "300s");

    /// A connection carries at most this many messages; 0 means no limit.
    ///
    /// Set it for a server that cuts connections after so many.
    ///
    ///     smtp_connection_reuse_count_limit = 20
    public static final Param<Long> SMTP_CONNECTION_REUSE_COUNT_LIMIT =
            T.number("smtp_connection_reuse_count_limit", 0, 0);

    /// Hosts of equal preference are tried in random order, so that they share the load.
    ///
    /// Turn it off if the order of the DNS is meant.
    ///
    ///     smtp_randomize_addresses = no
    public static final Param<Boolean> SMTP_RANDOMIZE_ADDRESSES =
            T.bool("smtp_randomize_addresses", true);

    /// These relays get mail whose destination cannot be reached; [host] suppresses the MX lookup.
    ///
    /// Use it on a busy server, so that a second one does the waiting.
    ///
    ///     smtp_fallback_relay = [patient.example.com]
    public static final Param<List<String>> SMTP_FALLBACK_RELAY =
            T.list("smtp_fallback_relay", "$fallback_relay");

    /// The relays named here are those of smtp_fallback_relay when that is not set; the name is an
    /// old one.
    ///
    /// Use smtp_fallback_relay in new files.
    ///
    ///     fallback_relay = [patient.example.com]
    public static final Param<List<String>> FALLBACK_RELAY = T.list("fallback_relay", "");

    /// The client says EHLO to every server; off, only to one whose greeting has the word ESMTP.
    ///
    /// Turn it off for a server that hangs up at EHLO.
    ///
    ///     smtp_always_send_ehlo = no
    public static final Param<Boolean> SMTP_ALWAYS_SEND_EHLO =
            T.bool("smtp_always_send_ehlo", true);

    /// The client says HELO and uses no extension, not even TLS.
    ///
    /// Turn it on in a row of its own, for a destination that cannot stand EHLO.
    ///
    ///     smtp_never_send_ehlo = yes
    public static final Param<Boolean> SMTP_NEVER_SEND_EHLO = T.bool("smtp_never_send_ehlo", false);

    /// A server that greets with 5xx is passed over, and the next host is tried; off, mail is
    /// returned at once.
    ///
    /// Leave it on: such greetings often mean one host only.
    ///
    ///     smtp_skip_5xx_greeting = no
    public static final Param<Boolean> SMTP_SKIP_5XX_GREETING =
            T.bool("smtp_skip_5xx_greeting", true);

    /// Content with octets above 127 goes as it is to servers that do not announce 8BITMIME, and is
    /// not made quoted-printable.
    ///
    /// Turn it on if a signature must stay whole and the servers can take it all the same.
    ///
    ///     disable_mime_output_conversion = yes
    public static final Param<Boolean> DISABLE_MIME_OUTPUT_CONVERSION =
            T.bool("disable_mime_output_conversion", false);

    /// The client hangs up after QUIT without waiting for the answer.
    ///
    /// Turn it off for a server that complains in its log.
    ///
    ///     smtp_skip_quit_response = no
    public static final Param<Boolean> SMTP_SKIP_QUIT_RESPONSE =
            T.bool("smtp_skip_quit_response", true);

    /// Lines longer than this many bytes are sent in pieces; 0 sends them whole.
    ///
    /// Set 0 if long lines must stay whole, for signatures say, and your relay takes them.
    ///
    ///     smtp_line_length_limit = 0
    public static final Param<Long> SMTP_LINE_LENGTH_LIMIT =
            T.number("smtp_line_length_limit", 998, 0);

    /// These words in a server's answer to EHLO are passed over, as if they were not offered.
    ///
    /// Use it, in a row of its own, for a server that offers what it cannot do.
    ///
    ///     smtp_discard_ehlo_keywords = pipelining
    public static final Param<List<String>> SMTP_DISCARD_EHLO_KEYWORDS =
            T.list("smtp_discard_ehlo_keywords", "");

    // Authentication
    /// The client logs in at servers for which smtp_sasl_password_maps have a password.
    ///
    /// Turn it on for a relay host that wants a password.
    ///
    ///     smtp_sasl_auth_enable = yes
    public static final Param<Boolean> SMTP_SASL_AUTH_ENABLE =
            T.bool("smtp_sasl_auth_enable", false);

    /// These tables give user:password by the next hop as it is written, or by the host.
    ///
    /// Set it with smtp_sasl_auth_enable, and let only root read the file.
    ///
    ///     smtp_sasl_password_maps = texthash:/etc/postino/sasl_passwd
    public static final Param<List<String>> SMTP_SASL_PASSWORD_MAPS =
            T.list("smtp_sasl_password_maps", "");

    /// The client logs in on a connection without TLS by mechanisms with these properties alone:
    /// noplaintext rules out PLAIN and LOGIN.
    ///
    /// Leave it, and encrypt instead, so that no password crosses the network in clear.
    ///
    ///     smtp_sasl_security_options = noanonymous
    public static final Param<List<String>> SMTP_SASL_SECURITY_OPTIONS =
            T.list("smtp_sasl_security_options", "noplaintext, noanonymous");

    /// The client logs in on a connection with TLS by mechanisms with these properties alone.
    ///
    /// Set it to noanonymous for a relay host that has PLAIN or LOGIN only, as most do.
    ///
    ///     smtp_sasl_tls_security_options = noanonymous
    public static final Param<List<String>> SMTP_SASL_TLS_SECURITY_OPTIONS =
            T.list("smtp_sasl_tls_security_options", "$smtp_sasl_security_options");

    /// The client uses only these mechanisms; empty means all that the page of smtp(8) names at its
    /// end.
    ///
    /// Use it for a server that offers a mechanism with which the log-in fails.
    ///
    ///     smtp_sasl_mechanism_filter = plain, login
    public static final Param<List<String>> SMTP_SASL_MECHANISM_FILTER =
            T.list("smtp_sasl_mechanism_filter", "");

    /// smtp_sasl_password_maps are asked for the sender first, and connections are not shared
    /// between senders.
    ///
    /// Turn it on if each sender has an account of its own at the relay host.
    ///
    ///     smtp_sender_dependent_authentication = yes
    public static final Param<Boolean> SMTP_SENDER_DEPENDENT_AUTHENTICATION =
            T.bool("smtp_sender_dependent_authentication", false);

    /// Mail waits if the server refuses the password; off, it is returned.
    ///
    /// Leave it on: a password that was changed would otherwise return all mail.
    ///
    ///     smtp_sasl_auth_soft_bounce = no
    public static final Param<Boolean> SMTP_SASL_AUTH_SOFT_BOUNCE =
            T.bool("smtp_sasl_auth_soft_bounce", true);

    /// A probe of an address ends behind this command: rcpt, or data for servers that say only there
    /// that they do not know a recipient.
    ///
    /// Set data for such servers, with -o on a transport that address_verify_transport_maps names.
    ///
    ///     smtp_address_verify_target = data
    public static final Param<String> SMTP_ADDRESS_VERIFY_TARGET =
            T.choice("smtp_address_verify_target", "rcpt", List.of("rcpt", "data"));

    /// These tables are asked about each field of a message's header while the SMTP client sends it,
    /// as header_checks are while it comes in; fields that begin with Content-, and MIME-Version, are
    /// for smtp_mime_header_checks. Only actions that change or log a field are done: see
    /// header_checks(5).
    ///
    /// Use it to take fields out that nobody else shall see, and keep them in the mail of your own
    /// users.
    ///
    ///     smtp_header_checks = pcre:/etc/postino/smtp_header_checks
    public static final Param<List<String>> SMTP_HEADER_CHECKS = T.list("smtp_header_checks", "");

    /// These tables are asked about each field that begins with Content-, MIME-Version, and all
    /// fields of parts, while the SMTP client sends a message, after it was converted for a server
    /// without 8BITMIME.
    ///
    /// Set it beside smtp_header_checks, whose value it does not take by itself.
    ///
    ///     smtp_mime_header_checks = pcre:/etc/postino/smtp_header_checks
    public static final Param<List<String>> SMTP_MIME_HEADER_CHECKS =
            T.list("smtp_mime_header_checks", "");

    /// These tables are asked about each field in the header of an attached message while the SMTP
    /// client sends it.
    ///
    /// Set it only if what stands in forwarded mail shall be changed too.
    ///
    ///     smtp_nested_header_checks = pcre:/etc/postino/smtp_header_checks
    public static final Param<List<String>> SMTP_NESTED_HEADER_CHECKS =
            T.list("smtp_nested_header_checks", "");

    /// These tables are asked about each line of the body while the SMTP client sends it, however
    /// long the body is.
    ///
    /// Leave it empty: a line that changes breaks signatures.
    ///
    ///     smtp_body_checks = pcre:/etc/postino/smtp_body_checks
    public static final Param<List<String>> SMTP_BODY_CHECKS = T.list("smtp_body_checks", "");

    /// These tables replace addresses of the envelope and of header fields while the SMTP client
    /// sends a message.
    ///
    /// Use them on a machine whose users have no address that others could answer to: see generic(5).
    ///
    ///     smtp_generic_maps = hash:/etc/postino/generic
    public static final Param<List<String>> SMTP_GENERIC_MAPS = T.list("smtp_generic_maps", "");

    /// These tables are asked about each field of a message's header while the LMTP client sends it,
    /// as header_checks are while it comes in; fields that begin with Content-, and MIME-Version, are
    /// for lmtp_mime_header_checks. Only actions that change or log a field are done: see
    /// header_checks(5).
    ///
    /// Use it to take fields out that nobody else shall see, and keep them in the mail of your own
    /// users.
    ///
    ///     lmtp_header_checks = pcre:/etc/postino/lmtp_header_checks
    public static final Param<List<String>> LMTP_HEADER_CHECKS = T.list("lmtp_header_checks", "");

    /// These tables are asked about each field that begins with Content-, MIME-Version, and all
    /// fields of parts, while the LMTP client sends a message, after it was converted for a server
    /// without 8BITMIME.
    ///
    /// Set it beside lmtp_header_checks, whose value it does not take by itself.
    ///
    ///     lmtp_mime_header_checks = pcre:/etc/postino/lmtp_header_checks
    public static final Param<List<String>> LMTP_MIME_HEADER_CHECKS =
            T.list("lmtp_mime_header_checks", "");

    /// These tables are asked about each field in the header of an attached message while the LMTP
    /// client sends it.
    ///
    /// Set it only if what stands in forwarded mail shall be changed too.
    ///
    ///     lmtp_nested_header_checks = pcre:/etc/postino/lmtp_header_checks
    public static final Param<List<String>> LMTP_NESTED_HEADER_CHECKS =
            T.list("lmtp_nested_header_checks", "");

    /// These tables are asked about each line of the body while the LMTP client sends it, however
    /// long the body is.
    ///
    /// Leave it empty: a line that changes breaks signatures.
    ///
    ///     lmtp_body_checks = pcre:/etc/postino/lmtp_body_checks
    public static final Param<List<String>> LMTP_BODY_CHECKS = T.list("lmtp_body_checks", "");

    /// These tables replace addresses of the envelope and of header fields while the LMTP client
    /// sends a message.
    ///
    /// Use them where the server behind LMTP knows its users by other addresses: see generic(5).
    ///
    ///     lmtp_generic_maps = hash:/etc/postino/generic
    public static final Param<List<String>> LMTP_GENERIC_MAPS = T.list("lmtp_generic_maps", "");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private SmtpParams() {}
}
