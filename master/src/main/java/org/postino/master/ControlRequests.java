// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.config.MainParams;
import org.postino.config.Problem;
import org.postino.log.Severity;

/// Reads the requests of the control socket's clients, has them done, and answers.
///
/// It owns the control socket, its clients, and the clients that wait for a reload or for the end of the suite.
final class ControlRequests {
    /// The name of the control socket in [InheritedDescriptors].
    static final String SOCKET = "control";

    private static final String LOG = "log\t";

    /// A client that asked for a reload hears after this time which daemons are not ready yet.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ControlSocket socket;
    private final MasterLoop loop;
    private final Rows rows;
    private final LogWriter log;
    private final List<ControlSocket.Client> waitingForStop = new ArrayList<>();
    private final List<Reload> reloads = new ArrayList<>();
    private final byte[] buffer = new byte[64 * 1024];

    /// @param loop reloads and stops the suite
    ControlRequests(ControlSocket socket, MasterLoop loop, Rows rows, LogWriter log) {
        this.socket = socket;
        this.loop = loop;
        this.rows = rows;
        this.log = log;
    }

    /// Adds the control socket, for new clients, and the clients that are there.
    void addTo(PollSet set) {
        set.when(socket.fd(), socket::accept);
        for (ControlSocket.Client client : socket.clients()) {
            set.when(client.fd(), () -> hear(client));
        }
    }

    private void hear(ControlSocket.Client client) throws IOException {
        for (String request : socket.requests(client, buffer)) {
            if (!request.startsWith(LOG)) {
                socket.forget(client);
                obey(client, request);
                return;
            }
            log.writeFor(request, rows.plan().config().get(MainParams.SYSLOG_NAME));
        }
        if (ControlSocket.hasEnded(client)) {
            socket.forget(client);
            log.flush();
            client.answer(List.of(), true);
        }
    }

    private void obey(ControlSocket.Client client, String request) {
        switch (request) {
            case "status" -> client.answer(StatusTable.lines(rows.all()), true);
            case "reload" -> {
                List<Problem> problems = loop.reload();
                if (problems.isEmpty()) {
                    reloads.add(new Reload(client, System.nanoTime()));
                } else {
                    client.answer(texts(problems), false);
                }
            }
            case "restart" -> restart(client);
            case "reopen" -> {
                List<String> problems = reopenLog();
                client.answer(problems, problems.isEmpty());
            }
            case "stop" -> {
                waitingForStop.add(client);
                loop.beginStop();
            }
            default -> client.answer(List.of("unknown request"), false);
        }
    }

    /// A client that waits until a reload is in force.
    private record Reload(ControlSocket.Client client, long since) {}

    /// True if a client waits until a reload is in force, so that [#answerReloads()] must be called soon.
    boolean areReloadsWaiting() {
        return !reloads.isEmpty();
    }

    /// Answers the clients that wait for a reload, once no daemon with the former configuration takes connections, or it is known that one
    /// goes on with that.
    void answerReloads() {
        if (reloads.isEmpty()) {
            return;
        }
        boolean inForce = !rows.isSucceeding();
        boolean failed = !rows.succeeding(true).isEmpty();
        long now = System.nanoTime();
        reloads.removeIf(reload -> {
            boolean late = now - reload.since() > PATIENCE.toNanos();
            if (inForce) {
                reload.client().answer(List.of(), true);
            } else if (failed || late) {
                reload.client().answer(notInForce(failed), false);
            }
            return inForce || failed || late;
        });
    }

    private List<String> notInForce(boolean failed) {
        List<String> lines =
                rows.succeeding(failed).stream()
                        .map(state ->
                                state.service().row().key()
                                        + ": the new configuration is not in force: "
                                        + (failed
                                                ? "its next daemon did not start, and the one before serves on"
                                                : "its next daemon is not ready yet"))
                        .toList();
        lines.forEach(line -> log.say(Severity.WARNING, "reload: " + line));
        return lines;
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    /// Hands over to a new master, which answers the client. Returns only if that fails.
    private void restart(ControlSocket.Client client) {
        List<Problem> problems =
                loop.isStopping() ? List.of(MasterLoop.STOPPING) : rows.restartable();
        if (problems.isEmpty()) {
            log.say(Severity.INFO, "restart -- configuration " + rows.plan().directory());
            log.flush();
            rows.drain();
            var open = rows.openSockets();
            open.put(SOCKET, socket.fd());
            try {
                var left = InheritedDescriptors.of(open, rows.all(), client.fd());
                Restart.become(rows.plan(), log.isForeground(), left);
            } catch (IOException e) {
                problems = List.of(new Problem("restart", 0, Master.text(e)));
            }
        }
        problems.forEach(problem -> log.say(Severity.ERROR, "restart refused: " + problem));
        client.answer(texts(problems), false);
    }

    /// Opens the log anew, after the log file was renamed.
    ///
    /// @return the reason if it cannot be opened; empty if all went well
    List<String> reopenLog() {
        try {
            log.open(rows.plan().config());
            return List.of();
        } catch (IOException e) {
            return List.of(Master.text(e));
        }
    }

    /// Closes the socket and its clients, but not those that wait for the end of the suite.
    void close() throws IOException {
        socket.close();
    }

    /// Tells the clients that asked for the end that it has come.
    void sayStopped() {
        waitingForStop.forEach(client -> client.answer(List.of(), true));
    }
}
