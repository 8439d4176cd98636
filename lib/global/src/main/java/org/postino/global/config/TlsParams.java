// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

import java.time.Duration;
import java.util.List;

/// Parameters of TLS, in the servers and in the SMTP client.
public final class TlsParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    // Servers (smtpd; imapd and pop3d use the same certificate)
    public static final Param<String> SMTPD_TLS_SECURITY_LEVEL =
            T.choice(
                    "smtpd_tls_security_level",
                    "",
                    List.of("", "none", "may", "encrypt"),
                    "none, may (offer STARTTLS), or encrypt (demand it).");
    public static final Param<Boolean> SMTPD_TLS_WRAPPERMODE =
            T.bool("smtpd_tls_wrappermode", false, "Begin with TLS at once, without STARTTLS.");
    public static final Param<Boolean> SMTPD_TLS_AUTH_ONLY =
            T.bool("smtpd_tls_auth_only", false, "Offer AUTH with TLS only.");
    public static final Param<List<String>> SMTPD_TLS_CHAIN_FILES =
            T.list(
                    "smtpd_tls_chain_files",
                    "",
                    "PEM files, each with a key and then its certificate chain.");
    public static final Param<String> SMTPD_TLS_CERT_FILE =
            T.text("smtpd_tls_cert_file", "", "PEM file with the certificate chain.");
    public static final Param<String> SMTPD_TLS_KEY_FILE =
            T.text("smtpd_tls_key_file", "$smtpd_tls_cert_file", "PEM file with the key.");
    public static final Param<String> SMTPD_TLS_ECCERT_FILE =
            T.text(
                    "smtpd_tls_eccert_file",
                    "",
                    "PEM file with a second, ECDSA, certificate chain.");
    public static final Param<String> SMTPD_TLS_ECKEY_FILE =
            T.text("smtpd_tls_eckey_file", "$smtpd_tls_eccert_file", "PEM file with its key.");
    public static final Param<List<String>> SMTPD_TLS_PROTOCOLS =
            T.list(
                    "smtpd_tls_protocols",
                    ">=TLSv1",
                    "The protocol versions accepted with the level may.");
    public static final Param<List<String>> SMTPD_TLS_MANDATORY_PROTOCOLS =
            T.list(
                    "smtpd_tls_mandatory_protocols",
                    ">=TLSv1",
                    "The protocol versions accepted with the level encrypt.");
    public static final Param<Boolean> SMTPD_TLS_RECEIVED_HEADER =
            T.bool(
                    "smtpd_tls_received_header",
                    false,
                    "Describe the TLS session in the Received: header field.");
    public static final Param<Long> SMTPD_TLS_LOGLEVEL =
            T.number("smtpd_tls_loglevel", 0, 0, 4, "How much is logged about TLS.");
    // SMTP client
    public static final Param<String> SMTP_TLS_SECURITY_LEVEL =
            T.choice(
                    "smtp_tls_security_level",
                    "${{$compatibility_level} <level {3.11} ? {} : {may}}",
                    List.of("", "none", "may", "encrypt", "verify", "secure"),
                    "none, may, encrypt, verify, secure.");
    public static final Param<Boolean> SMTP_TLS_WRAPPERMODE =
            T.bool("smtp_tls_wrappermode", false, "Begin with TLS at once, without STARTTLS.");
    public static final Param<String> SMTP_TLS_CAFILE =
            T.text("smtp_tls_CAfile", "", "PEM file with the trusted certification authorities.");
    public static final Param<String> SMTP_TLS_CAPATH =
            T.text(
                    "smtp_tls_CApath",
                    "",
                    "Directory of files *.pem with trusted certification authorities, if smtp_tls_CAfile is empty.");
    public static final Param<List<String>> SMTP_TLS_PROTOCOLS =
            T.list(
                    "smtp_tls_protocols",
                    ">=TLSv1",
                    "The protocol versions used with the level may.");
    public static final Param<List<String>> SMTP_TLS_MANDATORY_PROTOCOLS =
            T.list(
                    "smtp_tls_mandatory_protocols",
                    ">=TLSv1",
                    "The protocol versions used with stronger levels.");
    public static final Param<List<String>> SMTP_TLS_POLICY_MAPS =
            T.list("smtp_tls_policy_maps", "", "Tables that give a security level by next hop.");
    public static final Param<Long> SMTP_TLS_LOGLEVEL =
            T.number("smtp_tls_loglevel", 0, 0, 4, "How much is logged about TLS.");
    public static final Param<Duration> SMTP_STARTTLS_TIMEOUT =
            T.time(
                    "smtp_starttls_timeout",
                    "300s",
                    "How long STARTTLS and the handshake may take.");
    public static final Param<Boolean> AUTH_ALLOW_CLEARTEXT =
            T.bool(
                    "auth_allow_cleartext",
                    false,
                    "Accept passwords in clear from other machines over connections without TLS too.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private TlsParams() {}
}
