// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of TLS, in the servers and in the SMTP client.
public final class TlsParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    // Servers (smtpd; imapd and pop3d use the same certificate)
    public static final Param<String> SMTPD_TLS_SECURITY_LEVEL =
            T.choice(
                    "smtpd_tls_security_level",
                    "",
                    List.of("", "none", "may", "encrypt"),
                    "none, may (offer STARTTLS), or encrypt (demand it). If it is not set, smtpd_enforce_tls and smtpd_use_tls count.");
    public static final Param<Boolean> SMTPD_USE_TLS =
            T.bool("smtpd_use_tls", false, "The old name of smtpd_tls_security_level = may.");
    public static final Param<Boolean> SMTPD_ENFORCE_TLS =
            T.bool(
                    "smtpd_enforce_tls",
                    false,
                    "The old name of smtpd_tls_security_level = encrypt.");
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
                    List.of("", "none", "may", "encrypt", "fingerprint", "verify", "secure"),
                    "none, may, encrypt, fingerprint, verify, secure. If it is not set, smtp_enforce_tls and smtp_use_tls count.");
    public static final Param<Boolean> SMTP_USE_TLS =
            T.bool("smtp_use_tls", false, "The old name of smtp_tls_security_level = may.");
    public static final Param<Boolean> SMTP_ENFORCE_TLS =
            T.bool(
                    "smtp_enforce_tls",
                    false,
                    "The old name of smtp_tls_security_level = verify, or encrypt without smtp_tls_enforce_peername.");
    public static final Param<Boolean> SMTP_TLS_ENFORCE_PEERNAME =
            T.bool(
                    "smtp_tls_enforce_peername",
                    true,
                    "Whether smtp_enforce_tls asks for a certificate with the server's name.");
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
    public static final Param<List<String>> SMTP_TLS_VERIFY_CERT_MATCH =
            T.list(
                    "smtp_tls_verify_cert_match",
                    "hostname",
                    "The names that a certificate may have with the level verify: hostname, nexthop, dot-nexthop, names, .domains.");
    public static final Param<List<String>> SMTP_TLS_SECURE_CERT_MATCH =
            T.list(
                    "smtp_tls_secure_cert_match",
                    "nexthop, dot-nexthop",
                    "The names that a certificate may have with the level secure: nexthop, dot-nexthop, hostname, names, .domains.");
    public static final Param<List<String>> SMTP_TLS_FINGERPRINT_CERT_MATCH =
            T.list(
                    "smtp_tls_fingerprint_cert_match",
                    "",
                    "The digests of good certificates or of their public keys with the level fingerprint.");
    public static final Param<String> SMTP_TLS_FINGERPRINT_DIGEST =
            T.choice(
                    "smtp_tls_fingerprint_digest",
                    "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}",
                    List.of("md5", "sha1", "sha256", "sha384", "sha512"),
                    "What those digests are made with: md5, sha1, sha256, sha384, sha512.");
    public static final Param<List<String>> SMTP_TLS_TRUST_ANCHOR_FILE =
            T.list(
                    "smtp_tls_trust_anchor_file",
                    "",
                    "PEM files with the authorities that alone count with the levels verify and secure.");
    public static final Param<String> SMTP_TLS_SERVERNAME =
            T.text(
                    "smtp_tls_servername",
                    "",
                    "The server's name in the handshake (SNI): hostname, nexthop or a name; empty: nexthop with the level secure, otherwise hostname.");
    public static final Param<String> SMTP_TLS_CIPHERS =
            T.choice(
                    "smtp_tls_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high"),
                    "The lowest grade of ciphers with the level may. All that the Java machine has are high.");
    public static final Param<String> SMTP_TLS_MANDATORY_CIPHERS =
            T.choice(
                    "smtp_tls_mandatory_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high"),
                    "The lowest grade of ciphers with stronger levels. All that the Java machine has are high.");
    public static final Param<List<String>> SMTP_TLS_EXCLUDE_CIPHERS =
            T.list(
                    "smtp_tls_exclude_ciphers",
                    "",
                    "Ciphers of TLS 1.2 that are not used, in OpenSSL's words.");
    public static final Param<List<String>> SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS =
            T.list(
                    "smtp_tls_mandatory_exclude_ciphers",
                    "",
                    "Further ciphers that are not used with levels stronger than may.");
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
