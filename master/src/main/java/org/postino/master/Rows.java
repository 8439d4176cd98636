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
import org.postino.suite.Accounts;
import org.postino.suite.Plan;
import org.postino.util.ByteNames;

/// The configuration in force and the rows of its master.cf at run time; reads the files anew for a reload.
///
/// Owner of the plan, of the launcher made for it, of the listening sockets, and of every row's state, rows that are gone
/// included as long as a daemon of theirs lives.
final class Rows {
    private final Accounts accounts;
    private final LogWriter log;
    private final SocketPool sockets = new SocketPool();
    private final Map<String, ServiceState> services = new LinkedHashMap<>();
    private final List<ServiceState> vanished = new ArrayList<>();
    private Plan plan;
    private Launcher launcher;

    Rows(Plan plan, Accounts accounts, LogWriter log) throws IOException {
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

    /// Starts daemons as the plan in force says.
    Launcher launcher() {
        return launcher;
    }

    /// The rows in force.
    Collection<ServiceState> inForce() {
        return Collections.unmodifiableCollection(services.values());
    }

    /// The rows in force, and those that are gone but have daemons.
    List<ServiceState> all() {
        var all = new ArrayList<>(services.values());
        all.addAll(vanished);
        return all;
    }

    boolean isGone(ServiceState state) {
        return vanished.contains(state);
    }

    /// A daemon has been collected: it may have been the last of a row that is gone.
    void forgetGone() {
        vanished.removeIf(gone -> gone.children().isEmpty());
    }

    /// Whether a process is a daemon of ours.
    boolean isDaemon(int pid) {
        return all().stream().flatMap(s -> s.children().stream()).anyMatch(c -> c.pid() == pid);
    }

    // --- beginning ---

    /// Binds every socket of the plan that is not among those left to us.
    ///
    /// @param left open sockets by what they listen on
    /// @return what could not be bound
    List<Problem> bind(Map<String, NativeFd> left) throws IOException {
        sockets.inherit(plan, left);
        return sockets.bind(plan, accounts);
    }

    /// Gives every row its state, once sockets are bound, and takes over the daemons that another master has started.
    void begin(InheritedDescriptors left) throws IOException {
        adopt(plan);
        left.children(System.nanoTime()).forEach(this::adopt);
    }

    /// Daemons of rows that are gone go with any row of their program.
    private void adopt(InheritedDescriptors.RunningDaemon heir, Child child) {
        ServiceState own = services.get(heir.row());
        services.values().stream()
                .filter(s -> own == null || s == own)
                .filter(s -> own != null || s.service().row().program().equals(heir.program()))
                .findFirst()
                .or(() -> services.values().stream().findFirst())
                .ifPresent(state -> state.children().add(child));
    }

    /// Says what is in force from now on, and since which event.
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

    /// Reads both files anew; if anything is wrong with them everything stays as it was.
    ///
    /// @return what is wrong, which stands in the log too
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

    /// What a new master could not take over. Whether the files are good is for its version to judge.
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

    /// Lets the daemons that read the files before go, those that clients wait for once their successors are ready.
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

    /// Whether a daemon of the files before may still accept a connection: its successor is not ready yet, or it has not heard.
    boolean isSucceeding() {
        return all().stream().anyMatch(ServiceState::isSucceeding);
    }

    /// Gives every row of the plan its state: a new one, or that of the row of the same name and type.
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

    /// Lets every daemon finish what it has.
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

    /// From now on clients are refused at once instead of waiting for a daemon that will not come.
    void refuseClients() {
        for (ServiceState state : services.values()) {
            for (Plan.Endpoint endpoint : state.service().endpoints()) {
                if (endpoint instanceof Plan.Endpoint.Tcp) {
                    sockets.close(endpoint);
                }
            }
        }
    }

    /// The open sockets by what they listen on, for a new master.
    Map<String, NativeFd> openSockets() {
        return sockets.all();
    }

    void closeSockets() {
        sockets.closeAll();
    }
}
