// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.dns.Dns;
import org.postino.sasl.SaslOptions;
import org.postino.suite.SmtpParams;
import org.postino.tls.ClientConfig;
import org.postino.tls.TlsParams;
import org.postino.util.Cidr;

/// The settings of main.cf for smtp(8) and lmtp(8), read once.
///
/// @param probesData probes of addresses ask for leave to send content too
record Settings(
        boolean lmtp,
        String myHostname,
        String heloName,
        @Nullable InetAddress bind4,
        @Nullable InetAddress bind6,
        int defaultPort,
        int addressLimit,
        int sessionLimit,
        int lineLimit,
        boolean alwaysEhlo,
        boolean neverEhlo,
        boolean skip5xxGreeting,
        boolean skipQuitResponse,
        boolean convertsMime,
        boolean xforward,
        boolean probesData,
        List<String> discardedKeywords,
        List<String> fallbackRelays,
        Timeouts timeouts,
        Tls tls,
        Sasl sasl,
        Cache cache) {

    record Timeouts(
            Duration connect,
            Duration helo,
            Duration startTls,
            Duration mail,
            Duration rcpt,
            Duration dataInit,
            Duration dataTransfer,
            Duration dataDone,
            Duration xforward,
            Duration rset,
            Duration quit) {}

    /// @param requireTls whether REQUIRETLS is honoured
    /// @param optional whether `TLS-Required: no` is
    record Tls(
            boolean wrapperMode,
            long logLevel,
            List<String> policyMaps,
            List<String> perSite,
            List<String> requireTlsPolicy,
            boolean requireTls,
            boolean optional,
            boolean notesOffers) {}

    record Sasl(
            boolean enabled,
            List<String> passwordMaps,
            SaslOptions options,
            SaslOptions tlsOptions,
            List<String> filter,
            boolean bySender,
            boolean softBounce) {}

    /// The limits for using a connection again.
    ///
    /// @param idle the time for which it is kept without use; zero for not at all
    /// @param age the time after its opening at which it is not kept any more
    /// @param uses the number of messages that it may carry
    record Cache(Duration idle, Duration age, int uses) {}

    static Settings of(Config config, boolean lmtp) {
        var c = ClientConfig.of(config, lmtp);
        return new Settings(
                lmtp,
                c.get(MainParams.MYHOSTNAME),
                c.get(SmtpParams.SMTP_HELO_NAME),
                address(c, SmtpParams.SMTP_BIND_ADDRESS),
                address(c, SmtpParams.SMTP_BIND_ADDRESS6),
                defaultPort(c, lmtp),
                limit(c, SmtpParams.SMTP_MX_ADDRESS_LIMIT),
                limit(c, SmtpParams.SMTP_MX_SESSION_LIMIT),
                c.get(SmtpParams.SMTP_LINE_LENGTH_LIMIT).intValue(),
                c.get(SmtpParams.SMTP_ALWAYS_SEND_EHLO),
                c.get(SmtpParams.SMTP_NEVER_SEND_EHLO),
                c.get(SmtpParams.SMTP_SKIP_5XX_GREETING),
                c.get(SmtpParams.SMTP_SKIP_QUIT_RESPONSE),
                !c.get(SmtpParams.DISABLE_MIME_OUTPUT_CONVERSION),
                c.get(SmtpParams.SMTP_SEND_XFORWARD_COMMAND),
                c.get(SmtpParams.SMTP_ADDRESS_VERIFY_TARGET).equals("data"),
                upper(c.get(SmtpParams.SMTP_DISCARD_EHLO_KEYWORDS)),
                lmtp ? List.of() : c.get(SmtpParams.SMTP_FALLBACK_RELAY),
                timeouts(c),
                tls(c),
                sasl(c),
                new Cache(
                        c.get(SmtpParams.SMTP_CONNECTION_CACHE_TIME_LIMIT),
                        c.get(SmtpParams.SMTP_CONNECTION_REUSE_TIME_LIMIT),
                        limit(c, SmtpParams.SMTP_CONNECTION_REUSE_COUNT_LIMIT)));
    }

    HostFinder.Rules rules(Config config) {
        var c = ClientConfig.of(config, lmtp);
        boolean dns = !c.get(SmtpParams.DISABLE_DNS_LOOKUPS);
        List<String> lookups = dns ? c.get(SmtpParams.SMTP_HOST_LOOKUP) : List.of("native");
        return new HostFinder.Rules(
                myHostname,
                dns && !lmtp,
                lookups,
                families(c.get(MainParams.INET_PROTOCOLS)),
                c.get(SmtpParams.SMTP_ADDRESS_PREFERENCE),
                c.get(SmtpParams.SMTP_RANDOMIZE_ADDRESSES),
                c.get(SmtpParams.IGNORE_MX_LOOKUP_ERROR),
                c.get(SmtpParams.SMTP_DEFER_IF_NO_MX_ADDRESS_FOUND),
                defaultPort);
    }

    private static Dns.Family families(String protocols) {
        boolean all = protocols.contains("all");
        boolean four = all || protocols.contains("ipv4");
        boolean six = all || protocols.contains("ipv6");
        return four && six ? Dns.Family.ANY : six ? Dns.Family.IPV6 : Dns.Family.IPV4;
    }

    private static Timeouts timeouts(ClientConfig c) {
        return new Timeouts(
                c.get(SmtpParams.SMTP_CONNECT_TIMEOUT),
                c.get(SmtpParams.SMTP_HELO_TIMEOUT),
                c.get(TlsParams.SMTP_STARTTLS_TIMEOUT),
                c.get(SmtpParams.SMTP_MAIL_TIMEOUT),
                c.get(SmtpParams.SMTP_RCPT_TIMEOUT),
                c.get(SmtpParams.SMTP_DATA_INIT_TIMEOUT),
                c.get(SmtpParams.SMTP_DATA_XFER_TIMEOUT),
                c.get(SmtpParams.SMTP_DATA_DONE_TIMEOUT),
                c.get(SmtpParams.SMTP_XFORWARD_TIMEOUT),
                c.get(SmtpParams.SMTP_RSET_TIMEOUT),
                c.get(SmtpParams.SMTP_QUIT_TIMEOUT));
    }

    private static Tls tls(ClientConfig c) {
        return new Tls(
                c.get(TlsParams.SMTP_TLS_WRAPPERMODE),
                c.get(TlsParams.SMTP_TLS_LOGLEVEL),
                c.get(TlsParams.SMTP_TLS_POLICY_MAPS),
                c.get(TlsParams.SMTP_TLS_PER_SITE),
                c.get(SmtpParams.SMTP_REQUIRETLS_POLICY),
                c.get(MainParams.REQUIRETLS_ENABLE),
                c.get(MainParams.TLS_REQUIRED_ENABLE),
                c.get(TlsParams.SMTP_TLS_NOTE_STARTTLS_OFFER));
    }

    private static Sasl sasl(ClientConfig c) {
        return new Sasl(
                c.get(SmtpParams.SMTP_SASL_AUTH_ENABLE),
                c.get(SmtpParams.SMTP_SASL_PASSWORD_MAPS),
                SaslOptions.of(c.get(SmtpParams.SMTP_SASL_SECURITY_OPTIONS)),
                SaslOptions.of(c.get(SmtpParams.SMTP_SASL_TLS_SECURITY_OPTIONS)),
                upper(c.get(SmtpParams.SMTP_SASL_MECHANISM_FILTER)),
                c.get(SmtpParams.SMTP_SENDER_DEPENDENT_AUTHENTICATION),
                c.get(SmtpParams.SMTP_SASL_AUTH_SOFT_BOUNCE));
    }

    private static int defaultPort(ClientConfig c, boolean lmtp) {
        int port = Nexthop.portOf(c.get(SmtpParams.SMTP_TCP_PORT));
        return port < 1 ? (lmtp ? 24 : 25) : port;
    }

    /// Reads a limit, whose value 0 stands for none.
    private static int limit(ClientConfig c, Param<Long> param) {
        long value = c.get(param);
        return value == 0 ? Integer.MAX_VALUE : (int) Math.min(value, Integer.MAX_VALUE);
    }

    private static @Nullable InetAddress address(ClientConfig c, Param<String> param) {
        return Cidr.address(c.get(param)).orElse(null);
    }

    private static List<String> upper(List<String> words) {
        return words.stream().map(w -> w.toUpperCase(Locale.ROOT)).toList();
    }
}
