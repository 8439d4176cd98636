// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of TLS, in the servers and in the SMTP client.
public final class TlsParams {
    /// The usual length of chains of certificates.
    static final int VERIFYDEPTH = 9;

    private static final ParamTable.Builder T = ParamTable.declare();

    // Servers (smtpd; imapd and pop3d use the same certificate)
    /// The level says how much TLS the SMTP server wants: none, may (offer STARTTLS), or encrypt
    /// (take no mail without it). Without a value smtpd_enforce_tls and smtpd_use_tls decide.
    ///
    /// Use may on port 25, where not every server can encrypt, and encrypt in rows for submission.
    ///
    ///     smtpd_tls_security_level = may
    public static final Param<String> SMTPD_TLS_SECURITY_LEVEL =
            T.choice("smtpd_tls_security_level", "", List.of("", "none", "may", "encrypt"));

    /// yes is the same as smtpd_tls_security_level = may, and counts only if that is not set.
    ///
    /// Use the newer name in new files.
    ///
    ///     smtpd_use_tls = yes
    public static final Param<Boolean> SMTPD_USE_TLS = T.bool("smtpd_use_tls", false);

    /// yes is the same as smtpd_tls_security_level = encrypt, and counts only if that is not set.
    ///
    /// Use the newer name in new files.
    ///
    ///     smtpd_enforce_tls = yes
    public static final Param<Boolean> SMTPD_ENFORCE_TLS = T.bool("smtpd_enforce_tls", false);

    /// The SMTP server begins with the TLS handshake at once, without STARTTLS.
    ///
    /// Set it with -o in the row of port 465 (submissions), and nowhere else: clients of port 25
    /// would see nothing.
    ///
    ///     smtpd_tls_wrappermode = yes
    public static final Param<Boolean> SMTPD_TLS_WRAPPERMODE =
            T.bool("smtpd_tls_wrappermode", false);

    /// AUTH is offered and taken only on connections with TLS.
    ///
    /// Turn it on; without it passwords from this machine alone may come in clear, unless
    /// auth_allow_cleartext says more.
    ///
    ///     smtpd_tls_auth_only = yes
    public static final Param<Boolean> SMTPD_TLS_AUTH_ONLY = T.bool("smtpd_tls_auth_only", false);

    /// Each of these PEM files has a key and behind it its certificate chain; all servers of the
    /// suite show them, the first that suits the client.
    ///
    /// Use it rather than the four parameters for single files, to have an ECDSA and an RSA
    /// certificate side by side.
    ///
    ///     smtpd_tls_chain_files = /etc/postino/tls/ecdsa.pem, /etc/postino/tls/rsa.pem
    public static final Param<List<String>> SMTPD_TLS_CHAIN_FILES =
            T.list("smtpd_tls_chain_files", "");

    /// This PEM file has the certificate of the servers and behind it those of the authorities
    /// between.
    ///
    /// Name the full chain of your authority; a file that is replaced is noticed without a reload.
    ///
    ///     smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
    public static final Param<String> SMTPD_TLS_CERT_FILE = T.text("smtpd_tls_cert_file", "");

    /// This PEM file has the key of smtpd_tls_cert_file, without a password.
    ///
    /// Name it if the key is not in the same file as the certificate; it may be readable by root
    /// alone.
    ///
    ///     smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
    public static final Param<String> SMTPD_TLS_KEY_FILE =
            T.text("smtpd_tls_key_file", "$smtpd_tls_cert_file");

    /// This PEM file has a second certificate chain, of ECDSA, which clients that know it prefer.
    ///
    /// Use it beside an RSA certificate that old clients need.
    ///
    ///     smtpd_tls_eccert_file = /etc/postino/tls/ecdsa-cert.pem
    public static final Param<String> SMTPD_TLS_ECCERT_FILE = T.text("smtpd_tls_eccert_file", "");

    /// This PEM file has the key of smtpd_tls_eccert_file, without a password.
    ///
    /// Name it if the key is not in the same file as the certificate.
    ///
    ///     smtpd_tls_eckey_file = /etc/postino/tls/ecdsa-key.pem
    public static final Param<String> SMTPD_TLS_ECKEY_FILE =
            T.text("smtpd_tls_eckey_file", "$smtpd_tls_eccert_file");

    /// The servers take these versions of TLS where it is optional: >= and a version, or names with
    /// ! for what is left out.
    ///
    /// Raise it only if clients without the newer versions shall send in clear instead.
    ///
    ///     smtpd_tls_protocols = >=TLSv1.2
    public static final Param<List<String>> SMTPD_TLS_PROTOCOLS =
            T.list("smtpd_tls_protocols", ">=TLSv1");

    /// The servers take these versions of TLS at the level encrypt.
    ///
    /// Raise it in rows for submission, where every mail reader knows TLS 1.2.
    ///
    ///     smtpd_tls_mandatory_protocols = >=TLSv1.2
    public static final Param<List<String>> SMTPD_TLS_MANDATORY_PROTOCOLS =
            T.list("smtpd_tls_mandatory_protocols", ">=TLSv1");

    /// The Received: header field says which version and cipher the client used.
    ///
    /// Turn it on to see in a message how it came.
    ///
    ///     smtpd_tls_received_header = yes
    public static final Param<Boolean> SMTPD_TLS_RECEIVED_HEADER =
            T.bool("smtpd_tls_received_header", false);

    /// With 1 or more the log has a line for each TLS session of a client, with version and cipher.
    ///
    /// Set 1 to learn who encrypts; more says no more.
    ///
    ///     smtpd_tls_loglevel = 1
    public static final Param<Long> SMTPD_TLS_LOGLEVEL = T.number("smtpd_tls_loglevel", 0, 0, 4);

    /// Clients are asked for a certificate, which they need not have.
    ///
    /// Turn it on for permit_tls_clientcerts, permit_tls_all_clientcerts and check_ccert_access; a
    /// few old clients then ask their user which certificate to show.
    ///
    ///     smtpd_tls_ask_ccert = yes
    public static final Param<Boolean> SMTPD_TLS_ASK_CCERT = T.bool("smtpd_tls_ask_ccert", false);

    /// Clients must show a certificate that an authority in smtpd_tls_CAfile or smtpd_tls_CApath
    /// vouches for. It implies smtpd_tls_ask_ccert, and does no more than that unless TLS is
    /// mandatory.
    ///
    /// Set it with -o, and smtpd_tls_security_level = encrypt, in a row of a port for your own
    /// machines.
    ///
    ///     smtpd_tls_req_ccert = yes
    public static final Param<Boolean> SMTPD_TLS_REQ_CCERT = T.bool("smtpd_tls_req_ccert", false);

    /// This PEM file has the authorities that vouch for certificates of clients; clients are told
    /// their names.
    ///
    /// Name your own authority, if one issues your clients' certificates.
    ///
    ///     smtpd_tls_CAfile = /etc/postino/tls/clients-ca.pem
    public static final Param<String> SMTPD_TLS_CAFILE = T.text("smtpd_tls_CAfile", "");

    /// The files *.pem in this directory, and the links that openssl rehash makes, have further
    /// authorities that vouch for certificates of clients.
    ///
    /// Use it in place of smtpd_tls_CAfile if there are many, as clients are not told their names.
    ///
    ///     smtpd_tls_CApath = /etc/ssl/certs
    public static final Param<String> SMTPD_TLS_CAPATH = T.text("smtpd_tls_CApath", "");

    /// So many certificates may stand between that of an authority and that of a client.
    ///
    /// Set 0 or 1 if your authority signs certificates itself.
    ///
    ///     smtpd_tls_ccert_verifydepth = 1
    public static final Param<Long> SMTPD_TLS_CCERT_VERIFYDEPTH =
            T.number("smtpd_tls_ccert_verifydepth", VERIFYDEPTH, 0, Integer.MAX_VALUE);

    /// Fingerprints of clients' certificates and keys are made with this digest, for tables, policy
    /// servers and milters.
    ///
    /// Set it to the digest in your tables, and in new ones use sha256.
    ///
    ///     smtpd_tls_fingerprint_digest = sha256
    public static final Param<String> SMTPD_TLS_FINGERPRINT_DIGEST =
            T.choice(
                    "smtpd_tls_fingerprint_digest",
                    "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}",
                    List.of("md5", "sha1", "sha256", "sha384", "sha512"));

    /// These tables have a certificate of its own for names by which clients ask for the server:
    /// HOST or .DOMAIN, then PEM files, the key in front of its chain. postmap -F puts the files
    /// themselves into a table; in one of the type inline or texthash their names stand.
    ///
    /// Use it where one server is known by the names of several domains; smtpd, imapd and pop3d
    /// show the usual certificate to those who ask for another name.
    ///
    ///     tls_server_sni_maps = hash:/etc/postino/sni
    public static final Param<List<String>> TLS_SERVER_SNI_MAPS = T.list("tls_server_sni_maps", "");

    /// A file HOST.pem in this directory has the key and certificate chain for clients that ask for
    /// the server by that name, *.DOMAIN.pem those for the names just below a domain. A file that
    /// comes, goes or changes is noticed.
    ///
    /// Use it in place of tls_server_sni_maps, if a program that renews certificates can put them
    /// there.
    ///
    ///     tls_server_sni_directory = /etc/postino/tls/names
    public static final Param<String> TLS_SERVER_SNI_DIRECTORY =
            T.text("tls_server_sni_directory", "");

    /// The grade is the weakest of ciphers that the servers take where TLS is optional. All that
    /// the Java machine has are high, so that it matters only with lists of your own.
    ///
    /// There is no need to change it.
    ///
    ///     smtpd_tls_ciphers = high
    public static final Param<String> SMTPD_TLS_CIPHERS =
            T.choice("smtpd_tls_ciphers", "medium", List.of("export", "low", "medium", "high"));

    /// The grade is the weakest of ciphers that the servers take at the level encrypt. All that the
    /// Java machine has are high, so that it matters only with lists of your own.
    ///
    /// Set high together with a list of your own in tls_high_cipherlist.
    ///
    ///     smtpd_tls_mandatory_ciphers = high
    public static final Param<String> SMTPD_TLS_MANDATORY_CIPHERS =
            T.choice(
                    "smtpd_tls_mandatory_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high"));

    /// These ciphers of TLS 1.2, in OpenSSL's words, are never taken by the servers.
    ///
    /// Use it to leave out what a scan of your server complains about.
    ///
    ///     smtpd_tls_exclude_ciphers = aNULL, SHA1
    public static final Param<List<String>> SMTPD_TLS_EXCLUDE_CIPHERS =
            T.list("smtpd_tls_exclude_ciphers", "");

    /// These ciphers of TLS 1.2, in OpenSSL's words, are not taken by the servers at the level
    /// encrypt either.
    ///
    /// Use it for rows for submission, whose clients are newer than servers of other people.
    ///
    ///     smtpd_tls_mandatory_exclude_ciphers = SHA1
    public static final Param<List<String>> SMTPD_TLS_MANDATORY_EXCLUDE_CIPHERS =
            T.list("smtpd_tls_mandatory_exclude_ciphers", "");

    /// The curves for agreement on keys are those of tls_eecdh_auto_curves, or one alone: strong is
    /// tls_eecdh_strong_curve, ultra is tls_eecdh_ultra_curve; none leaves the groups of
    /// tls_ffdhe_auto_groups.
    ///
    /// Leave it at auto, and choose curves by tls_eecdh_auto_curves.
    ///
    ///     smtpd_tls_eecdh_grade = strong
    public static final Param<String> SMTPD_TLS_EECDH_GRADE =
            T.choice("smtpd_tls_eecdh_grade", "auto", List.of("auto", "none", "strong", "ultra"));

    /// The grade high means these ciphers of TLS 1.2, in OpenSSL's words; those of TLS 1.3 are
    /// always there.
    ///
    /// Leave it, or take the list of an authority that you have to follow.
    ///
    ///     tls_high_cipherlist = ECDHE+AESGCM:ECDHE+CHACHA20
    public static final Param<String> TLS_HIGH_CIPHERLIST =
            T.text("tls_high_cipherlist", "aNULL:-aNULL:HIGH:@STRENGTH");

    /// The grade medium means these ciphers of TLS 1.2, in OpenSSL's words.
    ///
    /// Leave it: what a peer cannot encrypt with goes in clear.
    ///
    ///     tls_medium_cipherlist = HIGH:MEDIUM:!aNULL
    public static final Param<String> TLS_MEDIUM_CIPHERLIST =
            T.text("tls_medium_cipherlist", "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH");

    /// The grade low means these ciphers of TLS 1.2, in OpenSSL's words.
    ///
    /// Use the grade medium instead.
    ///
    ///     tls_low_cipherlist = HIGH:MEDIUM:!aNULL
    public static final Param<String> TLS_LOW_CIPHERLIST =
            T.text("tls_low_cipherlist", "aNULL:-aNULL:HIGH:MEDIUM:LOW:+RC4:@STRENGTH");

    /// The grade export means these ciphers of TLS 1.2, in OpenSSL's words.
    ///
    /// Use the grade medium instead.
    ///
    ///     tls_export_cipherlist = HIGH:MEDIUM:!aNULL
    public static final Param<String> TLS_EXPORT_CIPHERLIST =
            T.text("tls_export_cipherlist", "aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH");

    /// The servers choose the cipher by their own order of preference, and not by the client's.
    ///
    /// Leave it off: a client knows best what its processor is quick at.
    ///
    ///     tls_preempt_cipherlist = yes
    public static final Param<Boolean> TLS_PREEMPT_CIPHERLIST =
            T.bool("tls_preempt_cipherlist", false);

    /// With NO_TICKET clients get no tickets by which a later session begins sooner. The other
    /// options of OpenSSL are known and change nothing, as compression and renegotiation do not
    /// exist here.
    ///
    /// There is no need to change it.
    ///
    ///     tls_ssl_options = NO_COMPRESSION, NO_RENEGOTIATION
    public static final Param<List<String>> TLS_SSL_OPTIONS = T.list("tls_ssl_options", "");

    /// Keys are agreed on by these curves, best first.
    ///
    /// Leave it, unless a rule book of yours has a list.
    ///
    ///     tls_eecdh_auto_curves = X25519 prime256v1 secp384r1
    public static final Param<List<String>> TLS_EECDH_AUTO_CURVES =
            T.list("tls_eecdh_auto_curves", "X25519 X448 prime256v1 secp521r1 secp384r1");

    /// Keys are agreed on by these groups of whole numbers (RFC 7919) with peers that know no
    /// curves.
    ///
    /// Leave it empty only if nobody needs them.
    ///
    ///     tls_ffdhe_auto_groups = ffdhe3072
    public static final Param<List<String>> TLS_FFDHE_AUTO_GROUPS =
            T.list("tls_ffdhe_auto_groups", "ffdhe2048 ffdhe3072");

    /// The curve that smtpd_tls_eecdh_grade = strong stands for.
    ///
    /// Use tls_eecdh_auto_curves instead.
    ///
    ///     tls_eecdh_strong_curve = X25519
    public static final Param<String> TLS_EECDH_STRONG_CURVE =
            T.text("tls_eecdh_strong_curve", "prime256v1");

    /// The curve that smtpd_tls_eecdh_grade = ultra stands for.
    ///
    /// Use tls_eecdh_auto_curves instead.
    ///
    ///     tls_eecdh_ultra_curve = secp521r1
    public static final Param<String> TLS_EECDH_ULTRA_CURVE =
            T.text("tls_eecdh_ultra_curve", "secp384r1");

    /// If it is empty, clients get no tickets by which a later session begins sooner; with what
    /// tickets are encrypted is up to the Java machine.
    ///
    /// Leave it, or use NO_TICKET in tls_ssl_options.
    ///
    ///     tls_session_ticket_cipher =
    public static final Param<String> TLS_SESSION_TICKET_CIPHER =
            T.text("tls_session_ticket_cipher", "aes-256-cbc");

    /// The authorities that the system trusts count beside those in the files that other parameters
    /// name.
    ///
    /// Leave it off with permit_tls_all_clientcerts: whoever has a certificate from anybody could
    /// relay.
    ///
    ///     tls_append_default_CA = yes
    public static final Param<Boolean> TLS_APPEND_DEFAULT_CA =
            T.bool("tls_append_default_CA", false);

    // SMTP client
    /// The level says how much TLS mail to other servers gets: none, may (where it is offered),
    /// encrypt, and with proof of the server's name fingerprint, verify or secure. Without a value
    /// smtp_enforce_tls and smtp_use_tls decide.
    ///
    /// Use may for the world, and smtp_tls_policy_maps for single destinations; encrypt for all
    /// leaves mail waiting for servers that cannot.
    ///
    ///     smtp_tls_security_level = encrypt
    public static final Param<String> SMTP_TLS_SECURITY_LEVEL =
            T.choice(
                    "smtp_tls_security_level",
                    "${{$compatibility_level} <level {3.11} ? {} : {may}}",
                    List.of("", "none", "may", "encrypt", "fingerprint", "verify", "secure"));

    /// yes is the same as smtp_tls_security_level = may, and counts only if that is not set.
    ///
    /// Use the newer name in new files.
    ///
    ///     smtp_use_tls = yes
    public static final Param<Boolean> SMTP_USE_TLS = T.bool("smtp_use_tls", false);

    /// yes is the same as smtp_tls_security_level = verify, or encrypt without
    /// smtp_tls_enforce_peername; it counts only if that is not set.
    ///
    /// Use the newer name in new files.
    ///
    ///     smtp_enforce_tls = yes
    public static final Param<Boolean> SMTP_ENFORCE_TLS = T.bool("smtp_enforce_tls", false);

    /// The certificate must have the server's name when smtp_enforce_tls asks for TLS.
    ///
    /// Use smtp_tls_security_level in new files, which says both in one word.
    ///
    ///     smtp_tls_enforce_peername = no
    public static final Param<Boolean> SMTP_TLS_ENFORCE_PEERNAME =
            T.bool("smtp_tls_enforce_peername", true);

    /// The SMTP client begins with the TLS handshake at once, without STARTTLS.
    ///
    /// Set it, with the level encrypt or more, for a relay host at port 465.
    ///
    ///     smtp_tls_wrappermode = yes
    public static final Param<Boolean> SMTP_TLS_WRAPPERMODE = T.bool("smtp_tls_wrappermode", false);

    /// This PEM file has the authorities whose certificates count at the levels verify and secure.
    ///
    /// Set it before you use these levels; the system's own list is a good start.
    ///
    ///     smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
    public static final Param<String> SMTP_TLS_CAFILE = T.text("smtp_tls_CAfile", "");

    /// The files *.pem in this directory have the authorities that count; it is read if
    /// smtp_tls_CAfile is empty.
    ///
    /// Use it where the authorities are kept in single files.
    ///
    ///     smtp_tls_CApath = /etc/ssl/certs
    public static final Param<String> SMTP_TLS_CAPATH = T.text("smtp_tls_CApath", "");

    /// The SMTP client uses these versions of TLS at the level may.
    ///
    /// Leave it: mail to a server that has only an old version would go in clear instead.
    ///
    ///     smtp_tls_protocols = >=TLSv1.2
    public static final Param<List<String>> SMTP_TLS_PROTOCOLS =
            T.list("smtp_tls_protocols", ">=TLSv1");

    /// The SMTP client uses these versions of TLS at all levels above may.
    ///
    /// Raise it to rule out old versions for destinations that must be encrypted.
    ///
    ///     smtp_tls_mandatory_protocols = >=TLSv1.2
    public static final Param<List<String>> SMTP_TLS_MANDATORY_PROTOCOLS =
            T.list("smtp_tls_mandatory_protocols", ">=TLSv1");

    /// These tables give a level, and attributes such as match= and protocols=, by the next hop;
    /// smtp(8) describes them.
    ///
    /// Use them for partners with whom TLS is agreed, and for resolvers of MTA-STS.
    ///
    ///     smtp_tls_policy_maps = hash:/etc/postino/tls_policy
    public static final Param<List<String>> SMTP_TLS_POLICY_MAPS =
            T.list("smtp_tls_policy_maps", "");

    /// These tables give NONE, MAY, MUST_NOPEERMATCH or MUST by the next hop, and by the name of the host there; they are asked
    /// only if smtp_tls_policy_maps is empty. The stronger word counts, though NONE wins over MAY; MAY leaves the level of
    /// main.cf alone if that is encrypt or more.
    ///
    /// Do not begin with it: whoever forges answers of the DNS chooses the name of the host. smtp_tls_policy_maps says the same,
    /// and more, with none, may, encrypt and verify.
    ///
    ///     smtp_tls_per_site = hash:/etc/postino/tls_per_site
    public static final Param<List<String>> SMTP_TLS_PER_SITE = T.list("smtp_tls_per_site", "");

    /// A certificate must have one of these names at the level verify: hostname (that of the host,
    /// which an MX record may have given), nexthop, dot-nexthop (a host below it), names, and
    /// .domains.
    ///
    /// Name a domain if a partner's servers all lie in it.
    ///
    ///     smtp_tls_verify_cert_match = hostname, nexthop, dot-nexthop
    public static final Param<List<String>> SMTP_TLS_VERIFY_CERT_MATCH =
            T.list("smtp_tls_verify_cert_match", "hostname");

    /// A certificate must have one of these names at the level secure, which trusts no name from
    /// the DNS: nexthop, dot-nexthop, hostname, names, and .domains.
    ///
    /// Leave it for all, and give match= in a policy table for the one destination that has another
    /// name.
    ///
    ///     smtp_tls_secure_cert_match = nexthop
    public static final Param<List<String>> SMTP_TLS_SECURE_CERT_MATCH =
            T.list("smtp_tls_secure_cert_match", "nexthop, dot-nexthop");

    /// At the level fingerprint a server must show a certificate or key with one of these digests.
    ///
    /// Use it for a relay host whose certificate no authority has signed.
    ///
    ///     smtp_tls_fingerprint_cert_match = 3D:95:34:51:24:66:33:B9:D2:40:99:C0:C1:17:0B:D1
    public static final Param<List<String>> SMTP_TLS_FINGERPRINT_CERT_MATCH =
            T.list("smtp_tls_fingerprint_cert_match", "");

    /// The digests of smtp_tls_fingerprint_cert_match and of policy tables are made with this
    /// algorithm.
    ///
    /// Use sha256 unless the digests you have are older.
    ///
    ///     smtp_tls_fingerprint_digest = sha256
    public static final Param<String> SMTP_TLS_FINGERPRINT_DIGEST =
            T.choice(
                    "smtp_tls_fingerprint_digest",
                    "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}",
                    List.of("md5", "sha1", "sha256", "sha384", "sha512"));

    /// These PEM files have authorities that alone count at the levels verify and secure, in place
    /// of smtp_tls_CAfile: certificates, or public keys (PUBLIC KEY) of whoever has signed.
    ///
    /// Use it, mostly as tafile= in a policy table, for a partner with an authority of its own.
    ///
    ///     smtp_tls_trust_anchor_file = /etc/postino/partner-ca.pem
    public static final Param<List<String>> SMTP_TLS_TRUST_ANCHOR_FILE =
            T.list("smtp_tls_trust_anchor_file", "");

    /// The handshake asks for a certificate of this name (SNI): hostname, nexthop, or a name. Empty
    /// means nexthop at the level secure, otherwise hostname.
    ///
    /// Set it for a relay host that shows the right certificate only if it is asked for.
    ///
    ///     smtp_tls_servername = nexthop
    public static final Param<String> SMTP_TLS_SERVERNAME = T.text("smtp_tls_servername", "");

    /// The grade is the weakest of ciphers that are used at the level may; all that the Java
    /// machine has are high, so that every word means the same.
    ///
    /// There is no need to change it.
    ///
    ///     smtp_tls_ciphers = high
    public static final Param<String> SMTP_TLS_CIPHERS =
            T.choice("smtp_tls_ciphers", "medium", List.of("export", "low", "medium", "high"));

    /// The grade is the weakest of ciphers that are used at levels above may; all that the Java
    /// machine has are high, so that every word means the same.
    ///
    /// There is no need to change it.
    ///
    ///     smtp_tls_mandatory_ciphers = high
    public static final Param<String> SMTP_TLS_MANDATORY_CIPHERS =
            T.choice(
                    "smtp_tls_mandatory_ciphers",
                    "medium",
                    List.of("export", "low", "medium", "high"));

    /// These ciphers of TLS 1.2, in OpenSSL's words, are never used.
    ///
    /// Use it for a server that chooses a cipher with which it then fails.
    ///
    ///     smtp_tls_exclude_ciphers = aNULL, kRSA
    public static final Param<List<String>> SMTP_TLS_EXCLUDE_CIPHERS =
            T.list("smtp_tls_exclude_ciphers", "");

    /// These ciphers of TLS 1.2, in OpenSSL's words, are not used at levels above may either.
    ///
    /// Use it to keep ciphers without forward secrecy from mail that must be encrypted.
    ///
    ///     smtp_tls_mandatory_exclude_ciphers = kRSA
    public static final Param<List<String>> SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS =
            T.list("smtp_tls_mandatory_exclude_ciphers", "");

    /// With 1 or more the log has a line for each TLS session with a server, with version, cipher
    /// and how far it was trusted.
    ///
    /// Set 1 before you ask for more TLS, to see who would be left out.
    ///
    ///     smtp_tls_loglevel = 1
    public static final Param<Long> SMTP_TLS_LOGLEVEL = T.number("smtp_tls_loglevel", 0, 0, 4);

    /// STARTTLS and the handshake may take this long before the attempt counts as failed.
    ///
    /// Shorten it if servers that hang hold up deliveries.
    ///
    ///     smtp_starttls_timeout = 60s
    public static final Param<Duration> SMTP_STARTTLS_TIMEOUT =
            T.time("smtp_starttls_timeout", "300s");

    /// Each of these PEM files has a key and behind it its certificate chain, which the SMTP client
    /// shows to servers that ask for one.
    ///
    /// Set it only for a relay host that knows you by your certificate.
    ///
    ///     smtp_tls_chain_files = /etc/postino/tls/client.pem
    public static final Param<List<String>> SMTP_TLS_CHAIN_FILES =
            T.list("smtp_tls_chain_files", "");

    /// This PEM file has the certificate that the SMTP client shows to servers that ask for one,
    /// and behind it those of the authorities between.
    ///
    /// Set it only for a relay host that knows you by your certificate.
    ///
    ///     smtp_tls_cert_file = /etc/postino/tls/client-cert.pem
    public static final Param<String> SMTP_TLS_CERT_FILE = T.text("smtp_tls_cert_file", "");

    /// This PEM file has the key of smtp_tls_cert_file, without a password.
    ///
    /// Name it if the key is not in the same file as the certificate; it may be readable by root
    /// alone.
    ///
    ///     smtp_tls_key_file = /etc/postino/tls/client-key.pem
    public static final Param<String> SMTP_TLS_KEY_FILE =
            T.text("smtp_tls_key_file", "$smtp_tls_cert_file");

    /// This PEM file has a second certificate chain of the SMTP client, of ECDSA.
    ///
    /// Use smtp_tls_chain_files in new files.
    ///
    ///     smtp_tls_eccert_file = /etc/postino/tls/client-ecdsa.pem
    public static final Param<String> SMTP_TLS_ECCERT_FILE = T.text("smtp_tls_eccert_file", "");

    /// This PEM file has the key of smtp_tls_eccert_file, without a password.
    ///
    /// Name it if the key is not in the same file as the certificate.
    ///
    ///     smtp_tls_eckey_file = /etc/postino/tls/client-ecdsa-key.pem
    public static final Param<String> SMTP_TLS_ECKEY_FILE =
            T.text("smtp_tls_eckey_file", "$smtp_tls_eccert_file");

    /// So many certificates may stand between that of an authority and that of a server.
    ///
    /// Leave it; 1 is enough for most authorities of the world.
    ///
    ///     smtp_tls_scert_verifydepth = 5
    public static final Param<Long> SMTP_TLS_SCERT_VERIFYDEPTH =
            T.number("smtp_tls_scert_verifydepth", VERIFYDEPTH, 0, Integer.MAX_VALUE);

    /// The log has a line for each server that offers STARTTLS while no TLS is wanted.
    ///
    /// Turn it on before you turn TLS on, to see what it would encrypt.
    ///
    ///     smtp_tls_note_starttls_offer = yes
    public static final Param<Boolean> SMTP_TLS_NOTE_STARTTLS_OFFER =
            T.bool("smtp_tls_note_starttls_offer", false);

    /// smtpd, imapd and pop3d take passwords from other machines over connections without TLS, too.
    ///
    /// Leave it off outside of a network of your own that nobody listens on.
    ///
    ///     auth_allow_cleartext = yes
    public static final Param<Boolean> AUTH_ALLOW_CLEARTEXT = T.bool("auth_allow_cleartext", false);

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private TlsParams() {}
}
