// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.suite.SmtpParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.tls.Ciphers;
import org.postino.tls.ClientConfig;
import org.postino.tls.TlsLevel;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsPolicyEntry;
import org.postino.util.Cidr;

/// Decides how much TLS a destination demands: by `smtp_tls_policy_maps`, without these by [TlsPerSite], or else by
/// `smtp_tls_security_level` and its older names.
final class TlsPolicy {
    private static final String USUAL = "main.cf: ";

    private final Usual usual;
    private final Maps maps;
    private final TlsPerSite perSite;

    /// The settings of main.cf.
    ///
    /// @param wrapperMode true if TLS begins at once, so that no level is below encrypt
    /// @param exclude the ciphers that are excluded at any level; `alsoExclude` has those excluded at mandatory levels
    private record Usual(
            TlsLevel level,
            boolean wrapperMode,
            List<String> verifyMatch,
            List<String> secureMatch,
            List<String> fingerprints,
            String digest,
            String protocols,
            String mandatoryProtocols,
            Grades grades,
            String exclude,
            String alsoExclude,
            String serverName,
            List<String> anchors,
            boolean login) {}

    /// The lowest grades of ciphers, where TLS is optional and where it is not.
    ///
    /// @param config has the lists of ciphers of each grade
    private record Grades(Config config, String optional, String mandatory) {
        Ciphers of(@Nullable String wanted, boolean isMandatory, String exclude) {
            String grade = wanted != null ? wanted : isMandatory ? mandatory : optional;
            return Ciphers.of(config, grade, exclude);
        }
    }

    /// A destination whose policy cannot be honoured; its mail waits.
    static final class BadPolicyException extends Exception {
        private final transient Failure failure;

        BadPolicyException(String text) {
            this(Failure.of("4.7.5", "client TLS configuration problem: " + text));
        }

        BadPolicyException(Failure failure) {
            super(failure.dsn().reason());
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    private TlsPolicy(Usual usual, Maps maps, TlsPerSite perSite) {
        this.usual = usual;
        this.maps = maps;
        this.perSite = perSite;
    }

    /// @param perSite is asked if there are no `maps`
    static TlsPolicy of(ClientConfig c, Maps maps, TlsPerSite perSite) {
        return new TlsPolicy(
                new Usual(
                        level(c),
                        c.get(TlsParams.SMTP_TLS_WRAPPERMODE),
                        split(c.get(TlsParams.SMTP_TLS_VERIFY_CERT_MATCH)),
                        split(c.get(TlsParams.SMTP_TLS_SECURE_CERT_MATCH)),
                        c.get(TlsParams.SMTP_TLS_FINGERPRINT_CERT_MATCH),
                        c.get(TlsParams.SMTP_TLS_FINGERPRINT_DIGEST),
                        String.join(" ", c.get(TlsParams.SMTP_TLS_PROTOCOLS)),
                        String.join(" ", c.get(TlsParams.SMTP_TLS_MANDATORY_PROTOCOLS)),
                        new Grades(
                                c.config(),
                                c.get(TlsParams.SMTP_TLS_CIPHERS),
                                c.get(TlsParams.SMTP_TLS_MANDATORY_CIPHERS)),
                        String.join(" ", c.get(TlsParams.SMTP_TLS_EXCLUDE_CIPHERS)),
                        String.join(" ", c.get(TlsParams.SMTP_TLS_MANDATORY_EXCLUDE_CIPHERS)),
                        c.get(TlsParams.SMTP_TLS_SERVERNAME),
                        c.get(TlsParams.SMTP_TLS_TRUST_ANCHOR_FILE),
                        c.get(SmtpParams.SMTP_SASL_AUTH_ENABLE)),
                maps,
                perSite);
    }

    /// Reads the level. The old parameters count unless the new one is set, so that an old main.cf gets no less encryption.
    private static TlsLevel level(ClientConfig c) {
        String text = c.get(TlsParams.SMTP_TLS_SECURITY_LEVEL);
        boolean said = c.isSet(TlsParams.SMTP_TLS_SECURITY_LEVEL);
        if (!said && c.get(TlsParams.SMTP_ENFORCE_TLS)) {
            return c.get(TlsParams.SMTP_TLS_ENFORCE_PEERNAME) ? TlsLevel.VERIFY : TlsLevel.ENCRYPT;
        }
        if (!said && c.get(TlsParams.SMTP_USE_TLS)) {
            return TlsLevel.MAY;
        }
        return TlsLevel.parse(text).orElse(TlsLevel.NONE); // only the empty word is no level
    }

    private static List<String> split(List<String> words) {
        return Arrays.stream(String.join(":", words).split(":", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// The level by the sender's wish. More than the administrator wants is granted; less only where nothing is said of the
    /// destination itself, and never in clear where a password may be sent.
    private TlsLevel wanted(TlsLevel level, TlsWish wish, boolean isUsual) {
        return switch (wish) {
            case NONE, OFFERED -> level;
            case ENCRYPTED -> level.isMandatory() ? level : TlsLevel.ENCRYPT;
            case REQUIRED -> level.needsProof() && level != TlsLevel.DANE ? level : TlsLevel.SECURE;
            case OPTIONAL ->
                    !isUsual || !level.isMandatory()
                            ? level
                            : usual.login() ? TlsLevel.ENCRYPT : TlsLevel.MAY;
        };
    }

    /// True if hosts of one destination may demand different things.
    boolean dependsOnHost() {
        return maps.isEmpty() && !perSite.isEmpty();
    }

    /// Returns the TLS that a destination demands, or one host of it.
    ///
    /// @param host its name; null for the destination alone
    /// @param wish of the sender
    /// @throws TableException a table cannot be asked now
    /// @throws BadPolicyException the policy is not understood, or asks for something that we cannot do; the mail waits
    TlsDemand demand(Nexthop site, @Nullable String host, TlsWish wish)
            throws TableException, BadPolicyException {
        Found found = find(site, host);
        TlsPolicyEntry entry = found.entry();
        TlsLevel level = wanted(entry.level(), wish, found.where().equals(USUAL));
        if (usual.wrapperMode() && !level.isMandatory()) {
            level = TlsLevel.ENCRYPT;
        }
        level =
                switch (level) {
                    case DANE_ONLY ->
                            throw new BadPolicyException(
                                    found.where()
                                            + "dane-only needs DNSSEC, which this version does not check");
                    // Who writes dane for a destination knows of its TLSA records: it has TLS.
                    case DANE -> TlsLevel.ENCRYPT;
                    case MAY -> site.path().isEmpty() ? level : TlsLevel.NONE;
                    case NONE, ENCRYPT, FINGERPRINT, VERIFY, SECURE -> level;
                };
        List<String> match = entry.match().isEmpty() ? match(level) : entry.match();
        if (match.isEmpty() && level.needsProof()) {
            throw new BadPolicyException(
                    found.where()
                            + "level "
                            + level.word()
                            + " without "
                            + (level == TlsLevel.FINGERPRINT ? "fingerprints" : "names")
                            + " to match");
        }
        return complete(entry, level, site.host(), match);
    }

    private TlsDemand complete(
            TlsPolicyEntry entry, TlsLevel level, String domain, List<String> match) {
        String protocols = entry.protocols();
        String exclude = entry.exclude();
        String serverName = entry.serverName();
        List<String> anchors = entry.anchors().isEmpty() ? usual.anchors() : entry.anchors();
        boolean mandatory = level.isMandatory();
        String common = usual.exclude();
        String excluded =
                mandatory
                        ? common + " " + (exclude != null ? exclude : usual.alsoExclude())
                        : exclude != null ? exclude : common;
        return new TlsDemand(
                level,
                domain,
                match,
                protocols != null
                        ? protocols
                        : mandatory ? usual.mandatoryProtocols() : usual.protocols(),
                usual.grades().of(entry.ciphers(), mandatory, excluded),
                serverName != null ? serverName : usual.serverName(),
                usual.digest(),
                anchors.stream().map(Path::of).toList());
    }

    private List<String> match(TlsLevel level) {
        return switch (level) {
            case FINGERPRINT -> usual.fingerprints();
            case VERIFY -> usual.verifyMatch();
            case SECURE -> usual.secureMatch();
            case NONE, MAY, ENCRYPT, DANE, DANE_ONLY -> List.of();
        };
    }

    private record Found(TlsPolicyEntry entry, String where) {}

    /// Finds the policy of a destination. A domain is looked up by its name, then by each parent domain with a dot in front. Any
    /// other destination is looked up by its text alone, brackets and port included.
    private Found find(Nexthop site, @Nullable String host)
            throws TableException, BadPolicyException {
        String text = site.text().startsWith("inet:") ? site.text().substring(5) : site.text();
        String key = text.toLowerCase(Locale.ROOT);
        while (!maps.isEmpty()) {
            Optional<String> value = maps.find(key);
            if (value.isPresent()) {
                return parsed(key, value.get());
            }
            int dot = isDomain(text) ? key.indexOf('.', 1) : -1;
            if (dot < 0) {
                break;
            }
            key = key.substring(dot);
        }
        if (dependsOnHost()) {
            Optional<TlsLevel> level = perSite.level(key, host, usual.level());
            if (level.isPresent()) {
                return new Found(level(level.get()), "TLS per-site table: ");
            }
        }
        return new Found(level(usual.level()), USUAL);
    }

    private static TlsPolicyEntry level(TlsLevel level) {
        return new TlsPolicyEntry(level, List.of(), null, null, null, null, List.of());
    }

    private static Found parsed(String key, String value) throws BadPolicyException {
        String where = "TLS policy table, destination \"" + key + "\": ";
        try {
            return new Found(TlsPolicyEntry.parse(value), where);
        } catch (ValueException e) {
            throw new BadPolicyException(where + e.getMessage());
        }
    }

    private static boolean isDomain(String text) {
        return text.indexOf('[') < 0
                && text.indexOf(':') < 0
                && text.indexOf('/') < 0
                && Cidr.address(text).isEmpty();
    }
}
