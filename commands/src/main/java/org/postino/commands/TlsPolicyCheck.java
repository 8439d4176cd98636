// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.table.TableFile;
import org.postino.table.TableName;
import org.postino.table.TableSource;
import org.postino.table.TableType;
import org.postino.tls.TlsLevel;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsPolicyEntry;
import org.postino.util.ByteNames;

/// Checks the entries of `smtp_tls_policy_maps` that stand in files. Mail for a destination whose policy cannot be honoured
/// waits.
final class TlsPolicyCheck {
    private TlsPolicyCheck() {}

    /// Returns the faults, a line each.
    static List<String> warnings(Config config) {
        var warnings = new ArrayList<String>();
        for (String item : config.get(TlsParams.SMTP_TLS_POLICY_MAPS)) {
            String table = item.startsWith("proxy:") ? item.substring("proxy:".length()) : item;
            try {
                entries(table)
                        .forEach((key, value) -> {
                            String problem = problem(value);
                            if (problem != null) {
                                warnings.add(
                                        TlsParams.SMTP_TLS_POLICY_MAPS.name()
                                                + ": table "
                                                + table
                                                + ", \""
                                                + key
                                                + "\": "
                                                + problem
                                                + ": mail for it waits");
                            }
                        });
            } catch (IOException e) {
                // That the table cannot be read is said by TableCheck.
            }
        }
        return warnings;
    }

    private static @Nullable String problem(String value) {
        try {
            return TlsPolicyEntry.parse(value).level() == TlsLevel.DANE_ONLY
                    ? "dane-only needs DNSSEC, which this version does not check"
                    : null;
        } catch (ValueException e) {
            return e.getMessage();
        }
    }

    private static Map<String, String> entries(String table) throws IOException {
        var name = TableName.parse(table);
        if (name.isMade()) {
            return TableFile.open(name.made()).entries();
        }
        var entries = new LinkedHashMap<String, String>();
        if (name.known() == TableType.TEXTHASH) {
            String text = ByteNames.read(name.text());
            for (var entry : TableSource.map(name.name(), text, true).entries()) {
                entries.putIfAbsent(entry.key(), entry.value());
            }
        } else if (name.known() == TableType.STATIC) {
            entries.put("*", name.name());
        }
        return entries;
    }
}
