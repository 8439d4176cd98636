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

/// The loop of master: one thread owns the state of the suite, and waits for descriptors.
///
/// A turn starts what is due, waits until a descriptor is readable or the next moment comes, reacts to each readable one in the
/// order of [#pollSet()], writes the events that were heard, does what other threads asked for, and flushes the log.
///
/// The suite is *open* (sockets bound, log begun), *running* (service manager told; reloads return here), *stopping* (a
/// [StopSequence] stands; no row is started but on demand, nothing is reloaded), *stopped* (no daemon, no socket).
///
/// [Rows] owns rows, sockets and daemons; [DaemonStarts] says which start now; [ControlRequests] owns the clients of the control
/// socket; here are the stop sequence, the set of files to renew, and the alarm. Other threads write the three `...Asked` fields
/// alone, and a byte into the alarm behind each: without it the wish waits for the end of the pause.
///
/// The order keeps these promises: a daemon's events are heard before its death, or its last words would follow the news of it; a
/// daemon's readiness is heard before the reload that waits for it is answered; the log is closed after the last daemon is gone,
/// and whoever asked for the stop is told when nothing is left to do.
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
    private final DaemonWatch watch;
    private final Rows rows;
    private final byte[] buffer = new byte[64 * 1024];
    private final NativeFd.Pair alarm;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final boolean orphans = Orphans.areOurs();
    private final ServiceManager manager =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid(), System::nanoTime);
    private final FileRenewal renewal;
    private final DropWatch drops;
    private final DaemonStarts starts;
    private @Nullable ControlRequests control;
    private @Nullable StopSequence stop;
    private volatile boolean stopAsked;
    private volatile boolean reloadAsked;
    private volatile boolean reopenAsked;

    MasterLoop(Plan plan, Accounts accounts, LogWriter log, HeldLock lock) throws IOException {
        this.accounts = accounts;
        this.log = log;
        this.lock = lock;
        this.watch = new DaemonWatch(log);
        this.alarm = NativeFd.pipe();
        this.renewal = new FileRenewal(log);
        this.drops = new DropWatch(plan.config().get(MainParams.QUEUE_DIRECTORY));
        this.rows = new Rows(plan, accounts, log);
        this.starts = new DaemonStarts(rows, renewal, log);
    }

    /// Opens the log and binds every socket that was not left to us; what cannot be is in the result, and then nothing is
    /// open. After a restart the suite goes on without what it cannot bind.
    List<Problem> open(InheritedDescriptors left) throws IOException {
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

    private List<Problem> bind(InheritedDescriptors left) throws IOException {
        Map<String, NativeFd> open = left.sockets();
        NativeFd leftControl = open.remove(ControlRequests.SOCKET);
        List<Problem> problems = rows.bind(open);
        if (!left.isEmpty()) {
            for (Problem problem : problems) {
                log.say(Severity.ERROR, "restart: " + problem);
            }
            problems = List.of();
        }
        if (problems.isEmpty()) {
            control = new ControlRequests(controlSocket(leftControl), this, rows, log);
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
                pollSet().await(pause(), log);
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

    /// What is due at every set, whether or not anything happened.
    private void attend() throws IOException {
        if (reloadAsked) {
            reloadAsked = false;
            reload();
        }
        if (reopenAsked && control != null) {
            reopenAsked = false;
            control.reopenLog().forEach(problem -> log.say(Severity.ERROR, problem));
        }
        if (control != null) {
            control.answerReloads();
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
        ControlRequests open = control;
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

    private void startWhatIsDue() {
        starts.startWhatIsDue(isStopping());
    }

    /// Mail was dropped.
    private void wakeUpTakers() throws IOException {
        drops.clear();
        if (!isStopping()) {
            starts.wakeUp(DropWatch.TAKER);
        }
    }

    private PollSet pollSet() {
        var set = new PollSet();
        set.when(alarm.first(), () -> alarm.first().read(buffer));
        set.when(renewal.fd(), renewal::hear);
        set.when(drops.fd(), this::wakeUpTakers);
        if (control != null) {
            control.addTo(set);
        }
        addDaemons(set);
        return set;
    }

    /// Adds the daemons, and the sockets of rows whose daemon may be started for a client.
    private void addDaemons(PollSet set) {
        long now = System.nanoTime();
        for (ServiceState state : rows.all()) {
            for (Child child : state.children()) {
                add(set, state, child);
            }
            boolean demand = state.mayStart(now) && !rows.isGone(state);
            for (ListenSocket socket : demand ? listening(state) : List.<ListenSocket>of()) {
                set.when(
                        socket.fd(),
                        () -> {
                            if (state.mayStart(System.nanoTime())) {
                                starts.start(state);
                            }
                        });
            }
        }
    }

    private List<ListenSocket> listening(ServiceState state) {
        StopSequence sequence = stop;
        return sequence != null && !sequence.mayServe(state) ? List.of() : state.sockets();
    }

    private void add(PollSet set, ServiceState state, Child child) {
        // Events first: what a daemon logged before it died shall stand before the news of its
        // death.
        if (child.areEventsOpen()) {
            set.when(child.events(), () -> watch.hear(state, child));
        }
        if (child.isControlOpen()) {
            set.when(
                    child.control(),
                    () -> {
                        switch (child.hear(buffer)) {
                            case READY -> state.ready(child);
                            case LEAVING -> state.released(child);
                            case NONE -> {}
                        }
                    });
        }
        set.when(
                child.process(),
                () -> {
                    watch.collectExit(state, child, starts.throttleTime());
                    rows.forgetGone();
                });
    }

    private Duration pause() {
        if (isStopping() || (control != null && control.areReloadsWaiting())) {
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
