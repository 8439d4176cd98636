// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.global.config.Config;
import org.postino.global.config.MainParams;
import org.postino.global.config.MasterCf;
import org.postino.global.server.Accounts;
import org.postino.global.server.Jvm;
import org.postino.global.server.Plan;
import org.postino.global.server.Programs;
import org.postino.util.Credentials;
import org.postino.util.ListenSocket;
import org.postino.util.NativeFd;
import org.postino.util.ProcessSpawner;
import org.postino.util.Processes;
import org.postino.util.Sandbox;
import org.postino.util.Sandbox.Access;
import org.postino.util.Sandbox.Rule;

/// Starts daemons: command line, environment, descriptors, user and sandbox.
final class Launcher {
    /// Programs that read and write queue files.
    private static final Set<String> SPOOL =
            Set.of(
                    "cleanup", "qmgr", "pickup", "bounce", "error", "discard", "smtp", "lmtp",
                    "local", "virtual");

    /// Programs that work on users' mail, which may stand anywhere.
    private static final Set<String> MAIL = Set.of("local", "virtual", "imapd", "pop3d");

    /// Top-level directories in which no user's mail stands.
    private static final Set<String> SYSTEM =
            Set.of(
                    "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run",
                    "sbin", "sys", "usr");

    private final Plan plan;
    private final Path snapshot;
    private final Accounts accounts;
    private final boolean confine;
    private final List<String> environment;

    /// @param accounts as whom daemons run
    /// @param confine whether the kernel can confine a process to paths
    Launcher(Plan plan, Path snapshot, Accounts accounts, boolean confine) {
        this.plan = plan;
        this.snapshot = snapshot;
        this.accounts = accounts;
        this.confine = confine;
        this.environment = environment(plan.config());
    }

    /// The two ends that master keeps of a daemon it started.
    record Started(int pid, NativeFd control, NativeFd events, NativeFd process) {}

    /// Starts the daemon of a row on its listening sockets.
    Started start(Plan.Service service, List<ListenSocket> sockets) throws IOException {
        NativeFd.Pair control = NativeFd.socketPair();
        NativeFd.Pair events = NativeFd.pipe();
        try (NativeFd theirControl = control.second();
                NativeFd theirEvents = events.second()) {
            var descriptors = new ArrayList<NativeFd>();
            descriptors.add(sockets.getFirst().fd());
            descriptors.add(theirControl);
            descriptors.add(theirEvents);
            for (ListenSocket further : sockets.subList(1, sockets.size())) {
                descriptors.add(further.fd());
            }
            int pid =
                    ProcessSpawner.spawn(
                            new ProcessSpawner.Program(
                                    Jvm.command(
                                            mainClass(service.program()),
                                            service.program().weight(),
                                            plan.config().get(MainParams.DATA_DIRECTORY),
                                            arguments(service, sockets.size())),
                                    environment,
                                    descriptors,
                                    plan.config().get(MainParams.QUEUE_DIRECTORY),
                                    credentials(service),
                                    confine ? sandbox(service.row().program()) : null));
            control.first().nonBlocking();
            events.first().nonBlocking();
            return new Started(pid, control.first(), events.first(), NativeFd.ofProcess(pid));
        } catch (IOException e) {
            control.first().close();
            events.first().close();
            throw e;
        }
    }

    /// The class to run; the property `postino.program.NAME` names a stand-in, for tests of master.
    private static String mainClass(Programs.Program program) {
        return System.getProperty("postino.program." + program.word(), program.mainClass());
    }

    private List<String> arguments(Plan.Service service, int sockets) {
        MasterCf.Row row = service.row();
        var arguments = new ArrayList<String>();
        arguments.addAll(
                List.of(
                        "-n", row.service(),
                        "-t", row.type() == MasterCf.Type.INET ? "inet" : "unix",
                        "-c", plan.directory().toString(),
                        "-l", Integer.toString(service.limit()),
                        "-s", Integer.toString(sockets)));
        if (row.unprivileged()) {
            arguments.add("-u");
        }
        arguments.addAll(row.args());
        return arguments;
    }

    /// Null: as master itself.
    private @Nullable Credentials credentials(Plan.Service service) {
        Programs.Role role = service.program().role();
        boolean stay = role.isRoot() || !service.row().unprivileged();
        Programs.Role as = role.actsAsUsers() ? Programs.Role.SPOOL : role;
        if (stay || accounts.of(as).uid() == 0 || !Processes.isRoot()) {
            return null;
        }
        return accounts.credentials(as);
    }

    /// What a program may touch; see the SECURITY section of master(8).
    Sandbox sandbox(String program) {
        Config config = plan.config();
        var rules = new ArrayList<Rule>();
        Path home = Jvm.home();
        if (home != null) {
            rules.add(new Rule(home, Access.EXECUTE));
        }
        rules.add(new Rule(Path.of(System.getProperty("java.home")), Access.EXECUTE));
        rules.addAll(Sandbox.rules(Access.READ, Jvm.classPathEntries()));
        rules.addAll(
                Sandbox.rules(
                        Access.EXECUTE,
                        List.of(
                                Path.of("/usr/lib"),
                                Path.of("/usr/lib64"),
                                Path.of("/lib"),
                                Path.of("/lib64"))));
        // Files in /etc are replaced by others of their name, and a rule for a file would not hold
        // for its successor.
        rules.addAll(
                Sandbox.rules(
                        Access.READ,
                        List.of(
                                Path.of("/etc"),
                                Path.of("/usr/share"),
                                Path.of("/proc"),
                                Path.of("/sys/fs/cgroup"),
                                Path.of("/sys/devices/system/cpu"),
                                Path.of("/run/systemd/resolve"),
                                Path.of("/dev/random"),
                                Path.of("/dev/urandom"),
                                Path.of("/dev/zero"))));
        rules.add(new Rule(Path.of("/dev/null"), Access.WRITE));
        rules.add(new Rule(plan.directory(), Access.READ));
        Path queue = config.get(MainParams.QUEUE_DIRECTORY);
        for (Path path : plan.mentionedPaths()) {
            Path parent = path.getParent();
            if (!path.startsWith(queue) && parent != null) {
                // A table is replaced by a new file too, so the rule is for its directory.
                rules.add(new Rule(Files.isDirectory(path) ? path : parent, Access.READ));
            }
        }
        rules.add(new Rule(config.get(MainParams.DATA_DIRECTORY), Access.WRITE));
        if (SPOOL.contains(program)) {
            rules.add(new Rule(queue, Access.WRITE));
        }
        if (MAIL.contains(program)) {
            rules.addAll(Sandbox.rules(Access.WRITE, outsideTheSystem()));
        }
        if (program.equals("local")) {
            rules.addAll(
                    Sandbox.rules(
                            Access.EXECUTE,
                            List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/opt"))));
        }
        return new Sandbox(rules.stream().filter(rule -> !isRoot(rule.path())).toList());
    }

    private static boolean isRoot(Path path) {
        return path.normalize().getNameCount() == 0;
    }

    /// Every top-level directory but the system's own: homes and mail stores may be in any of them.
    private static List<Path> outsideTheSystem() {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> top = Files.newDirectoryStream(Path.of("/"))) {
            for (Path directory : top) {
                boolean system = SYSTEM.contains(String.valueOf(directory.getFileName()));
                if (!system && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(directory);
                }
            }
        } catch (IOException e) {
            found.add(Path.of("/home"));
            found.add(Path.of("/var"));
        }
        return found;
    }

    private List<String> environment(Config config) {
        var all = new ArrayList<String>();
        all.add("PATH=/usr/bin:/bin:/usr/sbin:/sbin");
        all.add(Config.SNAPSHOT + "=" + snapshot);
        for (String item : config.get(MainParams.IMPORT_ENVIRONMENT)) {
            if (item.contains("=")) {
                all.add(item);
            } else {
                pass(item, all);
            }
        }
        pass(Jvm.MORE_OPTIONS, all);
        pass(Jvm.NO_ARCHIVE, all);
        return List.copyOf(all);
    }

    private static void pass(String name, List<String> to) {
        String value = System.getenv(name);
        if (value != null) {
            to.add(name + "=" + value);
        }
    }
}
