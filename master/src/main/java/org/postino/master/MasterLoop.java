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
import org.postino.suite.Plan;
import org.postino.suite.ProgramAccounts;

/// The loop of master. One thread, the one in [#run()], owns the state of the suite and waits for descriptors in poll(2).
///
/// **Owners.** This class owns the stop sequence, the watches for changed files and for dropped messages, and the alarm.
/// [Rows] owns the plan, the rows, the sockets and the daemons; [ControlRequests] owns the clients of the control socket.
/// [DaemonStarts] decides which daemons start.
///
/// **A turn.** The loop starts the daemons that are due. It waits until a descriptor is readable or the time of [#pause()] is
/// over, and runs the reaction of each readable one in the order of [#pollSet()]. It writes the events that were read. It does
/// what other threads asked for, answers reloads and tells the service manager that it lives. Then it flushes the log.
///
/// **States.** The suite is *open* after [#open]: the log is open and the sockets are bound. It is *running* from [#run()] on; a
/// reload does not leave this state. It is *stopping* while there is a [StopSequence]: the TCP sockets are closed, a daemon
/// starts only for a client of a row that has not been told to stop, and reloads are refused. It is *stopped* when no daemon is
/// left.
///
/// **Threads.** Signal handlers and the shutdown hook write the three `...Asked` fields and nothing else. Each then writes a byte
/// into the alarm; without it the request would wait for the end of the pause.
///
/// **Order.** The set of descriptors is made anew in each turn, so it never has one that an earlier turn closed; a reaction may close
/// one of its own turn. In a turn:
/// - The events of a daemon are read before its death, so that its last words stand in the log before the news of its end.
/// - All reactions run before reloads are answered, so that a daemon's readiness counts at once.
/// - Several sockets of a row may be readable together, and a reaction before may have stopped the suite or reloaded, which closes
///   sockets. So a client's reaction asks again whether its socket is among the [#awaited] ones.
///
/// At the end the log is closed after the last daemon has gone, the lock of the spool is given up after the log, and only then are
/// the clients told that asked for the stop: they may start the suite again at once.
final class MasterLoop {
    /// The answer to requests that come when the suite is being stopped.
    static final Problem STOPPING = new Problem("reload", 0, "the suite is being stopped");

    /// The line by which log readers know an orderly end, whoever asked for it.
    private static final String TERMINATING = "terminating on signal 15";

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(100);

    private final ProgramAccounts accounts;
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

    MasterLoop(Plan plan, ProgramAccounts accounts, LogWriter log, HeldLock lock)
            throws IOException {
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

    /// Opens the log and binds every socket that was not left to us.
    ///
    /// @return the sockets that could not be bound, in which case no new one is open; after a restart such sockets are only logged,
    ///     and the suite goes on without them
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

    /// Does the work that is due in every turn, whether or not a descriptor was readable.
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

    /// Asks for the end from another thread, and waits for it; false if it has come already, or does not come in time.
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

    /// Asks for a reload from another thread. Its outcome stands in the log.
    void reloadSoon() {
        reloadAsked = true;
        alarm.second().write(new byte[1]);
    }

    /// Asks from another thread that the log be opened anew.
    void reopenLogSoon() {
        reopenAsked = true;
        alarm.second().write(new byte[1]);
    }

    /// Reads the configuration anew, unless the end has begun.
    ///
    /// @return the problems for which everything stays as it was; empty if the new configuration is in force
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

    /// Wakes up the rows that take dropped messages.
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
        for (ServiceState state : rows.all()) {
            for (Child child : state.children()) {
                add(set, state, child);
            }
            for (ListenSocket socket : awaited(state)) {
                set.when(
                        socket.fd(),
                        () -> {
                            if (awaited(state).contains(socket)) {
                                starts.start(state);
                            }
                        });
            }
        }
    }

    /// Returns the open sockets of a row at which a client would get a new daemon now.
    private List<ListenSocket> awaited(ServiceState state) {
        StopSequence sequence = stop;
        boolean mayServe = sequence == null || sequence.mayServe(state);
        return mayServe && rows.isInForce(state) && state.mayStart(System.nanoTime())
                ? state.sockets().stream().filter(ListenSocket::isOpen).toList()
                : List.of();
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
