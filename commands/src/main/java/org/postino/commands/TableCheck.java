// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.LogicalLines;
import org.postino.config.ParamType;
import org.postino.config.Problem;
import org.postino.config.ValueException;
import org.postino.suite.AcceptedParams;
import org.postino.suite.AllParams;
import org.postino.suite.RestrictionItem;
import org.postino.suite.RestrictionName;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.TableName;
import org.postino.table.Tables;

/// Checks that the table files named by parameters can be asked. Mail that needs another one waits.
final class TableCheck {
    private static final String PROXY = "proxy:";

    /// Parameters whose values name transports, files, ids or commands, so that `$1` of a pattern is not allowed in them.
    private static final Set<String> PLACES =
            Set.of(
                    "alias_maps",
                    "fallback_transport_maps",
                    "mailbox_command_maps",
                    "mailbox_transport_maps",
                    "transport_maps",
                    "virtual_gid_maps",
                    "virtual_mailbox_maps",
                    "virtual_uid_maps");

    private TableCheck() {}

    /// Returns the faults, a line each.
    static List<String> warnings(Config config) {
        var warnings = new ArrayList<String>();
        var tables = new Tables(config, warnings::add);
        files(config)
                .forEach((table, parameter) -> {
                    try {
                        (PLACES.contains(parameter) ? tables.withoutSubstitution() : tables)
                                .open(table)
                                .lookup("postmaster");
                    } catch (TableException e) {
                        warnings.add(parameter + ": " + e.getMessage() + remedy(table, parameter));
                    }
                });
        accessFiles(config).forEach(file -> filters(file, warnings));
        return warnings;
    }

    /// Lists the texts of the tables that restrictions ask.
    private static Set<Path> accessFiles(Config config) {
        var files = new LinkedHashSet<Path>();
        var classes = config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES);
        for (var list : SmtpdParams.RESTRICTION_LISTS) {
            for (var item : RestrictionItem.read(items(config, list.name()), classes)) {
                if (item instanceof RestrictionItem.Named(var name, var argument)
                        && name.argument() == RestrictionName.Argument.TABLE) {
                    var table =
                            TableName.parse(
                                    argument.startsWith(PROXY)
                                            ? argument.substring(PROXY.length())
                                            : argument);
                    if (table.isFile()) {
                        files.add(table.text());
                    }
                }
            }
        }
        return files;
    }

    /// Warns of lines with an action that we do not have. Clients that meet one get a configuration error.
    private static void filters(Path file, List<String> warnings) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            return; // a table may be without its text; whether it can be asked has been said
        }
        for (var line : LogicalLines.of(file.toString(), text, new ArrayList<>())) {
            var words = line.text().split("[ \t]+", 3);
            if (words.length == 3
                    && words[1].equalsIgnoreCase("FILTER")
                    && words[2].indexOf(':') > 0) {
                String what = "the action FILTER is not supported by this version";
                warnings.add(
                        new Problem(file.toString(), line.number(), what)
                                + ": clients that meet it hear 451 4.3.5");
            }
        }
    }

    /// Lists the tables in files, each with the first parameter that names it.
    private static Map<String, String> files(Config config) {
        var files = new LinkedHashMap<String, String>();
        AllParams.TABLES.stream()
                .filter(table -> !table.equals(AcceptedParams.ALL))
                .flatMap(table -> table.params().stream())
                .filter(p -> p.name().endsWith("_maps") && p.type() instanceof ParamType.Items)
                .forEach(param -> {
                    for (String item : items(config, param.name())) {
                        String table =
                                item.startsWith(PROXY) ? item.substring(PROXY.length()) : item;
                        if (TableName.parse(table).isFile()) {
                            files.putIfAbsent(table, param.name());
                        }
                    }
                });
        return files;
    }

    private static List<String> items(Config config, String name) {
        try {
            return ParamType.Items.split(config.text(name));
        } catch (ValueException e) {
            return List.of(); // said already
        }
    }

    private static String remedy(String table, String parameter) {
        if (!TableName.parse(table).isMade()) {
            return "";
        }
        String maker = parameter.equals("alias_maps") ? "postalias" : "postmap";
        return ": mail that needs it waits; " + maker + " " + table + " makes it";
    }
}
