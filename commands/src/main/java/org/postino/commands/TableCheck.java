// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postino.global.config.AcceptedParams;
import org.postino.global.config.AllParams;
import org.postino.global.config.Config;
import org.postino.global.config.Param;
import org.postino.global.config.ParamType;
import org.postino.global.config.ValueException;
import org.postino.global.table.TableException;
import org.postino.global.table.TableTypes;
import org.postino.global.table.Tables;

/// Looks whether the table files that parameters name can be asked: mail that needs one that cannot waits.
final class TableCheck {
    private static final String PROXY = "proxy:";

    private TableCheck() {}

    /// What is wrong with them, a line each.
    static List<String> warnings(Config config) {
        var warnings = new ArrayList<String>();
        var tables = new Tables(config, warnings::add);
        files(config)
                .forEach((table, parameter) -> {
                    try {
                        tables.open(table).lookup("postmaster");
                    } catch (TableException e) {
                        warnings.add(parameter + ": " + e.getMessage() + remedy(table, parameter));
                    }
                });
        return warnings;
    }

    /// The tables in files, each with the first parameter that names it.
    private static Map<String, String> files(Config config) {
        var files = new LinkedHashMap<String, String>();
        AllParams.TABLES.stream()
                .filter(table -> !table.equals(AcceptedParams.ALL))
                .flatMap(table -> table.params().stream())
                .filter(p -> p.name().endsWith("_maps") && p.type() instanceof ParamType.Items)
                .forEach(param -> {
                    for (String item : items(config, param)) {
                        String table =
                                item.startsWith(PROXY) ? item.substring(PROXY.length()) : item;
                        if (TableTypes.isFile(table)) {
                            files.putIfAbsent(table, param.name());
                        }
                    }
                });
        return files;
    }

    private static List<String> items(Config config, Param<?> param) {
        try {
            return ParamType.Items.split(config.text(param.name()));
        } catch (ValueException e) {
            return List.of(); // said already
        }
    }

    private static String remedy(String table, String parameter) {
        if (!TableTypes.MADE.contains(TableTypes.type(table))) {
            return "";
        }
        String maker = parameter.equals("alias_maps") ? "postalias" : "postmap";
        return ": mail that needs it waits; " + maker + " " + table + " makes it";
    }
}
