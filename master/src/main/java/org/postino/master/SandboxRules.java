// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.PortList;
import org.postino.linux.Sandbox;
import org.postino.linux.Sandbox.Access;
import org.postino.linux.Sandbox.Ports;
import org.postino.linux.Sandbox.Rule;
import org.postino.mailstore.MailParams;
import org.postino.suite.CommandRow;
import org.postino.suite.Jvm;
import org.postino.suite.LocalParams;
import org.postino.suite.Plan;
import org.postino.suite.SandboxPolicy;
import org.postino.suite.SandboxPolicy.Means;
import org.postino.suite.SmtpParams;
import org.postino.suite.VerifyFile;
import org.postino.util.ByteNames;

/// The Landlock rules of one row's daemon.
///
/// A file that is replaced by others of its name is allowed through its directory, since a rule for the file would not hold for
/// its successor.
final class SandboxRules {
    private static final int DNS = 53;
    private static final Pattern PORT =
            Pattern.compile("(?:^|[\\s,:])[^\\s,]*?:(\\d{1,5})(?=[\\s,}]|$)");

    private static final Pattern FILTER = Pattern.compile("(?:^|:)(\\d{1,5})$");

    private static final Pattern INET = Pattern.compile("\\binet:[^\\s,]*?(\\d{1,5})(?=[\\s,}]|$)");

    /// Files that the dynamic linker, the C library and the Java machine read at start.
    private static final List<Path> RUNTIME =
            List.of(
                    Path.of("/usr/lib"),
                    Path.of("/usr/lib64"),
                    Path.of("/lib"),
                    Path.of("/lib64"),
                    Path.of("/etc/ld.so.cache"),
                    Path.of("/etc/localtime"),
                    Path.of("/etc/timezone"),
                    Path.of("/usr/share/zoneinfo"),
                    Path.of("/proc"),
                    Path.of("/sys/fs/cgroup"),
                    Path.of("/sys/devices/system/cpu"),
                    Path.of("/sys/kernel/mm/transparent_hugepage"),
                    Path.of("/dev/random"),
                    Path.of("/dev/urandom"),
                    Path.of("/dev/zero"));

    /// Programs that the kernel itself starts when it starts a program.
    private static final List<Path> INTERPRETERS =
            List.of(Path.of("/lib64/ld-linux-x86-64.so.2"), Path.of("/lib/ld-linux-aarch64.so.1"));

    /// Directories of the files that libraries of name services read.
    private static final List<Path> NAME_SERVICES =
            List.of(
                    Path.of("/var/lib/sss/mc"),
                    Path.of("/var/lib/extrausers"),
                    Path.of("/run/systemd/resolve"),
                    Path.of("/run/resolvconf"),
                    Path.of("/run/NetworkManager"));

    /// Directories with programs for users' commands, beside homes.
    private static final List<Path> COMMANDS =
            List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/sbin"), Path.of("/opt"));

    private static final List<Path> TEMPORARY = List.of(Path.of("/tmp"), Path.of("/var/tmp"));

    /// Programs that pam_unix starts to look up a hash, always (since 1.6) or as an ordinary user.
    private static final List<Path> PASSWORD_HELPERS =
            List.of(Path.of("/usr/sbin/unix_chkpwd"), Path.of("/sbin/unix_chkpwd"));

    private final Plan plan;
    private final Plan.Service service;
    private final SandboxPolicy policy;
    private final Config config;
    private final Path queue;
    private final List<Rule> rules = new ArrayList<>();

    SandboxRules(Plan plan, Plan.Service service, SandboxPolicy policy) {
        this.plan = plan;
        this.service = service;
        this.policy = policy;
        this.config = plan.config();
        this.queue = config.get(MainParams.QUEUE_DIRECTORY);
    }

    /// Makes the sandbox: rules for files, and ports.
    ///
    /// @param sockets the number of sockets on which the daemon listens
    Sandbox sandbox(int sockets) {
        machine();
        configuration();
        queue();
        if (policy.has(Means.SYSTEM_FILES)) {
            allow(Access.READ, List.of(Path.of("/etc")));
            allow(Access.READ, NAME_SERVICES);
        }
        if (policy.has(Means.PASSWORDS)) {
            allow(Access.WRITE, FailedLogins.PLACES);
            allow(Access.EXECUTE, PASSWORD_HELPERS);
        }
        if (policy.has(Means.CACHE)) {
            cache();
        }
        if (policy.has(Means.MAIL)) {
            mail();
        }
        if (policy.has(Means.COMMANDS)) {
            allow(Access.EXECUTE, COMMANDS);
            allow(Access.WRITE, TEMPORARY);
            CommandRow.program(service.row()).ifPresent(this::program);
            Path home = Jvm.home();
            allow(Access.EXECUTE, home == null ? List.of() : List.of(home));
            // A command that sends mail reads main.cf.
            boolean mixed = queue.startsWith(plan.directory());
            allow(
                    Access.READ,
                    List.of(mixed ? plan.directory().resolve("main.cf") : plan.directory()));
        }
        var own = rules.stream().filter(rule -> !isRoot(rule.path())).toList();
        return new Sandbox(own, bind(sockets), connect(), true);
    }

    /// Allows the Java machine, its libraries, and our jars. Only `java` can be executed.
    private void machine() {
        Path home = Jvm.home();
        if (home != null) {
            allow(Access.READ, List.of(home.resolve("lib")));
        }
        allow(Access.READ, List.of(Path.of(System.getProperty("java.home"))));
        allow(Access.READ, Jvm.classPathEntries());
        allow(Access.READ, RUNTIME);
        allow(Access.EXECUTE, List.of(Jvm.java()));
        allow(Access.EXECUTE, INTERPRETERS);
        allow(Access.WRITE, List.of(Path.of("/dev/null")));
    }

    /// Allows the program that the row itself names. Those in `/etc` are edited, which replaces them; elsewhere a directory may be
    /// anybody's.
    private void program(Path program) {
        allow(Access.EXECUTE, List.of(program.startsWith("/etc") ? directory(program) : program));
    }

    private void configuration() {
        Path data = config.get(MainParams.DATA_DIRECTORY);
        allow(Access.WRITE, List.of(data.resolve("crash")));
        if (policy.has(Means.OWN_DATA)) {
            allow(Access.WRITE, List.of(data.resolve(service.program().word())));
        }
        if (!policy.parameters().isEmpty() && !policy.has(Means.MAIL)) {
            allow(Access.READ, List.of(plan.directory()));
        }
        if (policy.has(Means.MAIL) && !policy.has(Means.SYSTEM_FILES)) {
            return; // what they read of it is handed over to them
        }
        for (Path path : plan.mentionedPaths(service, this::isTable)) {
            if (!path.startsWith(queue)) {
                allow(Access.READ, List.of(directory(path)));
            }
        }
        for (Path path : plan.mentionedPaths(service, this::isCertificate)) {
            // Where everything lies in one directory, that must not be opened for a certificate.
            boolean mixed = queue.startsWith(directory(path));
            allow(Access.READ, List.of(mixed ? path : directory(path)));
        }
    }

    private boolean isTable(String parameter) {
        return policy.reads(parameter) && !parameter.contains("_tls_") && !isPlace(parameter);
    }

    private boolean isCertificate(String parameter) {
        return policy.reads(parameter) && parameter.contains("_tls_");
    }

    /// True if a parameter names a place that is not for reading.
    private static boolean isPlace(String parameter) {
        return parameter.endsWith("_directory")
                || parameter.endsWith("_base")
                || parameter.startsWith("maillog_");
    }

    private static Path directory(Path path) {
        Path parent = path.getParent();
        return Files.isDirectory(path) || parent == null ? path : parent;
    }

    private void queue() {
        policy.owned().forEach(name -> allow(Access.WRITE, List.of(queue.resolve(name))));
        policy.changed().forEach(name -> allow(Access.CHANGE, List.of(queue.resolve(name))));
        policy.read().forEach(name -> allow(Access.READ, List.of(queue.resolve(name))));
    }

    /// Allows the directory of the file in which what is known of addresses is kept: the file is replaced now and then.
    private void cache() {
        VerifyFile.of(service.config())
                .ifPresent(file -> allow(Access.WRITE, List.of(directory(file))));
    }

    private void mail() {
        Access access = policy.has(Means.COMMANDS) ? Access.ALL : Access.WRITE;
        allow(access, PathsAround.mail(ours()));
        for (String text :
                List.of(
                        config.get(LocalParams.VIRTUAL_MAILBOX_BASE),
                        config.get(MailParams.MAIL_SPOOL_DIRECTORY))) {
            if (text.startsWith("/")) {
                allow(Access.WRITE, List.of(ByteNames.path(text)));
            }
        }
    }

    /// Lists the directories that belong to the suite, in which no user's mail stands.
    private List<Path> ours() {
        var ours = new ArrayList<Path>();
        ours.add(real(queue));
        ours.add(real(config.get(MainParams.DATA_DIRECTORY)));
        ours.add(real(plan.directory()));
        Path home = Jvm.home();
        if (home != null) {
            ours.add(real(home));
        }
        ours.add(real(Path.of(System.getProperty("java.home"))));
        return ours;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    /// Returns the ports to which the daemon may bind. A daemon with several sockets binds a channel to any free port before it
    /// puts each further socket in the channel's place; smtp binds to an address that main.cf names.
    private Ports bind(int sockets) {
        boolean chooses =
                policy.has(Means.NETWORK)
                        && !(config.get(SmtpParams.SMTP_BIND_ADDRESS)
                                        + config.get(SmtpParams.SMTP_BIND_ADDRESS6))
                                .isEmpty();
        return sockets > 1 || chooses ? Ports.of(Set.of(0)) : Ports.NONE;
    }

    private Ports connect() {
        if (policy.has(Means.COMMANDS)) {
            Ports ports = commandPorts(service, policy);
            var asking = new TreeSet<>(ports.only());
            asking.add(DNS);
            return policy.has(Means.NAME_SERVERS) && !ports.any() ? Ports.of(asking) : ports;
        }
        if (policy.has(Means.NETWORK)) {
            return Ports.ANY;
        }
        if (!policy.has(Means.NAME_SERVERS)) {
            return Ports.NONE;
        }
        var ports = new TreeSet<>(Set.of(DNS));
        plan.texts(service, name -> name.equals("dns_servers"))
                .forEach(text -> collectPorts(PORT, text, ports));
        plan.texts(service, name -> name.equals("smtpd_proxy_filter"))
                .forEach(text -> collectPorts(FILTER, text, ports));
        // Policy servers and filters stand in restrictions, whose names an administrator may
        // choose.
        plan.texts(service, _ -> true).forEach(text -> collectPorts(INET, text, ports));
        plan.mentionedPaths(service, name -> name.equals("smtpd_milter_maps"))
                .forEach(table -> collectPorts(INET, text(table), ports));
        return Ports.of(ports);
    }

    /// The text of a table, of which only the ASCII part matters here; empty if it cannot be read, which who asks the table will tell.
    private static String text(Path table) {
        try {
            return Files.readString(table, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /// Returns the ports to which users' commands, and so the daemon that starts them, may connect. There are none if the kernel
    /// could not confine them to the listed ports.
    static Ports commandPorts(Plan.Service service, SandboxPolicy policy) {
        if (!policy.has(Means.COMMANDS)) {
            return Ports.NONE;
        }
        PortList ports = service.config().get(LocalParams.COMMAND_NETWORK_PORTS);
        return ports.any()
                ? Ports.ANY
                : Sandbox.confinesNetwork() ? Ports.of(ports.only()) : Ports.NONE;
    }

    private static void collectPorts(Pattern form, String text, Collection<Integer> ports) {
        Matcher matcher = form.matcher(text);
        while (matcher.find()) {
            int port = Integer.parseInt(matcher.group(1));
            if (port > 0 && port < 65_536) {
                ports.add(port);
            }
        }
    }

    private void allow(Access access, Collection<Path> paths) {
        rules.addAll(Sandbox.rules(access, paths));
    }

    private static boolean isRoot(Path path) {
        return path.normalize().getNameCount() == 0;
    }
}
