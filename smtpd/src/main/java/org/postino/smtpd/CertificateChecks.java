// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.suite.CertificateTable;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.Table;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.PeerCertificate;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Restrictions that look at the client's certificate.
final class CertificateChecks {
    private static final Logger LOG = LoggerFactory.getLogger("smtpd");

    private final Tables tables;
    private final AccessTables access;
    private final Maps relaying;
    private final boolean asked;

    /// @param access does what tables say
    CertificateChecks(Config config, Tables tables, AccessTables access) {
        this.tables = tables;
        this.access = access;
        relaying = tables.maps(config.get(SmtpdParams.RELAY_CLIENTCERTS));
        asked =
                config.get(TlsParams.SMTPD_TLS_ASK_CCERT)
                        || config.get(TlsParams.SMTPD_TLS_REQ_CCERT);
    }

    /// `permit_tls_clientcerts`: an authority need not vouch for a certificate whose fingerprint we know.
    Restriction listed() {
        warn("permit_tls_clientcerts");
        return (e, _) -> {
            PeerCertificate shown = certificate(e);
            return shown != null
                            && find(relaying::find, List.of(CertificateTable.Key.values()), shown)
                                    .isPresent()
                    ? Verdict.PERMIT
                    : Verdict.DUNNO;
        };
    }

    /// `permit_tls_all_clientcerts`.
    Restriction trusted() {
        warn("permit_tls_all_clientcerts");
        return (e, _) -> {
            TlsSession tls = e.facts().tls();
            return tls != null && tls.trustedCertificate() != null ? Verdict.PERMIT : Verdict.DUNNO;
        };
    }

    /// `check_ccert_access`.
    ///
    /// @param argument a [CertificateTable]
    Restriction access(String argument, RestrictionList lists) {
        try {
            return access(CertificateTable.parse(argument), lists);
        } catch (ValueException bad) {
            return (e, _) -> {
                e.warning(String.valueOf(bad.getMessage()));
                return StandardRefusals.CONFIGURATION_ERROR;
            };
        }
    }

    private Restriction access(CertificateTable parsed, RestrictionList lists) {
        warn("check_ccert_access");
        Table table = tables.open(parsed.table());
        return (e, _) -> {
            PeerCertificate shown = certificate(e);
            Optional<String> found =
                    shown == null ? Optional.empty() : find(table::lookup, parsed.order(), shown);
            return found.isEmpty()
                    ? Verdict.DUNNO
                    : access.answer(
                            found.get(),
                            "access table " + parsed.table(),
                            e,
                            Subject.of(Subject.Kind.CERTIFICATE, e.facts()),
                            lists);
        };
    }

    /// A look into a table.
    private interface Lookup {
        Optional<String> find(String key) throws TableException;
    }

    private static Optional<String> find(
            Lookup table, List<CertificateTable.Key> order, PeerCertificate certificate)
            throws TableException {
        for (var key : order) {
            var found =
                    table.find(
                            switch (key) {
                                case CERT_FINGERPRINT -> certificate.fingerprint();
                                case PUBKEY_FINGERPRINT -> certificate.keyFingerprint();
                            });
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static @Nullable PeerCertificate certificate(Evaluation e) {
        TlsSession tls = e.facts().tls();
        return tls == null ? null : tls.peer().certificate();
    }

    private void warn(String restriction) {
        if (!asked) {
            LOG.warn("{} is requested, but \"smtpd_tls_ask_ccert = no\"", restriction);
        }
    }
}
