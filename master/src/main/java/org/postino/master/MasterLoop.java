// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postino.config.MainParams;
import org.postino.config.Problem;
import org.postino.linux.HeldLock;
import org.postino.linux.ListenSocket;
import org.postino.linux.NativeFd;
import org.postino.log.Severity;
import org.postino.suite.Accounts;
import org.postino.suite.Plan;

/// All that master does once it has started: the turns of its loop, the start of daemons, the end of the suite.
///
/// One thread, that of [#run()], touches all of its state. Owner of the alarm, the renewal and the stop sequence; [Rows]
/// is the owner of rows, sockets and daemons, [Commands] that of the control socket.
final class MasterLoop {
    /// Why nothing is changed any more.
    static final Problem STOPPING = new Problem("reload", 0, "the suite is being stopped");

    /// What log readers know, whoever asked.
    private static final String TERMINATING = "terminating on signal 15";

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Accounts accounts;
    private final LogWriter log;
    private final HeldLock lock;
    private final Watch watch;
    private final Rows rows;
    private final byte[] buffer = new byte[64 * 1024];
    private final NativeFd.Pair alarm;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final boolean orphans = Orphans.areOurs();
    private final ServiceManager manager =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid(), System::nanoTime);
    private final FileRenewal renewal;
    private final DropWatch drops;
    private @Nullable Commands commands;
    private @Nullable StopSequence stop;
    private volatile boolean stopAsked;
    private volatile boolean reloadAsked;
    private volatile boolean reopenAsked;

    MasterLoop(Plan plan, Accounts accounts, LogWriter log, HeldLock lock) throws IOException {
        this.accounts = accounts;
        this.log = log;
        this.lock = lock;
        this.watch = new Watch(log);
        this.alarm = NativeFd.pipe();
        this.renewal = new FileRenewal(log);
        this.drops = new DropWatch(plan.config().get(MainParams.QUEUE_DIRECTORY));
        this.rows = new Rows(plan, accounts, log);
    }

    /// Opens the log and binds every socket that was not left to us; what cannot be is in the result, and then nothing is
    /// open. After a restart the suite goes on without what it cannot bind.
    List<Problem> open(Succession left) throws IOException {
        log.open(rows.plan().config());
        List<Problem> problems = bind(left);
        if (problems.isEmpty()) {
            rows.begin(left);
            rows.announce("daemon started");
            sayWhoIsMissing();
            rows.sayWarnings();
            for (String lack : Confinement.lacking()) {
                log.say(Severity.WARNING, lack);
            }
            left.done();
            log.flush();
        }
        return problems;
    }

    private List<Problem> bind(Succession left) throws IOException {
        Map<String, NativeFd> open = left.sockets();
        NativeFd leftControl = open.remove(Commands.SOCKET);
        List<Problem> problems = rows.bind(open);
        if (!left.isEmpty()) {
            for (Problem problem : problems) {
                log.say(Severity.ERROR, "restart: " + problem);
            }
            problems = List.of();
        }
        if (problems.isEmpty()) {
            commands = new Commands(controlSocket(leftControl), this, rows, log);
        }
        return problems;
    }

    private ControlSocket controlSocket(@Nullable NativeFd left) throws IOException {
        Path queue = rows.plan().config().get(MainParams.QUEUE_DIRECTORY);
        return left == null ? new ControlSocket(queue) : new ControlSocket(queue, left);
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

    /// Runs until the suite has been stopped.
    void run() throws IOException {
        try {
            manager.ready();
            while (!isStopped()) {
                startWhatIsDue();
                poll();
                watch.write();
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
        if (reopenAsked && commands != null) {
            reopenAsked = false;
            commands.reopenLog().forEach(problem -> log.say(Severity.ERROR, problem));
        }
        if (commands != null) {
            commands.answerReloads();
        }
        if (orphans) {
            Orphans.collect(rows::isDaemon);
        }
        manager.turn();
        if (manager.isThere() && !isStopping()) {
            manager.status(StatusTable.summary(rows.all()));
        }
    }

    private boolean isStopped() {
        if (stopAsked) {
            beginStop();
        }
        StopSequence sequence = stop;
        return sequence != null && sequence.advance(rows.all(), System.nanoTime());
    }

    private void end() throws IOException {
        rows.closeSockets();
        Commands open = commands;
        if (open != null) {
            open.close();
        }
        renewal.close();
        drops.close();
        log.close();
        lock.close();
        if (open != null) {
            open.sayStopped();
        }
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

    /// Asks from another thread for the log file to be begun anew.
    void reopenLogSoon() {
        reopenAsked = true;
        alarm.second().write(new byte[1]);
    }

    /// Reads the configuration anew, unless the end has begun.
    ///
    /// @return why everything stays as it was, if so
    List<Problem> reload() {
        if (isStopping()) {
            return List.of(STOPPING);
        }
        manager.reloading();
        List<Problem> problems = rows.reload();
        startWhatIsDue();
        manager.ready();
        return problems;
    }

    /// Begins the end, unless it has begun.
    void beginStop() {
        if (isStopping()) {
            return;
        }
        log.say(Severity.INFO, TERMINATING);
        manager.stopping();
        stop = new StopSequence(System.nanoTime());
        rows.refuseClients();
    }

    boolean isStopping() {
        return stop != null;
    }

    // --- starting ---

    private void startWhatIsDue() {
        long now = System.nanoTime();
        renewal.check(rows.inForce(), rows.launcher().handover(), now);
        for (ServiceState state : rows.inForce()) {
            if (isStopping()) {
                return; // on demand only
            }
            if ((state.isResident() || state.isSuccessorDue()) && state.mayStart(now)) {
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
        } else {
            state.oweWakeup();
        }
    }

    /// Mail was dropped.
    private void wakeUpTakers() throws IOException {
        drops.clear();
        long now = System.nanoTime();
        for (ServiceState state : rows.inForce()) {
            if (!isStopping() && state.service().row().program().equals(DropWatch.TAKER)) {
                wakeUp(state, now);
            }
        }
    }

    private void start(ServiceState state) {
        long now = System.nanoTime();
        try {
            var child = new Child(rows.launcher().start(state.service(), state.sockets()), now);
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
        return rows.plan().config().get(MainParams.SERVICE_THROTTLE_TIME);
    }

    // --- waiting ---

    private void poll() throws IOException {
        var turn = new Turn();
        turn.when(alarm.first(), () -> alarm.first().read(buffer));
        turn.when(renewal.fd(), renewal::hear);
        turn.when(drops.fd(), this::wakeUpTakers);
        if (commands != null) {
            commands.addTo(turn);
        }
        addDaemons(turn);
        turn.await(pause(), log);
    }

    /// The turn shall hear from daemons, and of clients where a daemon may be started.
    private void addDaemons(Turn turn) {
        long now = System.nanoTime();
        for (ServiceState state : rows.all()) {
            for (Child child : state.children()) {
                add(turn, state, child);
            }
            boolean demand = state.mayStart(now) && !rows.isGone(state);
            for (ListenSocket socket : demand ? listening(state) : List.<ListenSocket>of()) {
                turn.when(
                        socket.fd(),
                        () -> {
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

    private void add(Turn turn, ServiceState state, Child child) {
        // Events first: what a daemon logged before it died shall stand before the news of its
        // death.
        if (child.areEventsOpen()) {
            turn.when(child.events(), () -> watch.hear(state, child));
        }
        if (child.isControlOpen()) {
            turn.when(
                    child.control(),
                    () -> {
                        switch (child.hear(buffer)) {
                            case READY -> state.ready(child);
                            case LEAVING -> state.released(child);
                            case NONE -> {}
                        }
                    });
        }
        turn.when(
                child.process(),
                () -> {
                    watch.collectExit(state, child, throttleTime());
                    rows.forgetGone();
                });
    }

    private Duration pause() {
        if (isStopping() || (commands != null && commands.areReloadsWaiting())) {
            return TICK;
        }
        long now = System.nanoTime();
        long pause = manager.pause((orphans ? Orphans.LONGEST_STAY : LONGEST_PAUSE).toNanos());
        for (ServiceState state : rows.inForce()) {
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
}
