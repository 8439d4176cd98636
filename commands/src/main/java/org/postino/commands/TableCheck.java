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
import org.postino.suite.AccessAction;
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
        var classes = config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES);
        accessFiles(config).forEach(file -> actions(file, classes, warnings));
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

    /// Adds the lines whose action cannot be carried out: clients would hear a configuration error for them. Tables of patterns are
    /// not looked at, as their lines cannot be told apart without being asked.
    private static void actions(Path file, List<String> classes, List<String> warnings) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            return; // a table may be without its text; whether it can be asked has been said
        }
        for (var line : LogicalLines.of(file.toString(), text, new ArrayList<>())) {
            var words = line.text().split("[ \t]+", 2);
            if (words.length == 2 && !words[0].matches("(?i)[/!].*|if|endif")) {
                String what = complaint(words[1], classes);
                if (!what.isEmpty()) {
                    warnings.add(
                            new Problem(file.toString(), line.number(), what)
                                    + ": clients that meet it hear 451 4.3.5");
                }
            }
        }
    }

    private static String complaint(String action, List<String> classes) {
        return switch (AccessAction.parse(action)) {
            case AccessAction.Broken(var why) -> why;
            case AccessAction.Restrictions(var list) -> unknown(list, classes);
            case AccessAction.Named _, AccessAction.Reply _ -> "";
        };
    }

    private static String unknown(String list, List<String> classes) {
        List<String> words;
        try {
            words = ParamType.Items.split(list);
        } catch (ValueException e) {
            return String.valueOf(e.getMessage());
        }
        for (var item : RestrictionItem.read(words, classes)) {
            switch (item) {
                case RestrictionItem.Unknown(var word) -> {
                    return "no action or restriction is called " + word;
                }
                case RestrictionItem.Unsupported(var word) -> {
                    return "the restriction " + word + " is not supported";
                }
                case RestrictionItem.Named _,
                        RestrictionItem.ClassName _,
                        RestrictionItem.BareTable _ -> {}
            }
        }
        return "";
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
