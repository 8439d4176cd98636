// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postino.config.ConfigException;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.config.Problem;
import org.postino.linux.NativeFd;
import org.postino.log.Severity;
import org.postino.suite.Plan;
import org.postino.suite.ProgramAccounts;
import org.postino.util.ByteNames;

/// The configuration in force, and the rows of its master.cf at run time. It reads the files anew for a reload.
///
/// It owns the plan, the launcher made for it, the listening sockets, and the state of every row. A row that is gone from
/// master.cf is kept as long as a daemon of it lives.
final class Rows {
    private final ProgramAccounts accounts;
    private final LogWriter log;
    private final SocketPool sockets = new SocketPool();
    private final Map<String, ServiceState> services = new LinkedHashMap<>();
    private final List<ServiceState> vanished = new ArrayList<>();
    private Plan plan;
    private Launcher launcher;

    Rows(Plan plan, ProgramAccounts accounts, LogWriter log) throws IOException {
        this.plan = plan;
        this.accounts = accounts;
        this.log = log;
        this.launcher = launcher(plan);
    }

    private Launcher launcher(Plan of) throws IOException {
        return new Launcher(of, accounts, warning -> log.say(Severity.WARNING, warning));
    }

    Plan plan() {
        return plan;
    }

    /// Returns the launcher for the plan in force.
    Launcher launcher() {
        return launcher;
    }

    /// Returns the rows in force.
    Collection<ServiceState> inForce() {
        return Collections.unmodifiableCollection(services.values());
    }

    /// Returns the rows in force, and those that are gone but have daemons.
    List<ServiceState> all() {
        var all = new ArrayList<>(services.values());
        all.addAll(vanished);
        return all;
    }

    boolean isInForce(ServiceState state) {
        return services.containsValue(state);
    }

    /// Drops the rows that are gone and have no daemon any more. Called when a daemon has been collected.
    void forgetGone() {
        vanished.removeIf(gone -> gone.children().isEmpty());
    }

    /// True if a process is one of our daemons.
    boolean isDaemon(int pid) {
        return all().stream().flatMap(s -> s.children().stream()).anyMatch(c -> c.pid() == pid);
    }

    // --- beginning ---

    /// Binds every socket of the plan that is not among those left to us.
    ///
    /// @param left the open sockets by the name of what they listen on
    /// @return the sockets that could not be bound
    List<Problem> bind(Map<String, NativeFd> left) throws IOException {
        sockets.inherit(plan, left);
        return sockets.bind(plan, accounts);
    }

    /// Gives every row its state, after the sockets were bound, and takes over the daemons that another master has started.
    void begin(InheritedDescriptors left) throws IOException {
        adopt(plan);
        left.children(System.nanoTime()).forEach(this::adopt);
    }

    /// Takes over a daemon of another master. If its row is gone, any row of its program takes it.
    private void adopt(InheritedDescriptors.RunningDaemon heir, Child child) {
        ServiceState own = services.get(heir.row());
        services.values().stream()
                .filter(s -> own == null || s == own)
                .filter(s -> own != null || s.service().row().program().equals(heir.program()))
                .findFirst()
                .or(() -> services.values().stream().findFirst())
                .ifPresent(state -> state.children().add(child));
    }

    /// Logs the version and configuration that are in force from now on, with the event that brought them.
    void announce(String event) {
        log.say(
                Severity.INFO,
                event
                        + " -- version "
                        + plan.config().text("mail_version")
                        + ", configuration "
                        + ByteNames.text(plan.directory()));
    }

    void sayWarnings() {
        plan.warnings().forEach(warning -> log.say(Severity.WARNING, warning.where().toString()));
    }

    // --- changing ---

    /// Reads both files anew. If anything is wrong with them, everything stays as it was.
    ///
    /// @return the problems, which are logged, too; empty if the new files are in force
    List<Problem> reload() {
        List<Problem> problems;
        try {
            Plan next = Plan.load(plan.directory());
            problems = adoptable(next);
            if (problems.isEmpty()) {
                problems = sockets.bind(next, accounts);
            }
            if (problems.isEmpty()) {
                switchTo(next);
            }
        } catch (ConfigException e) {
            problems = e.problems();
        } catch (IOException e) {
            problems = List.of(new Problem("reload", 0, Master.text(e)));
        }
        for (Problem problem : problems) {
            log.say(Severity.ERROR, "reload: " + problem);
        }
        if (!problems.isEmpty()) {
            log.say(Severity.ERROR, "reload refused: the suite goes on as it was");
        }
        return problems;
    }

    /// Lists the changes that a new master could not take over. It judges for itself whether the files are good.
    List<Problem> restartable() {
        try {
            return adoptable(Plan.load(plan.directory()));
        } catch (ConfigException e) {
            return List.of();
        }
    }

    private List<Problem> adoptable(Plan next) {
        for (Param<?> fixed :
                List.<Param<?>>of(
                        MainParams.QUEUE_DIRECTORY,
                        MainParams.DATA_DIRECTORY,
                        MainParams.PROCESS_ID_DIRECTORY,
                        MainParams.MAIL_OWNER)) {
            if (!next.config().get(fixed).equals(plan.config().get(fixed))) {
                return List.of(
                        new Problem(
                                next.directory().resolve("main.cf").toString(),
                                0,
                                "a changed " + fixed.name() + " needs postino stop and start"));
            }
        }
        return List.of();
    }

    private void switchTo(Plan next) throws IOException {
        log.open(next.config());
        plan = next;
        announce("reload");
        sayWarnings();
        Launcher fresh = launcher(next);
        launcher.close();
        launcher = fresh;
        adopt(next);
        // Daemons accept until then: a client who has come by now is not turned away.
        sockets.closeOthers(next);
        retire();
    }

    /// Retires the daemons with the former configuration. Those that clients wait for go when their successors are ready.
    private void retire() {
        for (ServiceState state : services.values()) {
            for (Child child : List.copyOf(state.children())) {
                if (child.phase() != Child.Phase.DRAINING) {
                    state.retire(child);
                }
            }
        }
        vanished.forEach(Rows::drain);
    }

    /// True if a daemon with the former configuration may still accept a connection: its successor is not ready yet, or the daemon
    /// has not answered the command to finish.
    boolean isSucceeding() {
        return all().stream().anyMatch(ServiceState::isSucceeding);
    }

    /// The rows of such daemons.
    ///
    /// @param failed only those whose successor did not come up
    List<ServiceState> succeeding(boolean failed) {
        return all().stream()
                .filter(state -> state.isSucceeding() && (!failed || state.hasSuccessorFailed()))
                .toList();
    }

    /// Gives every row of the plan its state: that of the present row with the same name and type, or a new one.
    private void adopt(Plan next) {
        var before = new LinkedHashMap<>(services);
        services.clear();
        for (Plan.Service service : next.services()) {
            ServiceState old = before.remove(service.row().key());
            if (old == null) {
                services.put(service.row().key(), new ServiceState(service, sockets.of(service)));
            } else {
                old.become(service, sockets.of(service));
                services.put(service.row().key(), old);
            }
        }
        for (ServiceState gone : before.values()) {
            if (!gone.children().isEmpty()) {
                vanished.add(gone);
            }
        }
    }

    // --- ending ---

    /// Tells every daemon to finish its sessions.
    void drain() {
        all().forEach(Rows::drain);
    }

    private static void drain(ServiceState state) {
        for (Child child : state.children()) {
            if (child.phase() != Child.Phase.DRAINING) {
                child.tell("drain");
                state.released(child);
            }
        }
    }

    /// Closes the TCP sockets, so that clients are refused at once and do not wait for a daemon that will not come.
    void refuseClients() {
        for (ServiceState state : services.values()) {
            for (Plan.Endpoint endpoint : state.service().endpoints()) {
                if (endpoint instanceof Plan.Endpoint.Tcp) {
                    sockets.close(endpoint);
                }
            }
        }
    }

    /// Returns the open sockets by the name of what they listen on, for a new master.
    Map<String, NativeFd> openSockets() {
        return sockets.all();
    }

    void closeSockets() {
        sockets.closeAll();
    }
}
