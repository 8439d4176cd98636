// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.MainCf;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.config.Problem;
import org.postino.config.Setting;
import org.postino.linux.PortHolder;
import org.postino.log.LogName;
import org.postino.log.Severity;
import org.postino.util.ByteNames;

/// The suite as main.cf and master.cf together describe it, checked as a whole.
///
/// A plan exists only for files without a problem, so every service in it can be started as far as the files tell. It never
/// changes; a reload makes another one. Master and `postino check` load it in the same way, so they see the same problems.
///
/// @param directory the directory of the two files
/// @param mainCf the bytes of main.cf, for daemons to read, whatever happens to the file later
/// @param services the rows of master.cf, in its order
/// @param notes remarks for the administrator on files that are good enough to start with
public record Plan(
        Path directory,
        Config config,
        MainCfText mainCf,
        List<Service> services,
        List<Note> notes) {
    public Plan {
        services = List.copyOf(services);
        notes = List.copyOf(notes);
    }

    /// A remark on an assignment or row that has no effect, or another one than in the suite it was copied from.
    ///
    /// @param warning true if something is missing; otherwise its work is done in another way
    public record Note(boolean warning, Problem where) {
        @Override
        public String toString() {
            return (warning ? Severity.WARNING.prefix() : "") + where;
        }
    }

    /// Returns the notes that are shown at every start.
    public List<Note> warnings() {
        return notes.stream().filter(Note::warning).toList();
    }

    /// The bytes of main.cf.
    public static final class MainCfText {
        private final byte[] bytes;

        MainCfText(byte[] bytes) {
            this.bytes = bytes;
        }

        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /// A row of master.cf.
    ///
    /// @param limit the number of sessions at a time; 0 for no limit
    /// @param config main.cf with the row's own options
    /// @param logName the name in its log lines: `postino/submission/smtpd`
    public record Service(
            MasterCf.Row row,
            Program program,
            List<Endpoint> endpoints,
            int limit,
            Config config,
            LogName logName) {
        public Service {
            endpoints = List.copyOf(endpoints);
        }

        public String name() {
            return row.service();
        }
    }

    /// The place at which a service is reached.
    public sealed interface Endpoint {
        /// A TCP port; `::` takes IPv4 too unless `onlyIpv6`.
        record Tcp(InetSocketAddress address, boolean onlyIpv6) implements Endpoint {}

        /// A Unix socket.
        ///
        /// @param owner the role whose user owns it
        /// @param forAll true if other users may connect, too, and are told apart by the kernel's word on who they are
        record Unix(Path path, Role owner, boolean forAll) implements Endpoint {}
    }

    /// Reads and checks both files.
    ///
    /// @throws ConfigException with every problem of both, and the warnings
    public static Plan load(Path directory) throws ConfigException {
        return load(directory, Files::readAllBytes);
    }

    /// Reads and checks both files by means of `reader`, which is asked for each of them once.
    static Plan load(Path directory, FileReader reader) throws ConfigException {
        return new Loader(directory.toAbsolutePath().normalize(), reader).load();
    }

    /// Reads a file whole.
    interface FileReader {
        byte[] read(Path file) throws IOException;
    }

    /// Makes one plan of the two files, on one thread.
    ///
    /// It goes on after a problem, so that an administrator sees everything that is wrong at once. It collects *problems*, each of
    /// which refuses the files, and *notes*, which do not. If main.cf has a problem, an unchecked configuration stands in for it while
    /// values and master.cf are checked. Asking that for a bad value throws [IllegalStateException]; this is ignored, as the value
    /// has been reported already.
    ///
    /// The order matters:
    /// 1. main.cf comes first, since everything else is judged by its values.
    /// 2. Its values are compared with each other ([ConfigCheck]).
    /// 3. The rows of master.cf follow. [ForeignRows] drops or replaces those of another suite and adds missing ones, before
    ///    each row gets its program, its endpoints and the configuration with its own options. An endpoint belongs to the first
    ///    row that has it.
    /// 4. [RelaySafety] judges a row only if there is no problem so far, as a bad value would make its answer worthless.
    ///
    /// Each file is read once. The configuration, those of rows with options of their own, and the bytes for daemons are of that
    /// reading, so that an edit during a load is wholly in the plan or not at all.
    private static final class Loader {
        private static final Set<String> BRING_MAIL = Set.of("smtpd", "pickup", "bounce", "local");

        private final Path directory;
        private final FileReader reader;
        private final List<Problem> problems = new ArrayList<>();
        private final List<Note> notes = new ArrayList<>();

        Loader(Path directory, FileReader reader) {
            this.directory = directory;
            this.reader = reader;
        }

        Plan load() throws ConfigException {
            Path file = directory.resolve("main.cf");
            byte[] bytes = read(file);
            MainCf main = MainCf.parse(file.toString(), bytes);
            Optional<Config> config = problems.isEmpty() ? config(main) : Optional.empty();
            // What is wrong in one place must not hide what is wrong in another.
            Config readable =
                    config.orElseGet(
                            () -> Config.unchecked(directory, main.settings(), AllParams.tables()));
            problems.addAll(ConfigCheck.values(readable, file.toString(), config.isPresent()));
            config.ifPresent(c -> warn(ConfigCheck.unusable(c, file.toString())));
            ConfigCheck.overridden(main).forEach(p -> notes.add(new Note(false, p)));
            List<Service> services = List.of();
            Path masterFile = directory.resolve("master.cf");
            try {
                MasterCf rows = MasterCf.parse(masterFile.toString(), reader.read(masterFile));
                problems.addAll(ConfigCheck.refused(main, rows));
                warn(ConfigCheck.withoutEffect(main, rows));
                warn(OldNames.warnings(main, rows));
                warn(ProbeCheck.warnings(main, rows));
                problems.addAll(rows.problems());
                services = services(main, rows, readable);
                if (rows.rows().isEmpty() && rows.problems().isEmpty()) {
                    problems.add(new Problem(masterFile.toString(), 0, "has no services"));
                }
            } catch (IOException e) {
                problems.add(unreadable(masterFile, e));
            } catch (IllegalStateException e) {
                if (problems.isEmpty()) {
                    throw e; // a value that is bad, and of which nobody has complained
                }
            }
            config.ifPresent(c -> checkHostName(c, file));
            if (!problems.isEmpty() || config.isEmpty()) {
                throw new ConfigException(sorted(problems), sorted(warnings()));
            }
            return new Plan(directory, config.get(), new MainCfText(bytes), services, notes);
        }

        private void warn(List<Problem> found) {
            found.forEach(problem -> notes.add(new Note(true, problem)));
        }

        private List<Problem> warnings() {
            return notes.stream().filter(Note::warning).map(Note::where).toList();
        }

        /// Warns of a host name that means nothing elsewhere: the suite runs with it, but other servers will refuse its mail.
        private void checkHostName(Config config, Path file) {
            String name = config.get(MainParams.MYHOSTNAME);
            if (name.indexOf('.') < 0 || name.endsWith(".localdomain")) {
                String text =
                        "myhostname is "
                                + name
                                + ", which other mail servers cannot look up: set it to the full"
                                + " name of this machine";
                int line = config.line(MainParams.MYHOSTNAME.name());
                notes.add(new Note(true, new Problem(file.toString(), line, text)));
            }
        }

        /// Sorts problems by file and line, and drops repetitions.
        private static List<Problem> sorted(List<Problem> problems) {
            var sorted = new ArrayList<>(new LinkedHashSet<>(problems));
            sorted.sort(Comparator.comparing(Problem::file).thenComparingInt(Problem::line));
            return sorted;
        }

        /// Reads main.cf. One that cannot be read is a problem, and empty.
        private byte[] read(Path file) {
            try {
                return reader.read(file);
            } catch (IOException e) {
                problems.add(unreadable(file, e));
                return new byte[0];
            }
        }

        private static Problem unreadable(Path file, IOException e) {
            return new Problem(file.toString(), 0, "cannot be read: " + reason(e));
        }

        private Optional<Config> config(MainCf main) {
            try {
                return Optional.of(Config.of(directory, main, List.of(), AllParams.tables()));
            } catch (ConfigException e) {
                problems.addAll(e.problems());
                return Optional.empty();
            }
        }

        private List<Service> services(MainCf main, MasterCf rows, Config config) {
            var services = new ArrayList<Service>();
            var owners = new HashMap<Endpoint, MasterCf.Row>();
            var values = config.settings().values().stream().map(Setting::text).toList();
            var foreign = new ForeignRows(rows.file(), () -> otherAuth(config));
            var commands = new CommandRows(config, values);
            for (MasterCf.Row row : foreign.adapt(rows.rows())) {
                Optional<Program> program = Programs.find(row.program());
                if (program.isEmpty()) {
                    say(
                            row,
                            "unknown program \""
                                    + row.program()
                                    + "\": must be one of "
                                    + String.join(", ", Programs.words()));
                    continue;
                }
                var endpoints = endpoints(row, program.get(), config);
                for (Endpoint endpoint : endpoints) {
                    MasterCf.Row other = owners.putIfAbsent(endpoint, row);
                    if (other != null) {
                        say(row, row.service() + " listens where line " + other.line() + " does");
                    }
                }
                Config own = row.overrides().isEmpty() ? config : own(main, row).orElse(config);
                relaySafety(row, own);
                for (String text : commands.problems(row)) {
                    warn(List.of(new Problem(rows.file(), row.line(), text)));
                }
                int limit = limit(row, program.get(), own);
                services.add(
                        new Service(
                                row,
                                program.get(),
                                endpoints,
                                limit,
                                own,
                                logName(own, row.program())));
            }
            notes.addAll(foreign.notes());
            worker(rows, config);
            services.forEach(service -> cleanupOf(service, services));
            return services;
        }

        /// Warns of a row that brings mail to a cleanup which is not there. It would wait.
        private void cleanupOf(Service service, List<Service> all) {
            String name = service.config().get(MainParams.CLEANUP_SERVICE_NAME);
            boolean there =
                    all.stream()
                            .anyMatch(s ->
                                    s.program().word().equals("cleanup")
                                            && s.row().service().equals(name)
                                            && !s.row().isPrivate());
            if (BRING_MAIL.contains(service.program().word())
                    && !name.equals("cleanup")
                    && !there) {
                String text =
                        service.row().service()
                                + ": cleanup_service_name is "
                                + name
                                + ", and no row of that name runs cleanup with n in its third"
                                + " column: mail will wait";
                String file = directory.resolve("master.cf").toString();
                warn(List.of(new Problem(file, service.row().line(), text)));
            }
        }

        /// Warns of a row whose smtpd will not serve because strangers might relay. Otherwise it would be found out from the log,
        /// when clients wait. Asked only as long as there is no problem, since a bad value would make the answer worthless.
        private void relaySafety(MasterCf.Row row, Config own) {
            if (row.program().matches("smtpd|postscreen") && problems.isEmpty()) {
                String file = directory.resolve("master.cf").toString();
                RelaySafety.problem(own)
                        .map(text -> row.service() + ": smtpd will not run: " + text)
                        .ifPresent(text -> warn(List.of(new Problem(file, row.line(), text))));
            }
        }

        private static LogName logName(Config config, String program) {
            String syslogName = config.get(MainParams.SYSLOG_NAME);
            return config.get(MainParams.LOG_NAMES).equals("compatible")
                    ? LogName.compatible(syslogName, program)
                    : LogName.of(syslogName, program);
        }

        /// Finds another program, Dovecot's auth say, that already listens where auth(8) would.
        private static Optional<String> otherAuth(Config config) {
            Path queue = config.get(MainParams.QUEUE_DIRECTORY);
            var holders = PortHolder.of(queue.resolve("private/auth"));
            Path file =
                    queue.resolve(config.get(MainParams.PROCESS_ID_DIRECTORY))
                            .resolve("master.pid");
            String master = text(file).strip();
            boolean ours =
                    holders.stream()
                            .mapToLong(PortHolder.Holder::pid)
                            .anyMatch(pid ->
                                    pid == ProcessHandle.current().pid()
                                            || Long.toString(pid).equals(master));
            return ours ? Optional.empty() : holders.stream().findFirst().map(Object::toString);
        }

        private static String text(Path file) {
            try {
                return new String(Files.readAllBytes(file), UTF_8);
            } catch (IOException e) {
                return ""; // no master runs there, or one that is not ours
            }
        }

        /// Demands a row for auth-worker(8) if auth(8) needs it.
        private void worker(MasterCf rows, Config config) {
            var programs = rows.rows().stream().map(MasterCf.Row::program).toList();
            if (programs.contains("auth")
                    && !programs.contains("auth-worker")
                    && AuthCheck.needsWorker(config)) {
                problems.add(
                        new Problem(
                                directory.resolve("master.cf").toString(),
                                0,
                                "auth_passdb wants another row: auth-worker unix - n n - -"
                                        + " auth-worker"));
            }
        }

        /// Returns the limit of sessions. For a program with one process the row's number counts processes (`1` for qmgr in every
        /// master.cf), so it must not limit the clients. postscreen has room for those it tests beside those that smtpd serves.
        private static int limit(MasterCf.Row row, Program program, Config config) {
            return switch (program.kind()) {
                case ONE, RESIDENT -> 0;
                case MANY -> {
                    int sessions =
                            row.maxproc()
                                    .orElseGet(() ->
                                            Math.toIntExact(
                                                    config.get(MainParams.DEFAULT_PROCESS_LIMIT)));
                    long tested =
                            program.word().equals("postscreen") && sessions > 0
                                    ? config.get(PostscreenParams.POSTSCREEN_PRE_QUEUE_LIMIT)
                                    : 0;
                    yield Math.toIntExact(sessions + tested);
                }
            };
        }

        /// Makes the configuration of a row with options of its own; empty if one of them is bad.
        private Optional<Config> own(MainCf main, MasterCf.Row row) {
            var options = new ArrayList<String>();
            options.add("service_name=" + row.service());
            options.add("process_name=" + row.program());
            options.addAll(row.overrides());
            try {
                return Optional.of(Config.of(directory, main, options, AllParams.tables()));
            } catch (ConfigException e) {
                for (Problem problem : e.problems()) {
                    if (problem.file().equals("-o")) { // those of main.cf have been reported
                        say(row, problem.text());
                    }
                }
                return Optional.empty();
            }
        }

        private List<Endpoint> endpoints(MasterCf.Row row, Program program, Config config) {
            Path queue = config.get(MainParams.QUEUE_DIRECTORY);
            switch (row.type()) {
                case INET -> {
                    try {
                        return new Interfaces(config).endpoints(row.host(), row.port());
                    } catch (IOException e) {
                        say(row, String.valueOf(e.getMessage()));
                        return List.of();
                    }
                }
                case UNIX, FIFO, PASS -> {
                    Path path =
                            queue.resolve(row.isPrivate() ? "private" : "public")
                                    .resolve(ByteNames.path(row.service()));
                    if (row.service().contains("/") || row.service().startsWith(".")) {
                        say(row, "bad service name \"" + row.service() + "\"");
                    }
                    Set<Role> askers = program.askers();
                    boolean one = askers != null && askers.size() == 1;
                    Role owner = askers != null && one ? askers.iterator().next() : Role.SPOOL;
                    boolean everybody = !one && (askers != null || !row.isPrivate());
                    return List.of(new Endpoint.Unix(path, owner, everybody));
                }
                case UNIX_DGRAM -> {
                    say(row, "type unix-dgram is not supported: daemons log through master");
                    return List.of();
                }
            }
            throw new IllegalStateException(row.key());
        }

        private void say(MasterCf.Row row, String text) {
            problems.add(new Problem(directory.resolve("master.cf").toString(), row.line(), text));
        }

        private static String reason(IOException e) {
            return e instanceof NoSuchFileException
                    ? "no such file"
                    : e instanceof AccessDeniedException
                            ? "permission denied"
                            : String.valueOf(e.getMessage());
        }
    }

    /// Lists the values of parameters for one row, as main.cf and the row's own options set them.
    ///
    /// @param wanted true for the name of a parameter that is asked for
    public List<String> texts(Service service, Predicate<String> wanted) {
        var texts = new ArrayList<String>();
        for (String name : config.settings().keySet()) {
            if (wanted.test(name)) {
                texts.add(config.text(name));
            }
        }
        for (String override : service.row().overrides()) {
            int equals = override.indexOf('=');
            if (wanted.test(override.substring(0, Math.max(0, equals)).strip())) {
                texts.add(override.substring(equals + 1));
            }
        }
        return texts;
    }

    /// Lists the absolute paths that these values mention, as in `hash:/etc/aliases`.
    public Set<Path> mentionedPaths(Service service, Predicate<String> wanted) {
        var paths = new LinkedHashSet<Path>();
        texts(service, wanted).forEach(text -> collect(text, paths));
        return paths;
    }

    private static void collect(String text, Set<Path> paths) {
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && " ,\t{}".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            String word = text.substring(start, end);
            int slash = word.indexOf('/');
            boolean path = slash == 0 || (slash > 0 && word.charAt(slash - 1) == ':');
            if (path && word.indexOf('\0') < 0 && !word.startsWith("//", slash)) {
                paths.add(ByteNames.path(word.substring(slash)));
            }
            start = end + 1;
        }
    }
}
