// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.postino.config.Computed;
import org.postino.config.Config;
import org.postino.config.Expander;
import org.postino.config.MainCf;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.config.Param;
import org.postino.config.ParamType;
import org.postino.config.Problem;
import org.postino.config.Setting;
import org.postino.config.ValueException;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailParams;
import org.postino.table.MatchList;
import org.postino.table.TableType;
import org.postino.table.Tables;
import org.postino.tls.TlsWords;
import org.postino.util.ByteNames;

/// Checks main.cf and master.cf beyond the value of one parameter: names that mean nothing, tables of unknown type, bad networks, values that contradict each other.
public final class ConfigCheck {
    private static final List<String> PER_TRANSPORT =
            List.of(
                    "default_destination_concurrency_limit",
                    "default_destination_recipient_limit",
                    "default_destination_rate_delay",
                    "default_transport_rate_delay",
                    "default_destination_concurrency_failed_cohort_limit",
                    "initial_destination_concurrency");

    /// So many slips of the finger make another name of one that was meant.
    private static final int SLIPS = 2;

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

    /// The names assigned in main.cf or by `-o` in master.cf for which the files are refused: those of Postfix without which the
    /// suite would be less safe than was meant, and those so near to a known name that they are most likely misspelt.
    public static List<Problem> refused(MainCf main, MasterCf master) {
        var check = new ConfigCheck(main, master);
        return check.collect((name, value) -> isProtection(name, value) || check.misspelt(name));
    }

    /// The assigned names that have no effect here: Postfix's, where the suite is as safe without them, and those that nobody knows.
    public static List<Problem> withoutEffect(MainCf main, MasterCf master) {
        var check = new ConfigCheck(main, master);
        return check.collect((name, value) ->
                !isProtection(name, value)
                        && !check.misspelt(name)
                        && !(UnsupportedNames.contains(name) && UnsupportedNames.off(value)));
    }

    /// Assignments that a later one of the same name makes void.
    public static List<Problem> overridden(MainCf main) {
        var problems = new ArrayList<Problem>();
        var seen = new HashMap<String, Setting>();
        for (var setting : main.all()) {
            var earlier = seen.put(setting.name(), setting);
            if (earlier != null) {
                problems.add(
                        new Problem(
                                setting.file(),
                                setting.line(),
                                "overriding line "
                                        + earlier.line()
                                        + ": "
                                        + setting.name()
                                        + " = "
                                        + earlier.text()));
            }
        }
        return problems;
    }

    private boolean misspelt(String name) {
        return !UnsupportedNames.contains(name)
                && !isOfService(name)
                && AllParams.nearest(name)
                        .filter(other -> Suggest.distance(name, other, SLIPS) <= SLIPS)
                        .isPresent();
    }

    private static boolean isProtection(String name, String value) {
        return UnsupportedNames.isProtection(name) && !UnsupportedNames.off(value);
    }

    /// True if a name is `SERVICE_time_limit` or the like of a service in master.cf.
    private boolean isOfService(String name) {
        return services.stream()
                .anyMatch(service ->
                        name.startsWith(service)
                                && UnsupportedNames.isOfService(name.substring(service.length())));
    }

    private List<Problem> collect(BiPredicate<String, String> wanted) {
        var problems = new ArrayList<Problem>();
        for (var setting : main.settings().values()) {
            if (!known(setting.name()) && wanted.test(setting.name(), setting.text())) {
                problems.add(
                        problem(setting.name(), setting.text(), setting.file(), setting.line()));
            }
        }
        for (var row : master.rows()) {
            for (var override : row.overrides()) {
                int equals = override.indexOf('=');
                String name = override.substring(0, equals);
                String value = override.substring(equals + 1);
                if (!known(name) && wanted.test(name, value)) {
                    problems.add(problem(name, value, master.file(), row.line()));
                }
            }
        }
        return problems;
    }

    /// True if a name means something here.
    public static boolean known(String name, MainCf main, MasterCf master) {
        return new ConfigCheck(main, master).known(name);
    }

    private boolean known(String name) {
        return AllParams.find(name) != null
                || (used.contains(name) && !UnsupportedNames.isProtection(name))
                || CommandRows.isTimeLimit(name, master)
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

    private Problem problem(String name, String value, String file, int line) {
        String text;
        if (isProtection(name, value)) {
            text =
                    "parameter "
                            + name
                            + " is not supported by this version, and without it less is protected:"
                            + " take it out if you can do without";
        } else if (UnsupportedNames.contains(name) || isOfService(name)) {
            text = "parameter " + name + " is not supported by this version: it has no effect";
        } else {
            String meant =
                    AllParams.nearest(name)
                            .map(other -> "; did you mean " + other + "?")
                            .orElse("");
            text =
                    "unknown parameter "
                            + name
                            + (misspelt(name) ? meant : ": it has no effect" + meant);
        }
        return new Problem(file, line, text);
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

    /// A look at values together.
    private interface Look {
        void look(Config config, String file, List<Problem> problems);
    }

    private static final List<Look> LOOKS =
            List.of(
                    ConfigCheck::tables,
                    ConfigCheck::networks,
                    ConfigCheck::order,
                    ConfigCheck::hostName,
                    ConfigCheck::logFile,
                    ConfigCheck::mailLocation,
                    ConfigCheck::ciphers,
                    (config, file, problems) -> problems.addAll(AuthCheck.words(config, file)));

    /// Finds faults of values together, beyond those that each has by itself.
    ///
    /// @param file how to name main.cf
    /// @param valid whether every value is known to be good by itself; otherwise what a bad one keeps from being seen is left out
    /// @throws IllegalStateException if a value is bad that was said to be good
    public static List<Problem> values(Config config, String file, boolean valid) {
        var problems = new ArrayList<Problem>();
        for (var look : LOOKS) {
            try {
                look.look(config, file, problems);
            } catch (IllegalStateException e) {
                if (valid) {
                    throw e;
                } // the bad value is reported by itself
            }
        }
        return problems;
    }

    private static void tables(Config config, String file, List<Problem> problems) {
        for (var table : AllParams.TABLES) {
            for (var p : table.params()) {
                if (config.settings().containsKey(p.name())
                        && p.type() instanceof ParamType.Items
                        && !SmtpdParams.RESTRICTION_LISTS.contains(p)) {
                    tables(config, p.name(), file, problems);
                }
            }
        }
    }

    private static void networks(Config config, String file, List<Problem> problems) {
        for (var name : List.of("mynetworks", "smtpd_sasl_exceptions_networks")) {
            networks(config, name, file, problems);
        }
    }

    private static void ciphers(Config config, String file, List<Problem> problems) {
        TlsWords.problems(config)
                .forEach((name, why) ->
                        problems.add(
                                new Problem(
                                        file,
                                        config.line(name),
                                        "parameter " + name + ": " + why)));
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
        boolean tables =
                name.endsWith("_maps")
                        || name.endsWith("_checks")
                        || name.endsWith("_database")
                        || name.endsWith("_domains");
        try {
            for (var item : ParamType.Items.split(config.text(name))) {
                TableType.unsupported(item, tables)
                        .ifPresent(type ->
                                problems.add(
                                        new Problem(
                                                file,
                                                config.line(name),
                                                "parameter "
                                                        + name
                                                        + ": "
                                                        + RestrictionName.unsupported(type))));
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
    }

    /// Values with which the suite runs, but one of its programs does not.
    public static List<Problem> unusable(Config config, String file) {
        var problems = new ArrayList<Problem>();
        if (!config.get(MainParams.MYDESTINATION).isEmpty()) {
            mailboxLimit(config, LocalParams.MAILBOX_SIZE_LIMIT, "local", file, problems);
        }
        if (!config.get(MainParams.VIRTUAL_MAILBOX_DOMAINS).isEmpty()) {
            mailboxLimit(config, LocalParams.VIRTUAL_MAILBOX_LIMIT, "virtual", file, problems);
        }
        return problems;
    }

    private static void mailboxLimit(
            Config config, Param<Long> limit, String program, String file, List<Problem> problems) {
        if (LocalParams.isTooSmall(config, limit)) {
            int line = Math.max(config.line(limit.name()), config.line("message_size_limit"));
            String text =
                    limit.name()
                            + " is smaller than message_size_limit: "
                            + program
                            + " will not run, and its mail is deferred";
            problems.add(new Problem(file, line, text));
        }
    }

    /// Other stores of Dovecot's, and its other layout of Maildirs, would not be found out before the first user logs in.
    private static void mailLocation(Config config, String file, List<Problem> problems) {
        String text = config.get(MailParams.MAIL_LOCATION);
        String wrong = MailLocation.problem(text).orElse(null);
        if (wrong != null) {
            problems.add(
                    new Problem(
                            file,
                            config.line(MailParams.MAIL_LOCATION.name()),
                            MailParams.MAIL_LOCATION.name()
                                    + " = "
                                    + text
                                    + ": "
                                    + wrong
                                    + "; maildir:PATH and mbox:PATH:INBOX=FILE are known"));
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

    /// True if `maillog_file` lies, without detours, where `maillog_file_prefixes` allows, or is empty.
    public static boolean isLogFileAllowed(Config config) {
        String log = config.get(MainParams.MAILLOG_FILE);
        if (log.isEmpty()) {
            return true;
        }
        String straight = ByteNames.text(ByteNames.path(log).normalize());
        return config.get(MainParams.MAILLOG_FILE_PREFIXES).stream().anyMatch(straight::startsWith);
    }
}
