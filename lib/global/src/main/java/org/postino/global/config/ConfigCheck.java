// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.postino.global.table.MatchList;
import org.postino.global.table.TableTypes;
import org.postino.global.table.Tables;

/// What can be wrong in main.cf and master.cf beyond the value of one parameter: names that mean nothing, tables of unknown type, bad networks, values that contradict each other.
public final class ConfigCheck {
    private static final List<String> PER_TRANSPORT =
            List.of(
                    "default_destination_concurrency_limit",
                    "default_destination_recipient_limit",
                    "default_destination_rate_delay",
                    "default_transport_rate_delay",
                    "default_destination_concurrency_failed_cohort_limit",
                    "initial_destination_concurrency");

    private final MainCf main;
    private final MasterCf master;
    private final Set<String> services = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    private ConfigCheck(MainCf main, MasterCf master) {
        this.main = main;
        this.master = master;
        for (var row : master.rows()) {
            services.add(row.service());
            for (var arg : row.args()) {
                collectNames(arg);
            }
        }
        for (var setting : main.settings().values()) {
            collectNames(setting.text());
        }
        collectClasses();
    }

    /// The names assigned in main.cf or by `-o` in master.cf that no program knows and that no other value uses, with the known
    /// name that may be meant; and those of Postfix's names without which the suite would be less safe than was meant.
    public static List<Problem> unknown(MainCf main, MasterCf master) {
        return new ConfigCheck(main, master).collect((name, value) -> !harmless(name, value));
    }

    /// Postfix's names that have no effect here, and without which the suite is as safe as with them.
    public static List<Problem> unsupported(MainCf main, MasterCf master) {
        return new ConfigCheck(main, master)
                .collect((name, value) -> harmless(name, value) && !UnsupportedNames.off(value));
    }

    private static boolean harmless(String name, String value) {
        return UnsupportedNames.contains(name)
                && (!UnsupportedNames.isProtection(name) || UnsupportedNames.off(value));
    }

    private List<Problem> collect(BiPredicate<String, String> wanted) {
        var problems = new ArrayList<Problem>();
        for (var setting : main.settings().values()) {
            if (!known(setting.name()) && wanted.test(setting.name(), setting.text())) {
                problems.add(problem(setting.name(), setting.file(), setting.line()));
            }
        }
        for (var row : master.rows()) {
            for (var override : row.overrides()) {
                int equals = override.indexOf('=');
                String name = override.substring(0, equals);
                if (!known(name) && wanted.test(name, override.substring(equals + 1))) {
                    problems.add(problem(name, master.file(), row.line()));
                }
            }
        }
        return problems;
    }

    /// Whether a name means something here.
    public static boolean known(String name, MainCf main, MasterCf master) {
        return new ConfigCheck(main, master).known(name);
    }

    private boolean known(String name) {
        return AllParams.find(name) != null
                || used.contains(name)
                || forTransport(name, services) != null;
    }

    /// The declaration behind `TRANSPORT_destination_...` for one of these transports, or null.
    public static @Nullable Param<?> forTransport(String name, Collection<String> transports) {
        for (var common : PER_TRANSPORT) {
            String suffix =
                    common.startsWith("default_")
                            ? common.substring("default".length())
                            : "_" + common;
            if (name.endsWith(suffix)
                    && transports.contains(name.substring(0, name.length() - suffix.length()))) {
                return AllParams.find(common);
            }
        }
        return null;
    }

    private static Problem problem(String name, String file, int line) {
        return new Problem(
                file,
                line,
                UnsupportedNames.contains(name)
                        ? "parameter "
                                + name
                                + " is not supported by this version"
                                + (UnsupportedNames.isProtection(name)
                                        ? ", and without it less is protected: take it out if you can do without"
                                        : ": it has no effect")
                        : "unknown parameter "
                                + name
                                + AllParams.nearest(name)
                                        .map(other -> "; did you mean " + other + "?")
                                        .orElse(""));
    }

    /// Every `$name`, `${name` and `$(name` in a text.
    private void collectNames(String text) {
        for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
            int start = at + 1;
            while (start < text.length() && "{( ".indexOf(text.charAt(start)) >= 0) {
                start++;
            }
            int end = start;
            while (end < text.length() && Expander.nameCharacter(text.charAt(end))) {
                end++;
            }
            used.add(text.substring(start, end));
        }
    }

    private void collectClasses() {
        var setting = main.settings().get("smtpd_restriction_classes");
        if (setting != null) {
            for (var word : setting.text().split("[ \t,]+")) {
                used.add(word);
            }
        }
    }

    /// What is wrong in values that are good each by itself.
    ///
    /// @param file how to name main.cf
    public static List<Problem> values(Config config, String file) {
        var problems = new ArrayList<Problem>();
        for (var table : AllParams.TABLES) {
            for (var p : table.params()) {
                if (config.settings().containsKey(p.name())
                        && p.type() instanceof ParamType.Items) {
                    tables(config, p.name(), file, problems);
                }
            }
        }
        for (var name : List.of("mynetworks", "smtpd_sasl_exceptions_networks")) {
            networks(config, name, file, problems);
        }
        order(config, file, problems);
        hostName(config, file, problems);
        logFile(config, file, problems);
        problems.addAll(AuthCheck.words(config, file));
        return problems;
    }

    private static void hostName(Config config, String file, List<Problem> problems) {
        String name = MainParams.MYHOSTNAME.name();
        String text = config.text(name);
        if (!Computed.isHostName(text)) {
            problems.add(
                    new Problem(
                            file,
                            config.line(name),
                            "parameter " + name + ": \"" + text + "\" is not the name of a host"));
        }
    }

    private static void tables(Config config, String name, String file, List<Problem> problems) {
        if (!name.endsWith("_maps") && !name.endsWith("_database") && !name.endsWith("_domains")) {
            return;
        }
        try {
            for (var item : ParamType.Items.split(config.text(name))) {
                String type = TableTypes.type(item);
                if (!type.isEmpty() && !TableTypes.NAMES.contains(type)) {
                    problems.add(
                            new Problem(
                                    file,
                                    config.line(name),
                                    "parameter "
                                            + name
                                            + ": unsupported table type \""
                                            + type
                                            + "\": must be one of "
                                            + String.join(", ", TableTypes.NAMES)));
                }
            }
        } catch (ValueException | IllegalStateException e) {
            problems.add(
                    new Problem(
                            file, config.line(name), "parameter " + name + ": " + e.getMessage()));
        }
    }

    private static void networks(Config config, String name, String file, List<Problem> problems) {
        if (!config.settings().containsKey(name)) {
            return;
        }
        try {
            var list =
                    MatchList.addresses(
                            ParamType.Items.split(config.text(name)), new Tables(config, _ -> {}));
            String problem = list.problem();
            if (problem != null) {
                problems.add(
                        new Problem(file, config.line(name), "parameter " + name + ": " + problem));
            }
        } catch (ValueException e) {
            problems.add(
                    new Problem(
                            file, config.line(name), "parameter " + name + ": " + e.getMessage()));
        }
    }

    private static void order(Config config, String file, List<Problem> problems) {
        if (config.get(QmgrParams.MINIMAL_BACKOFF_TIME)
                        .compareTo(config.get(QmgrParams.MAXIMAL_BACKOFF_TIME))
                > 0) {
            problems.add(
                    new Problem(
                            file,
                            Math.max(
                                    config.line("minimal_backoff_time"),
                                    config.line("maximal_backoff_time")),
                            "minimal_backoff_time is longer than maximal_backoff_time"));
        }
        long mailbox = config.get(LocalParams.MAILBOX_SIZE_LIMIT);
        long message = config.get(MainParams.MESSAGE_SIZE_LIMIT);
        if (mailbox > 0 && (message == 0 || mailbox < message)) {
            problems.add(
                    new Problem(
                            file,
                            Math.max(
                                    config.line("mailbox_size_limit"),
                                    config.line("message_size_limit")),
                            "mailbox_size_limit is smaller than message_size_limit"));
        }
    }

    /// The log file must lie where `maillog_file_prefixes` allows: a slip of the pen must not overwrite just any file.
    private static void logFile(Config config, String file, List<Problem> problems) {
        if (!isLogFileAllowed(config)) {
            String log = config.get(MainParams.MAILLOG_FILE);
            var prefixes = config.get(MainParams.MAILLOG_FILE_PREFIXES);
            problems.add(
                    new Problem(
                            file,
                            config.line("maillog_file"),
                            "maillog_file = "
                                    + log
                                    + " does not begin with one of maillog_file_prefixes = "
                                    + String.join(", ", prefixes)));
        }
    }

    /// Whether `maillog_file` lies, without detours, where `maillog_file_prefixes` allows, or is empty.
    public static boolean isLogFileAllowed(Config config) {
        String log = config.get(MainParams.MAILLOG_FILE);
        if (log.isEmpty()) {
            return true;
        }
        String straight = Path.of(log).normalize().toString();
        return config.get(MainParams.MAILLOG_FILE_PREFIXES).stream().anyMatch(straight::startsWith);
    }
}
