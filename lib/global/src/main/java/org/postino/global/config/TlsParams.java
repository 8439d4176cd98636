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
    public static final Param<String> SMTPD_TLS_CAFILE =
            T.text(
                    "smtpd_tls_CAfile",
                    "",
                    "PEM file with the certification authorities of clients.");
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
    public static final Param<String> SMTPD_TLS_CIPHERS =
            T.choice(
                    "smtpd_tls_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high", "null"),
                    "The weakest ciphers accepted with the level may.");
    public static final Param<String> SMTPD_TLS_MANDATORY_CIPHERS =
            T.choice(
                    "smtpd_tls_mandatory_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high", "null"),
                    "The weakest ciphers accepted with the level encrypt.");
    public static final Param<List<String>> SMTPD_TLS_EXCLUDE_CIPHERS =
            T.list("smtpd_tls_exclude_ciphers", "", "Ciphers never used.");
    public static final Param<Boolean> SMTPD_TLS_RECEIVED_HEADER =
            T.bool(
                    "smtpd_tls_received_header",
                    false,
                    "Describe the TLS session in the Received: header field.");
    public static final Param<Boolean> SMTPD_TLS_ASK_CCERT =
            T.bool("smtpd_tls_ask_ccert", false, "Ask clients for a certificate.");
    public static final Param<Boolean> SMTPD_TLS_REQ_CCERT =
            T.bool(
                    "smtpd_tls_req_ccert",
                    false,
                    "Demand a trusted certificate of clients, with the level encrypt.");
    public static final Param<Long> SMTPD_TLS_LOGLEVEL =
            T.number("smtpd_tls_loglevel", 0, 0, 4, "How much is logged about TLS.");
    public static final Param<Duration> SMTPD_TLS_SESSION_CACHE_TIMEOUT =
            T.time(
                    "smtpd_tls_session_cache_timeout",
                    "3600s",
                    "How long a TLS session may be resumed.");
    public static final Param<Boolean> TLS_PREEMPT_CIPHERLIST =
            T.bool("tls_preempt_cipherlist", false, "The order of ciphers is the server's.");

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
                    "Directory of PEM files with trusted certification authorities.");
    public static final Param<List<String>> SMTP_TLS_CHAIN_FILES =
            T.list(
                    "smtp_tls_chain_files",
                    "",
                    "PEM files with key and certificate chain of the client.");
    public static final Param<String> SMTP_TLS_CERT_FILE =
            T.text("smtp_tls_cert_file", "", "PEM file with the certificate chain of the client.");
    public static final Param<String> SMTP_TLS_KEY_FILE =
            T.text("smtp_tls_key_file", "$smtp_tls_cert_file", "PEM file with its key.");
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
    public static final Param<String> SMTP_TLS_CIPHERS =
            T.choice(
                    "smtp_tls_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high", "null"),
                    "The weakest ciphers used with the level may.");
    public static final Param<String> SMTP_TLS_MANDATORY_CIPHERS =
            T.choice(
                    "smtp_tls_mandatory_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high", "null"),
                    "The weakest ciphers used with stronger levels.");
    public static final Param<List<String>> SMTP_TLS_POLICY_MAPS =
            T.list("smtp_tls_policy_maps", "", "Tables that give a security level by next hop.");
    public static final Param<List<String>> SMTP_TLS_VERIFY_CERT_MATCH =
            T.list(
                    "smtp_tls_verify_cert_match",
                    "hostname",
                    "The names a certificate must bear with the level verify.");
    public static final Param<List<String>> SMTP_TLS_SECURE_CERT_MATCH =
            T.list(
                    "smtp_tls_secure_cert_match",
                    "nexthop, dot-nexthop",
                    "The names a certificate must bear with the level secure.");
    public static final Param<String> SMTP_TLS_SERVERNAME =
            T.text("smtp_tls_servername", "", "The name sent to the server in the handshake.");
    public static final Param<Boolean> SMTP_TLS_NOTE_STARTTLS_OFFER =
            T.bool(
                    "smtp_tls_note_starttls_offer",
                    false,
                    "Log that a server offers STARTTLS which is not used.");
    public static final Param<Long> SMTP_TLS_LOGLEVEL =
            T.number("smtp_tls_loglevel", 0, 0, 4, "How much is logged about TLS.");
    public static final Param<Duration> SMTP_STARTTLS_TIMEOUT =
            T.time(
                    "smtp_starttls_timeout",
                    "300s",
                    "How long STARTTLS and the handshake may take.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private TlsParams() {}
}
