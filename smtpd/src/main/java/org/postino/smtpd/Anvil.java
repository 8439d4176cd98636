// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.postino.config.MainParams;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.Programs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// anvil(8) remembers clients for all rows of smtpd and postscreen: what they have passed, and when they came. Manual page: `anvil.8`.
///
/// | request | attributes | reply |
/// |---|---|---|
/// | [AnvilClient#FIND] | `client` | `result` if there is one |
/// | [AnvilClient#STORE] | `client`, `result`, `expires` | |
/// | [AnvilClient#COUNT] | those of [AnvilUsage.Message] | those of [AnvilUsage.Verdict] |
/// | [AnvilClient#GREYLIST] | those of [AnvilGreylist.Question], times in seconds | `left`, `delayed` |
final class Anvil implements RequestServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("anvil");

    /// The most clients, triplets or networks that are remembered.
    private static final int MAX_ENTRIES = 50_000;

    private static final int MAX_REQUEST = 8192;

    private final AnvilStore screened;
    private final AnvilStore triplets;
    private final AnvilStore networks;
    private final AnvilStore volumes;
    private final AnvilGreylist greylist;
    private final AnvilUsage usage;

    /// @param directory for the files; it exists
    Anvil(Path directory, Clock clock) throws IOException {
        screened = new AnvilStore(directory.resolve("postscreen"), MAX_ENTRIES, clock);
        triplets = new AnvilStore(directory.resolve("greylist"), MAX_ENTRIES, clock);
        networks = new AnvilStore(directory.resolve("networks"), MAX_ENTRIES, clock);
        volumes = new AnvilStore(directory.resolve("usage"), MAX_ENTRIES, clock);
        usage = new AnvilUsage(volumes, clock);
        greylist = new AnvilGreylist(triplets, networks, clock);
    }

    static Anvil of(Daemon daemon) {
        try {
            Path data = daemon.config().get(MainParams.DATA_DIRECTORY);
            var anvil = new Anvil(data.resolve("anvil"), daemon.clock());
            daemon.onDrain(anvil::close);
            return anvil;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void close() {
        for (AnvilStore store : new AnvilStore[] {screened, triplets, networks, volumes}) {
            try {
                store.flush();
            } catch (IOException e) {
                LOG.warn("{}", e.toString());
            }
        }
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        c.limitRecords(MAX_REQUEST);
        for (@Nullable Message m = c.receive(); m != null; m = c.receive()) {
            c.send(answer(m));
        }
    }

    private Message answer(Message m) throws ProtocolException {
        var reply = Message.of(AnvilClient.OK);
        try {
            switch (m.request()) {
                case AnvilClient.FIND ->
                        screened.get(m.text("client"))
                                .ifPresent(result -> reply.with("result", result));
                case AnvilClient.STORE ->
                        screened.put(m.text("client"), m.text("result"), m.number("expires"));
                case AnvilClient.GREYLIST -> {
                    AnvilGreylist.Answer answer = greylist.ask(question(m));
                    reply.with("left", answer.left()).with("delayed", answer.delayed());
                }
                case AnvilClient.COUNT -> {
                    AnvilUsage.Verdict verdict = usage.count(message(m));
                    reply.with("over", verdict.over()).with("count", verdict.count());
                    reply.with("first", verdict.first() ? 1 : 0);
                }
                default -> throw new ProtocolException("unknown request " + m.request());
            }
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            // It is remembered until the daemon ends, and clients get their answer the next time.
            LOG.warn("cannot write: {}", e.toString());
            return Message.of(AnvilClient.FAILED).build();
        }
        return reply.build();
    }

    private static AnvilGreylist.Question question(Message m) throws ProtocolException {
        return new AnvilGreylist.Question(
                m.text("network"),
                m.text("sender"),
                m.text("recipient"),
                Duration.ofSeconds(m.number("delay")),
                Duration.ofSeconds(m.number("window")),
                Duration.ofSeconds(m.number("lifetime")),
                m.number("passes"),
                "1".equals(m.optional("only")));
    }

    private static AnvilUsage.Message message(Message m) throws ProtocolException {
        var limits = new ArrayList<Long>();
        for (String word : AnvilUsage.WORDS) {
            limits.add(m.number(word));
        }
        return new AnvilUsage.Message(
                m.text("key"),
                m.number("recipients"),
                m.number("bytes"),
                limits,
                m.number("takes") != 0,
                m.number("only") != 0);
    }

    static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("anvil"), Anvil::of));
    }
}
