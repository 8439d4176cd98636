// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.config.OwnNetworks;
import org.postino.linux.ListenSocket;
import org.postino.linux.MemoryFile;
import org.postino.linux.NativeFd;
import org.postino.linux.ProcessSpawner;
import org.postino.linux.Users;
import org.postino.suite.AuthParams;
import org.postino.suite.Jvm;
import org.postino.suite.Plan;
import org.postino.suite.Program;
import org.postino.suite.ProgramAccounts;
import org.postino.suite.Role;
import org.postino.util.ByteNames;

/// Starts daemons: command line, environment, descriptors, user and sandbox.
final class Launcher implements Closeable {
    private final Plan plan;
    private final ProgramAccounts accounts;
    private final Confinement confinement;
    private final List<String> environment;
    private final NativeFd mainCf;
    private final SealedFiles sealedFiles;
    private final Set<Integer> clients = new LinkedHashSet<>();

    /// @param accounts the users of the roles
    /// @param warnings gets a sentence for each thing that daemons will lack
    Launcher(Plan plan, ProgramAccounts accounts, Consumer<String> warnings) throws IOException {
        this.plan = plan;
        this.accounts = accounts;
        this.confinement = new Confinement(plan, accounts);
        this.environment = environment(plan.config());
        this.sealedFiles = new SealedFiles(plan, warnings);
        this.mainCf = MemoryFile.of("main.cf", plan.mainCf().bytes());
        for (String name : plan.config().get(AuthParams.AUTH_CLIENT_USERS)) {
            Users.byName(name)
                    .ifPresentOrElse(
                            user -> clients.add(user.uid()),
                            () -> warnings.accept("auth_client_users: no user " + name));
        }
    }

    SealedFiles sealedFiles() {
        return sealedFiles;
    }

    /// The descriptors that master keeps of a daemon that it started.
    ///
    /// @param control the line for commands and status
    /// @param events the pipe from which the daemon's events are read
    /// @param process readable when the daemon has ended
    /// @param files the files that were handed to the daemon because it may not open them
    record Started(
            int pid,
            NativeFd control,
            NativeFd events,
            NativeFd process,
            List<SealedFiles.Item> files) {
        Started {
            files = List.copyOf(files);
        }
    }

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
            var variables = environment();
            // What daemons read: a half-edited file hurts nobody before a successful reload.
            variables.add(Config.SNAPSHOT + "=" + MemoryFile.path(descriptors.size()));
            descriptors.add(mainCf);
            Confinement.Bounds bounds = confinement.of(service, sockets.size());
            var items = sealedFiles.itemsFor(service, bounds.user(), bounds.sandbox());
            var arguments = arguments(service, sockets.size());
            for (SealedFiles.Item item : items) {
                NativeFd content = item.content();
                if (content != null) {
                    arguments.add("-F" + descriptors.size() + "=" + item.name());
                    descriptors.add(content);
                }
            }
            arguments.addAll(service.row().args());
            int pid =
                    ProcessSpawner.spawn(
                            new ProcessSpawner.Program(
                                    Jvm.command(
                                            mainClass(service.program()),
                                            service.program().weight(),
                                            SpoolDirectories.crashDirectory(plan.config()),
                                            arguments),
                                    variables,
                                    descriptors,
                                    plan.config().get(MainParams.QUEUE_DIRECTORY),
                                    bounds.user(),
                                    bounds.sandbox(),
                                    bounds.filter(),
                                    bounds.limits()));
            control.first().nonBlocking();
            events.first().nonBlocking();
            return new Started(
                    pid, control.first(), events.first(), NativeFd.ofProcess(pid), items);
        } catch (IOException e) {
            control.first().close();
            events.first().close();
            throw e;
        }
    }

    /// Returns the class to run. The property `postino.program.NAME` names a stand-in, for tests of master.
    private static String mainClass(Program program) {
        return System.getProperty("postino.program." + program.word(), program.mainClass());
    }

    private List<String> arguments(Plan.Service service, int sockets) {
        MasterCf.Row row = service.row();
        var arguments = new ArrayList<String>();
        arguments.addAll(
                List.of(
                        "-n", row.service(),
                        "-t", row.type() == MasterCf.Type.INET ? "inet" : "unix",
                        "-c", ByteNames.text(plan.directory()),
                        "-l", Integer.toString(service.limit()),
                        "-s", Integer.toString(sockets)));
        if (row.unprivileged()) {
            arguments.add("-u");
        }
        if (row.type() != MasterCf.Type.INET) {
            Set<Role> askers = service.program().askers();
            if (askers != null) {
                arguments.add("-a");
                arguments.add(peers(row.program(), askers));
            }
        }
        return arguments;
    }

    /// Lists the numbers of the users who may connect to the row's socket.
    private String peers(String program, Set<Role> roles) {
        var uids = accounts.uids(roles);
        if (program.equals("auth")) {
            uids.addAll(clients);
        }
        return String.join(",", uids.stream().map(Integer::toUnsignedString).toList());
    }

    /// Returns the environment with the machine's addresses, which change while the configuration does not.
    private List<String> environment() {
        var all = new ArrayList<>(environment);
        all.add(OwnNetworks.PRESENT + "=" + OwnNetworks.present());
        return all;
    }

    private List<String> environment(Config config) {
        var all = new ArrayList<String>();
        all.add("PATH=/usr/bin:/bin:/usr/sbin:/sbin");
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

    @Override
    public void close() {
        mainCf.close();
        sealedFiles.close();
    }

    private static void pass(String name, List<String> to) {
        String value = System.getenv(name);
        if (value != null) {
            to.add(name + "=" + ByteNames.text(value));
        }
    }
}
