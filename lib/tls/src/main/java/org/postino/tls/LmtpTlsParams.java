// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of TLS in the LMTP client: each is as the one of the SMTP client whose name differs in the first letter, and
/// [ClientConfig] reads them by that.
public final class LmtpTlsParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// As smtp_tls_security_level, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_security_level = encrypt
    public static final Param<String> LMTP_TLS_SECURITY_LEVEL =
            T.choice(
                    "lmtp_tls_security_level",
                    "",
                    List.of("", "none", "may", "encrypt", "fingerprint", "verify", "secure"));

    /// As smtp_use_tls, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_use_tls = yes
    public static final Param<Boolean> LMTP_USE_TLS = T.bool("lmtp_use_tls", false);

    /// As smtp_enforce_tls, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_enforce_tls = yes
    public static final Param<Boolean> LMTP_ENFORCE_TLS = T.bool("lmtp_enforce_tls", false);

    /// As smtp_tls_enforce_peername, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_enforce_peername = no
    public static final Param<Boolean> LMTP_TLS_ENFORCE_PEERNAME =
            T.bool("lmtp_tls_enforce_peername", true);

    /// As smtp_tls_wrappermode, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_wrappermode = yes
    public static final Param<Boolean> LMTP_TLS_WRAPPERMODE = T.bool("lmtp_tls_wrappermode", false);

    /// As smtp_tls_CAfile, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
    public static final Param<String> LMTP_TLS_CAFILE = T.text("lmtp_tls_CAfile", "");

    /// As smtp_tls_CApath, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_CApath = /etc/ssl/certs
    public static final Param<String> LMTP_TLS_CAPATH = T.text("lmtp_tls_CApath", "");

    /// As smtp_tls_protocols, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_protocols = >=TLSv1.2
    public static final Param<List<String>> LMTP_TLS_PROTOCOLS =
            T.list("lmtp_tls_protocols", ">=TLSv1");

    /// As smtp_tls_mandatory_protocols, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_mandatory_protocols = >=TLSv1.2
    public static final Param<List<String>> LMTP_TLS_MANDATORY_PROTOCOLS =
            T.list("lmtp_tls_mandatory_protocols", ">=TLSv1");

    /// As smtp_tls_policy_maps, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_policy_maps = hash:/etc/postino/tls_policy
    public static final Param<List<String>> LMTP_TLS_POLICY_MAPS =
            T.list("lmtp_tls_policy_maps", "");

    /// As smtp_tls_per_site, for lmtp(8).
    ///
    /// Use lmtp_tls_policy_maps instead.
    ///
    ///     lmtp_tls_per_site = hash:/etc/postino/tls_per_site
    public static final Param<List<String>> LMTP_TLS_PER_SITE = T.list("lmtp_tls_per_site", "");

    /// As smtp_tls_verify_cert_match, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_verify_cert_match = hostname, nexthop, dot-nexthop
    public static final Param<List<String>> LMTP_TLS_VERIFY_CERT_MATCH =
            T.list("lmtp_tls_verify_cert_match", "hostname");

    /// As smtp_tls_secure_cert_match, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_secure_cert_match = nexthop, dot-nexthop
    public static final Param<List<String>> LMTP_TLS_SECURE_CERT_MATCH =
            T.list("lmtp_tls_secure_cert_match", "nexthop");

    /// As smtp_tls_fingerprint_cert_match, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_fingerprint_cert_match = 3D:95:34:51:24:66:33:B9:D2:40:99:C0:C1:17:0B:D1
    public static final Param<List<String>> LMTP_TLS_FINGERPRINT_CERT_MATCH =
            T.list("lmtp_tls_fingerprint_cert_match", "");

    /// As smtp_tls_fingerprint_digest, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_fingerprint_digest = sha256
    public static final Param<String> LMTP_TLS_FINGERPRINT_DIGEST =
            T.choice(
                    "lmtp_tls_fingerprint_digest",
                    "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}",
                    List.of("md5", "sha1", "sha256", "sha384", "sha512"));

    /// As smtp_tls_trust_anchor_file, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_trust_anchor_file = /etc/postino/partner-ca.pem
    public static final Param<List<String>> LMTP_TLS_TRUST_ANCHOR_FILE =
            T.list("lmtp_tls_trust_anchor_file", "");

    /// As smtp_tls_servername, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_servername = nexthop
    public static final Param<String> LMTP_TLS_SERVERNAME = T.text("lmtp_tls_servername", "");

    /// As smtp_tls_ciphers, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_ciphers = high
    public static final Param<String> LMTP_TLS_CIPHERS =
            T.choice("lmtp_tls_ciphers", "medium", List.of("export", "low", "medium", "high"));

    /// As smtp_tls_mandatory_ciphers, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_mandatory_ciphers = high
    public static final Param<String> LMTP_TLS_MANDATORY_CIPHERS =
            T.choice(
                    "lmtp_tls_mandatory_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high"));

    /// As smtp_tls_exclude_ciphers, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_exclude_ciphers = aNULL, kRSA
    public static final Param<List<String>> LMTP_TLS_EXCLUDE_CIPHERS =
            T.list("lmtp_tls_exclude_ciphers", "");

    /// As smtp_tls_mandatory_exclude_ciphers, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_mandatory_exclude_ciphers = kRSA
    public static final Param<List<String>> LMTP_TLS_MANDATORY_EXCLUDE_CIPHERS =
            T.list("lmtp_tls_mandatory_exclude_ciphers", "");

    /// As smtp_tls_loglevel, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_loglevel = 1
    public static final Param<Long> LMTP_TLS_LOGLEVEL = T.number("lmtp_tls_loglevel", 0, 0, 4);

    /// As smtp_starttls_timeout, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_starttls_timeout = 60s
    public static final Param<Duration> LMTP_STARTTLS_TIMEOUT =
            T.time("lmtp_starttls_timeout", "300s");

    /// As smtp_tls_chain_files, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_chain_files = /etc/postino/tls/client.pem
    public static final Param<List<String>> LMTP_TLS_CHAIN_FILES =
            T.list("lmtp_tls_chain_files", "");

    /// As smtp_tls_cert_file, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_cert_file = /etc/postino/tls/client-cert.pem
    public static final Param<String> LMTP_TLS_CERT_FILE = T.text("lmtp_tls_cert_file", "");

    /// As smtp_tls_key_file, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_key_file = /etc/postino/tls/client-key.pem
    public static final Param<String> LMTP_TLS_KEY_FILE =
            T.text("lmtp_tls_key_file", "$lmtp_tls_cert_file");

    /// As smtp_tls_eccert_file, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_eccert_file = /etc/postino/tls/client-ecdsa.pem
    public static final Param<String> LMTP_TLS_ECCERT_FILE = T.text("lmtp_tls_eccert_file", "");

    /// As smtp_tls_eckey_file, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_eckey_file = /etc/postino/tls/client-ecdsa-key.pem
    public static final Param<String> LMTP_TLS_ECKEY_FILE =
            T.text("lmtp_tls_eckey_file", "$lmtp_tls_eccert_file");

    /// As smtp_tls_scert_verifydepth, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_scert_verifydepth = 5
    public static final Param<Long> LMTP_TLS_SCERT_VERIFYDEPTH =
            T.number("lmtp_tls_scert_verifydepth", TlsParams.VERIFYDEPTH, 0, Integer.MAX_VALUE);

    /// As smtp_tls_note_starttls_offer, for lmtp(8).
    ///
    /// Set it for servers on other machines to which a row of lmtp(8) delivers.
    ///
    ///     lmtp_tls_note_starttls_offer = yes
    public static final Param<Boolean> LMTP_TLS_NOTE_STARTTLS_OFFER =
            T.bool("lmtp_tls_note_starttls_offer", false);

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private LmtpTlsParams() {}
}
