// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.List;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.content.CheckTables;
import org.postino.content.MimeRules;
import org.postino.routing.AddressMapping;
import org.postino.routing.Resolver;
import org.postino.suite.SmtpParams;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.slf4j.Logger;

/// The rules by which all messages are changed on their way out: the tables of header_checks(5), and the addresses of generic(5).
///
/// @param generic the mapping of addresses that mean nothing elsewhere
/// @param log says what was done
record ContentRules(CheckTables checks, AddressMapping generic, Logger log) {

    static ContentRules of(Config config, Tables tables, boolean lmtp, Logger log) {
        var params =
                lmtp
                        ? new CheckTables.Params(
                                SmtpParams.LMTP_HEADER_CHECKS,
                                SmtpParams.LMTP_MIME_HEADER_CHECKS,
                                SmtpParams.LMTP_NESTED_HEADER_CHECKS,
                                SmtpParams.LMTP_BODY_CHECKS)
                        : new CheckTables.Params(
                                SmtpParams.SMTP_HEADER_CHECKS,
                                SmtpParams.SMTP_MIME_HEADER_CHECKS,
                                SmtpParams.SMTP_NESTED_HEADER_CHECKS,
                                SmtpParams.SMTP_BODY_CHECKS);
        return new ContentRules(
                CheckTables.of(config, tables, params, Long.MAX_VALUE, MimeRules.LENIENT),
                generic(config, tables, lmtp),
                log);
    }

    private static AddressMapping generic(Config config, Tables tables, boolean lmtp) {
        Param<List<String>> maps =
                lmtp ? SmtpParams.LMTP_GENERIC_MAPS : SmtpParams.SMTP_GENERIC_MAPS;
        List<String> names = config.get(maps);
        AddressMapping.Ours ours =
                names.isEmpty() ? _ -> false : new Resolver(config, tables)::local;
        return new AddressMapping(
                maps.name(),
                tables.maps(names),
                config.get(MainParams.RECIPIENT_DELIMITER),
                ours,
                config.get(MainParams.PROPAGATE_UNMATCHED_EXTENSIONS).contains("generic"));
    }

    /// True if no message is changed.
    boolean isEmpty() {
        return checks.isEmpty() && generic.maps().isEmpty();
    }

    /// An address as other systems see it; the null address stays.
    String address(String given) throws TableException {
        if (given.isEmpty()) {
            return given;
        }
        Optional<String> found = generic.mapToOne(given);
        return found.orElse(given);
    }
}
