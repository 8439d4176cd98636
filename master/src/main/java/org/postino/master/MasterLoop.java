// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postino.global.config.ConfigException;
import org.postino.global.config.MainParams;
import org.postino.global.config.Param;
import org.postino.global.config.Problem;
import org.postino.global.log.Severity;
import org.postino.global.server.Accounts;
import org.postino.global.server.Plan;
import org.postino.util.HeldLock;
import org.postino.util.ListenSocket;
import org.postino.util.NativeFd;
import org.postino.util.Poller;

/// All that master does once it has started; one thread, that of [#run()], owns all of its state.
final class MasterLoop {
    /// What log readers know, whoever asked.
    private static final String TERMINATING = "terminating on signal 15";

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(100);

    private static final String LOG = "log\t";
    private static final String CONTROL = "control";
    private static final Problem STOPPING = new Problem("reload", 0, "the suite is being stopped");

    private final Accounts accounts;
    private final LogWriter log;
    private final HeldLock lock;
    private final Watch watch;
    private final SocketPool sockets = new SocketPool();
    private final Map<String, ServiceState> services = new LinkedHashMap<>();
    private final List<ServiceState> vanished = new ArrayList<>();
    private final List<ControlSocket.Client> waitingForStop = new ArrayList<>();
    private final byte[] buffer = new byte[64 * 1024];
    private final NativeFd.Pair alarm;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final boolean orphans = Orphans.areOurs();
    private final ServiceManager manager =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid(), System::nanoTime);
    private final FileRenewal renewal;
    private Plan plan;
    private Launcher launcher;
    private @Nullable ControlSocket control;
    private @Nullable StopSequence stop;
    private volatile boolean stopAsked;
    private volatile boolean reloadAsked;

    MasterLoop(Plan plan, Accounts accounts, LogWriter log, HeldLock lock) throws IOException {
        this.plan = plan;
        this.accounts = accounts;
        this.log = log;
        this.lock = lock;
        this.watch = new Watch(log);
        this.alarm = NativeFd.pipe();
        this.renewal = new FileRenewal(log);
        this.launcher = new Launcher(plan, accounts, this::warn);
    }

    /// Opens the log and binds every socket that was not left to us; what cannot be is in the result, and then nothing is
    /// open. After a restart the suite goes on without what it cannot bind.
    List<Problem> open(Succession left) throws IOException {
        log.open(plan.config());
        List<Problem> problems = bind(left);
        if (problems.isEmpty()) {
            adopt(plan);
            adopt(left.children(System.nanoTime()));
            log.say(
                    Severity.INFO,
                    "daemon started -- version "
                            + version()
                            + ", configuration "
                            + plan.directory());
            sayWhoIsMissing();
            plan.warnings()
                    .forEach(warning -> log.say(Severity.WARNING, warning.where().toString()));
            for (String lack : Confinement.lacking()) {
                log.say(Severity.WARNING, lack);
            }
            left.done();
            log.flush();
        }
        return problems;
    }

    private List<Problem> bind(Succession left) throws IOException {
        Path queue = plan.config().get(MainParams.QUEUE_DIRECTORY);
        Map<String, NativeFd> open = left.sockets();
        NativeFd leftControl = open.remove(CONTROL);
        sockets.inherit(plan, open);
        List<Problem> problems = sockets.bind(plan, accounts);
        if (!left.isEmpty()) {
            for (Problem problem : problems) {
                log.say(Severity.ERROR, "restart: " + problem);
            }
            problems = List.of();
        }
        if (problems.isEmpty()) {
            control =
                    leftControl == null
                            ? new ControlSocket(queue)
                            : new ControlSocket(queue, leftControl);
        }
        return problems;
    }

    /// Takes daemons over that another master has started; those of rows that are gone go with any row of their program.
    private void adopt(Map<Succession.Heir, Child> children) {
        children.forEach((heir, child) -> {
            ServiceState own = services.get(heir.row());
            services.values().stream()
                    .filter(s -> own == null || s == own)
                    .filter(s -> own != null || s.service().row().program().equals(heir.program()))
                    .findFirst()
                    .or(() -> services.values().stream().findFirst())
                    .ifPresent(state -> state.children().add(child));
        });
    }

    private void sayWhoIsMissing() throws IOException {
        if (!accounts.missing().isEmpty()) {
            log.say(
                    Severity.INFO,
                    "no users "
                            + String.join(", ", accounts.missing())
                            + ": their programs run as "
                            + accounts.owner().name());
        }
    }

    private void warn(String text) {
        log.say(Severity.WARNING, text);
    }

    private static String version() {
        return Optional.ofNullable(MasterLoop.class.getPackage().getImplementationVersion())
                .orElse("0.1");
    }

    /// Runs until the suite has been stopped.
    void run() throws IOException {
        try {
            manager.ready();
            while (!isStopped()) {
                startWhatIsDue();
                poll();
                attend();
                log.flush();
            }
            log.say(Severity.INFO, "stopped");
            end();
        } finally {
            finished.countDown();
        }
    }

    /// What is due at every turn, whether or not anything happened.
    private void attend() throws IOException {
        if (reloadAsked) {
            reloadAsked = false;
            reload();
        }
        if (orphans) {
            Orphans.collect(this::isDaemon);
        }
        manager.turn();
        if (manager.isThere() && stop == null) {
            manager.status(StatusTable.summary(all()));
        }
    }

    private boolean isDaemon(int pid) {
        return all().stream().flatMap(s -> s.children().stream()).anyMatch(c -> c.pid() == pid);
    }

    private boolean isStopped() {
        if (stopAsked && stop == null) {
            log.say(Severity.INFO, TERMINATING);
            beginStop();
        }
        StopSequence sequence = stop;
        return sequence != null && sequence.advance(all(), System.nanoTime());
    }

    private void end() throws IOException {
        sockets.closeAll();
        if (control != null) {
            control.close();
        }
        renewal.close();
        log.close();
        lock.close();
        waitingForStop.forEach(client -> client.answer(List.of(), true));
    }

    /// Asks for the end from another thread, and waits for it; false if it has come already, or does not come.
    boolean stopAndWait() {
        if (finished.getCount() == 0) {
            return false;
        }
        stopAsked = true;
        alarm.second().write(new byte[1]);
        try {
            return finished.await(StopSequence.LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Asks for a reload from another thread, whose outcome stands in the log.
    void reloadSoon() {
        reloadAsked = true;
        alarm.second().write(new byte[1]);
    }

    private List<ServiceState> all() {
        var all = new ArrayList<>(services.values());
        all.addAll(vanished);
        return all;
    }

    // --- starting ---

    private void startWhatIsDue() {
        long now = System.nanoTime();
        renewal.check(services.values(), launcher.handover(), now);
        for (ServiceState state : services.values()) {
            if (stop != null) {
                return; // on demand only
            }
            if (state.isResident() && state.mayStart(now)) {
                start(state);
            }
            if (state.isWakeupDue(now)) {
                wakeUp(state, now);
            }
        }
    }

    private void wakeUp(ServiceState state, long now) {
        state.wokenUp(now);
        Child current = state.current();
        if (current != null) {
            current.tell("wakeup");
        } else if (state.mayStart(now)) {
            start(state);
        }
    }

    private void start(ServiceState state) {
        long now = System.nanoTime();
        try {
            var child = new Child(launcher.start(state.service(), state.sockets()), now);
            state.started(child);
            renewal.watch(child);
        } catch (IOException e) {
            Duration wait = state.failed(true, throttleTime(), now);
            log.say(
                    Severity.WARNING,
                    "cannot start "
                            + state.service().row().program()
                            + " for service "
                            + state.service().name()
                            + ": "
                            + e.getMessage()
                            + "; next try in "
                            + wait.toSeconds()
                            + "s");
        }
    }

    private Duration throttleTime() {
        return plan.config().get(MainParams.SERVICE_THROTTLE_TIME);
    }

    // --- waiting ---

    /// Something to do when a descriptor is readable.
    private interface Reaction {
        void run() throws IOException;
    }

    private void poll() throws IOException {
        var fds = new ArrayList<NativeFd>();
        var reactions = new ArrayList<Reaction>();
        collect(fds, reactions);
        for (int ready : Poller.await(fds, pause())) {
            try {
                reactions.get(ready).run();
            } catch (IOException e) {
                log.say(Severity.WARNING, String.valueOf(e.getMessage()));
            }
        }
    }

    private void collect(List<NativeFd> fds, List<Reaction> reactions) {
        fds.add(alarm.first());
        reactions.add(() -> alarm.first().read(buffer));
        fds.add(renewal.fd());
        reactions.add(renewal::hear);
        ControlSocket open = control;
        if (open != null) {
            fds.add(open.fd());
            reactions.add(open::accept);
            for (ControlSocket.Client client : open.clients()) {
                fds.add(client.fd());
                reactions.add(() -> hear(open, client));
            }
        }
        long now = System.nanoTime();
        for (ServiceState state : all()) {
            for (Child child : state.children()) {
                collect(state, child, fds, reactions);
            }
            boolean demand = state.mayStart(now) && !vanished.contains(state);
            for (ListenSocket socket : demand ? listening(state) : List.<ListenSocket>of()) {
                fds.add(socket.fd());
                reactions.add(() -> {
                    if (state.mayStart(System.nanoTime())) {
                        start(state);
                    }
                });
            }
        }
    }

    private List<ListenSocket> listening(ServiceState state) {
        StopSequence sequence = stop;
        return sequence != null && !sequence.mayServe(state) ? List.of() : state.sockets();
    }

    private void collect(
            ServiceState state, Child child, List<NativeFd> fds, List<Reaction> reactions) {
        // Events first: what a daemon logged before it died shall stand before the news of its
        // death.
        if (child.areEventsOpen()) {
            fds.add(child.events());
            reactions.add(() -> watch.log(state, child));
        }
        if (child.isControlOpen()) {
            fds.add(child.control());
            reactions.add(() -> {
                if (child.hear(buffer)) {
                    state.released(child);
                }
            });
        }
        fds.add(child.process());
        reactions.add(() -> {
            watch.collectExit(state, child, throttleTime());
            vanished.removeIf(gone -> gone.children().isEmpty());
        });
    }

    private Duration pause() {
        if (stop != null) {
            return TICK;
        }
        long now = System.nanoTime();
        long pause = manager.pause((orphans ? Orphans.LONGEST_STAY : LONGEST_PAUSE).toNanos());
        for (ServiceState state : services.values()) {
            if (state.isThrottled(now)) {
                pause = Math.min(pause, state.notBefore() - now);
            }
            if (state.wakesUp()) {
                pause = Math.min(pause, state.nextWakeup() - now);
            }
        }
        pause = renewal.pause(now, Math.max(0, pause));
        return Duration.ofNanos(pause).plusMillis(1);
    }

    // --- commands ---

    private void hear(ControlSocket from, ControlSocket.Client client) throws IOException {
        for (String request : from.requests(client, buffer)) {
            if (!request.startsWith(LOG)) {
                from.forget(client);
                obey(client, request);
                return;
            }
            log.writeFor(request, plan.config().get(MainParams.SYSLOG_NAME));
        }
        if (ControlSocket.hasEnded(client)) {
            from.forget(client);
            log.flush();
            client.answer(List.of(), true);
        }
    }

    private void obey(ControlSocket.Client client, String request) {
        switch (request) {
            case "status" -> client.answer(StatusTable.lines(all()), true);
            case "reload" -> {
                List<Problem> problems = reload();
                client.answer(
                        problems.stream().map(Problem::toString).toList(), problems.isEmpty());
            }
            case "restart" -> restart(client);
            case "reopen" -> {
                List<String> problems = reopenLog();
                client.answer(problems, problems.isEmpty());
            }
            case "stop" -> {
                waitingForStop.add(client);
                if (stop == null) {
                    log.say(Severity.INFO, TERMINATING);
                    beginStop();
                }
            }
            default -> client.answer(List.of("unknown request"), false);
        }
    }

    /// Makes way for a new master, which answers the client; comes back only if that fails.
    private void restart(ControlSocket.Client client) {
        List<Problem> problems = stop == null ? restartable() : List.of(STOPPING);
        if (problems.isEmpty()) {
            log.say(Severity.INFO, "restart -- configuration " + plan.directory());
            log.flush();
            all().forEach(this::drain);
            var open = sockets.all();
            ControlSocket own = control;
            if (own != null) {
                open.put(CONTROL, own.fd());
            }
            try {
                Restart.become(plan, log.isForeground(), Succession.of(open, all(), client.fd()));
            } catch (IOException e) {
                problems = List.of(new Problem("restart", 0, Master.text(e)));
            }
        }
        problems.forEach(problem -> log.say(Severity.ERROR, "restart refused: " + problem));
        client.answer(problems.stream().map(Problem::toString).toList(), false);
    }

    /// What the new master could not take over. Whether the files are good is for its version to judge.
    private List<Problem> restartable() {
        try {
            return adoptable(Plan.load(plan.directory()));
        } catch (ConfigException e) {
            return List.of();
        }
    }

    /// Takes a log file that was renamed for rotated.
    private List<String> reopenLog() {
        try {
            log.open(plan.config());
            return List.of();
        } catch (IOException e) {
            return List.of(Master.text(e));
        }
    }

    private void beginStop() {
        manager.stopping();
        stop = new StopSequence(System.nanoTime());
        // From now on clients are refused at once instead of waiting for a daemon that will not
        // come.
        for (ServiceState state : services.values()) {
            for (Plan.Endpoint endpoint : state.service().endpoints()) {
                if (endpoint instanceof Plan.Endpoint.Tcp) {
                    sockets.close(endpoint);
                }
            }
        }
    }

    /// Reads both files anew; if anything is wrong with them everything stays as it was.
    private List<Problem> reload() {
        if (stop != null) {
            return List.of(STOPPING);
        }
        manager.reloading();
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
        manager.ready();
        return problems;
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
        log.say(
                Severity.INFO,
                "reload -- version " + version() + ", configuration " + next.directory());
        next.warnings().forEach(warning -> log.say(Severity.WARNING, warning.where().toString()));
        plan = next;
        Launcher fresh = new Launcher(next, accounts, this::warn);
        launcher.close();
        launcher = fresh;
        adopt(next);
        sockets.closeOthers(next);
        all().forEach(this::drain);
    }

    private void drain(ServiceState state) {
        for (Child child : state.children()) {
            if (child.phase() != Child.Phase.DRAINING) {
                child.tell("drain");
                state.released(child);
            }
        }
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
}
