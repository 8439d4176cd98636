// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postino.config.MainParams;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.log.Trace;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.server.ServerOptions;
import org.postino.smtp.Dsn;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The skeleton of every delivery agent. The queue manager keeps a connection, sends one [DeliveryRequest] at a time over it, and gets a
/// result per recipient, then `done`.
public final class DeliveryServer implements RequestServer.Service {
    /// Ends the answer to a request; with `dsn` and `reason` if the destination as such failed.
    static final String DONE = "done";

    /// The answer, instead of results, that the file is not there any more.
    static final String GONE = "gone";

    /// The answer, instead of results, that the file cannot be read; `reason` says why.
    static final String CORRUPT = "corrupt";

    private static final Dsn UNREPORTED =
            Dsn.of("4.3.0", "delivery agent ended without saying what became of the message");

    private final Agent agent;
    private final Spool spool;
    private final Clock clock;
    private final Logger log;
    private final boolean softBounce;

    /// Serves an agent on a spool; with `softBounce`, recipients that would bounce are deferred.
    public DeliveryServer(Agent agent, Spool spool, Clock clock, Logger log, boolean softBounce) {
        this.agent = agent;
        this.spool = spool;
        this.clock = clock;
        this.log = log;
        this.softBounce = softBounce;
    }

    /// Runs an agent until it is told to leave; returns the exit status.
    public static int run(String[] args, ServerOptions options, Function<Daemon, Agent> start) {
        return RequestServer.run(args, options, daemon -> of(options.program(), daemon, start));
    }

    /// The service of an agent, for [RequestServer#open] in tests.
    public static RequestServer.Service of(
            String program, Daemon daemon, Function<Daemon, Agent> start) {
        return new DeliveryServer(
                start.apply(daemon),
                new Spool(daemon.config()),
                daemon.clock(),
                LoggerFactory.getLogger(program),
                daemon.config().get(MainParams.SOFT_BOUNCE));
    }

    /// Runs one delivery in this process, as tests do: the agent works on `queueFile`, and its results come back as a list.
    public static List<DeliveryResult> deliver(
            Agent agent, DeliveryRequest request, Path queueFile, Clock clock)
            throws IOException, CorruptQueueFileException {
        var log = LoggerFactory.getLogger("agent");
        var results = new ArrayList<DeliveryResult>();
        try (var file = QueueFile.open(queueFile, true)) {
            attempt(agent, new DeliveryJob(request, file, clock, log, false, results::add), log);
        }
        return results;
    }

    /// Serves one connection of the queue manager until it closes it.
    @Override
    public void serve(IpcConnection c) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            if (!m.request().equals(DeliveryRequest.REQUEST)) {
                throw new ProtocolException("unknown request " + m.request());
            }
            answer(c, DeliveryRequest.fromMessage(m));
        }
    }

    private void answer(IpcConnection c, DeliveryRequest request) throws IOException {
        Message last;
        try (var file = QueueFile.open(spool.path(request.queue(), request.id()), true)) {
            var job =
                    new DeliveryJob(
                            request,
                            file,
                            clock,
                            log,
                            softBounce,
                            result -> c.send(result.toMessage()));
            ScopedValue.where(Trace.ID, request.trace()).run(() -> attempt(agent, job, log));
            last = done(job.destinationFailure());
        } catch (NoSuchFileException e) {
            last = Message.of(GONE).build();
        } catch (CorruptQueueFileException e) {
            last = Message.of(CORRUPT).with("reason", text(e)).build();
        }
        c.send(last);
    }

    private static Message done(@Nullable Dsn failure) {
        var b = Message.of(DONE);
        if (failure != null) {
            b.with("dsn", failure.status().toString())
                    .with("reason", failure.reason())
                    .withOptional("remote", failure.remote())
                    .withOptional("diagnostic", failure.diagnostic());
        }
        return b.build();
    }

    private static void attempt(Agent agent, DeliveryJob job, Logger log) {
        Dsn rest = UNREPORTED;
        try {
            agent.deliver(job);
        } catch (IOException e) {
            rest = Dsn.of("4.3.0", "delivery failed: " + Printable.text(text(e)));
            log.warn("{}: {}", job.request().id(), text(e));
        } catch (RuntimeException e) {
            rest = Dsn.of("4.3.0", "delivery agent failed by an internal error");
            log.error("panic: {}: {}", job.request().id(), e.toString(), e);
        }
        if (!job.isSettled()) {
            job.deferRest(rest);
        }
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
