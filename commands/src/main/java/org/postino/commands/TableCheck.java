// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.postino.config.Config;
import org.postino.config.LogicalLines;
import org.postino.config.Param;
import org.postino.config.ParamType;
import org.postino.config.Problem;
import org.postino.config.ValueException;
import org.postino.suite.AcceptedParams;
import org.postino.suite.AccessAction;
import org.postino.suite.AccessActionName;
import org.postino.suite.AllParams;
import org.postino.suite.CheckAction;
import org.postino.suite.CheckActionName;
import org.postino.suite.CleanupParams;
import org.postino.suite.RestrictionItem;
import org.postino.suite.SmtpParams;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.TableName;
import org.postino.table.TableType;
import org.postino.table.Tables;

/// Checks that the tables named by parameters and restrictions can be asked, as far as files or main.cf have them. Mail that needs another one waits.
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

    private static final Set<String> PATTERNS = Set.of("pcre", "regexp");

    private static final List<Param<List<String>>> CONTENT =
            List.of(
                    CleanupParams.HEADER_CHECKS,
                    CleanupParams.MIME_HEADER_CHECKS,
                    CleanupParams.NESTED_HEADER_CHECKS,
                    CleanupParams.BODY_CHECKS,
                    SmtpParams.SMTP_HEADER_CHECKS,
                    SmtpParams.SMTP_MIME_HEADER_CHECKS,
                    SmtpParams.SMTP_NESTED_HEADER_CHECKS,
                    SmtpParams.SMTP_BODY_CHECKS,
                    SmtpParams.LMTP_HEADER_CHECKS,
                    SmtpParams.LMTP_MIME_HEADER_CHECKS,
                    SmtpParams.LMTP_NESTED_HEADER_CHECKS,
                    SmtpParams.LMTP_BODY_CHECKS);

    private TableCheck() {}

    /// Returns the faults, a line each.
    ///
    /// @param missing what is wrong with the destination of a FILTER action; empty if nothing is
    static List<String> warnings(Config config, UnaryOperator<String> missing) {
        var warnings = new ArrayList<String>();
        var tables = new Tables(config, warnings::add);
        tried(config)
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
        accessFiles(config).forEach(file -> actions(file, classes, missing, warnings));
        checks(config, missing, warnings);
        return warnings;
    }

    /// Adds the lines of tables of header_checks(5) whose action cannot be carried out: cleanup passes over them.
    private static void checks(
            Config config, UnaryOperator<String> missing, List<String> warnings) {
        var seen = new HashSet<String>();
        for (var parameter : CONTENT) {
            boolean header = !parameter.name().endsWith("body_checks");
            for (String item : items(config, parameter.name())) {
                var table = TableName.parse(withoutProxy(item));
                if (table.isFile() && seen.add(header + item)) {
                    checkFile(table, header, missing, warnings);
                }
            }
        }
    }

    private static void checkFile(
            TableName table, boolean header, UnaryOperator<String> missing, List<String> warnings) {
        String file = table.text().toString();
        boolean patterns = PATTERNS.contains(table.type());
        for (var line : lines(table.text())) {
            String action = patterns ? behindPattern(line.text()) : behindKey(line.text());
            if (action.isEmpty() || action.indexOf('$') >= 0) {
                continue;
            }
            switch (CheckAction.parse(action, header)) {
                case CheckAction.Broken(var why) ->
                        warnings.add(
                                new Problem(file, line.number(), why)
                                        + ": mail that meets it passes");
                case CheckAction.Named(var name, var argument) -> {
                    if (name == CheckActionName.FILTER) {
                        filter(file, line.number(), missing.apply(argument), warnings);
                    }
                }
            }
        }
    }

    private static void filter(String file, int line, String what, List<String> warnings) {
        if (!what.isEmpty()) {
            warnings.add(new Problem(file, line, "FILTER: " + what).toString());
        }
    }

    /// The value of a line `/pattern/flags value`; empty if it is another line, or a broken one, which opening the table has told.
    private static String behindPattern(String line) {
        String rest = line.startsWith("!") ? line.substring(1).strip() : line;
        if (rest.isEmpty() || Character.isLetterOrDigit(rest.charAt(0))) {
            return "";
        }
        int end = 1;
        while (end < rest.length() && rest.charAt(end) != rest.charAt(0)) {
            end += rest.charAt(end) == '\\' ? 2 : 1;
        }
        return end < rest.length() ? behindKey(rest.substring(end)) : "";
    }

    private static String behindKey(String line) {
        var words = line.split("[ \t]+", 2);
        return words.length == 2 ? words[1] : "";
    }

    private static List<LogicalLines.Line> lines(Path file) {
        try {
            return LogicalLines.of(file.toString(), Files.readString(file), new ArrayList<>());
        } catch (IOException e) {
            return List
                    .of(); // a table may be without its text; whether it can be asked has been said
        }
    }

    /// Lists the texts of the tables that restrictions ask.
    private static Set<Path> accessFiles(Config config) {
        var files = new LinkedHashSet<Path>();
        for (String name : asked(config).keySet()) {
            var table = TableName.parse(name);
            if (table.isFile()) {
                files.add(table.text());
            }
        }
        return files;
    }

    /// Lists the tables that restrictions ask, each with the first list or class that names it.
    private static Map<String, String> asked(Config config) {
        var classes = config.get(SmtpdParams.SMTPD_RESTRICTION_CLASSES);
        var lists = new ArrayList<String>();
        SmtpdParams.RESTRICTION_LISTS.forEach(list -> lists.add(list.name()));
        lists.addAll(classes);
        var asked = new LinkedHashMap<String, String>();
        for (String list : lists) {
            for (var item : RestrictionItem.read(items(config, list), classes)) {
                item.asked().ifPresent(table -> asked.putIfAbsent(withoutProxy(table), list));
            }
        }
        return asked;
    }

    /// Adds the lines whose action cannot be carried out: clients would hear a configuration error for them. Tables of patterns are
    /// not looked at, as their lines cannot be told apart without being asked.
    private static void actions(
            Path file, List<String> classes, UnaryOperator<String> missing, List<String> warnings) {
        for (var line : lines(file)) {
            var words = line.text().split("[ \t]+", 2);
            if (words.length == 2 && !words[0].matches("(?i)[/!].*|if|endif")) {
                if (AccessAction.parse(words[1])
                                instanceof AccessAction.Named(var name, var argument)
                        && name == AccessActionName.FILTER) {
                    filter(file.toString(), line.number(), missing.apply(argument), warnings);
                }
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
            var problem = RestrictionItem.problem(item, classes);
            if (problem.isPresent()) {
                return problem.get();
            }
            if (item.opensTable()) {
                return "a table may not be named here: name a restriction class";
            }
        }
        return "";
    }

    /// Lists the tables that can be tried, each with the first parameter that names it.
    private static Map<String, String> tried(Config config) {
        var named = new LinkedHashMap<String, String>();
        AllParams.TABLES.stream()
                .filter(table -> !table.equals(AcceptedParams.ALL))
                .flatMap(table -> table.params().stream())
                .filter(TableCheck::namesTables)
                .forEach(param -> {
                    for (String item : items(config, param.name())) {
                        named.putIfAbsent(withoutProxy(item), param.name());
                    }
                });
        asked(config).forEach(named::putIfAbsent);
        named.keySet().removeIf(table -> !isAtHand(TableName.parse(table)));
        return named;
    }

    /// True if what a table says stands in a file or in main.cf; one that says nothing but errors is meant so.
    private static boolean isAtHand(TableName table) {
        var known = table.known();
        return known != null
                && known != TableType.FAIL
                && switch (known.source()) {
                    case MADE, TEXT, RULES, MAIN_CF -> true;
                    case TABLES, SYSTEM -> false;
                };
    }

    private static String withoutProxy(String table) {
        return table.startsWith(PROXY) ? table.substring(PROXY.length()) : table;
    }

    private static boolean namesTables(Param<?> param) {
        boolean named = param.name().endsWith("_maps") || param.name().endsWith("_checks");
        return named && param.type() instanceof ParamType.Items;
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
