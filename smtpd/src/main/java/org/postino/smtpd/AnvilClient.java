// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;

/// Asks anvil(8). Keeps a few connections; safe for use by several threads.
///
/// While anvil does not answer it is asked every ten seconds only: mail must not wait for what is remembered.
final class AnvilClient {
    static final String FIND = "find";
    static final String STORE = "store";
    static final String GREYLIST = "greylist";
    static final String COUNT = "count";
    static final String OK = "ok";
    static final String FAILED = "failed";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final int KEPT = 4;

    private final Path socket;
    private final Clock clock;
    private final Consumer<String> warnings;
    private final ConcurrentLinkedDeque<IpcConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicReference<Instant> pauseUntil = new AtomicReference<>(Instant.MIN);

    /// @param warnings hears of an anvil that does not answer
    AnvilClient(Path queueDirectory, Clock clock, Consumer<String> warnings) {
        socket = queueDirectory.resolve("private/anvil");
        this.clock = clock;
        this.warnings = warnings;
    }

    /// The results of clients of postscreen, as anvil remembers them.
    ///
    /// @param retention for how long a client is remembered after the last of its results
    PostscreenCache cache(Duration retention) {
        return new PostscreenCache() {
            @Override
            public Optional<PostscreenResults> find(InetAddress client) {
                var m = Message.of(FIND).with("client", Client.text(client)).build();
                return ask(m).flatMap(reply -> Optional.ofNullable(reply.optional("result")))
                        .map(PostscreenResults::parse);
            }

            @Override
            public void store(InetAddress client, PostscreenResults results) {
                ask(
                        Message.of(STORE)
                                .with("client", Client.text(client))
                                .with("result", results.print())
                                .with("expires", results.last().plus(retention).getEpochSecond())
                                .build());
            }
        };
    }

    /// Asks if a client must come again; empty if anvil does not answer.
    Optional<AnvilGreylist.Answer> greylist(AnvilGreylist.Question q) {
        return ask(Message.of(GREYLIST)
                        .with("network", q.network())
                        .with("sender", q.sender())
                        .with("recipient", q.recipient())
                        .with("delay", q.delay().toSeconds())
                        .with("window", q.window().toSeconds())
                        .with("lifetime", q.lifetime().toSeconds())
                        .with("passes", q.passes())
                        .with("only", q.only() ? 1 : 0)
                        .build())
                .flatMap(AnvilClient::answer);
    }

    private static Optional<AnvilGreylist.Answer> answer(Message reply) {
        try {
            return Optional.of(
                    new AnvilGreylist.Answer(reply.number("left"), reply.number("delayed")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Counts a message, or asks what would be if it came; empty if anvil does not answer.
    Optional<AnvilUsage.Verdict> count(AnvilUsage.Message m) {
        var request =
                Message.of(COUNT)
                        .with("key", m.key())
                        .with("recipients", m.recipients())
                        .with("bytes", m.bytes())
                        .with("takes", m.takes() ? 1 : 0)
                        .with("only", m.only() ? 1 : 0);
        for (int i = 0; i < AnvilUsage.WORDS.size(); i++) {
            request.with(AnvilUsage.WORDS.get(i), m.limits().get(i));
        }
        return ask(request.build()).flatMap(AnvilClient::verdict);
    }

    private static Optional<AnvilUsage.Verdict> verdict(Message reply) {
        try {
            return Optional.of(
                    new AnvilUsage.Verdict(
                            reply.text("over"), reply.number("count"), reply.number("first") != 0));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Message> ask(Message m) {
        if (clock.instant().isBefore(pauseUntil.get())) {
            return Optional.empty();
        }
        try {
            Message reply = asked(m);
            return reply.request().equals(OK) ? Optional.of(reply) : Optional.empty();
        } catch (IOException e) {
            pauseUntil.set(clock.instant().plus(PAUSE));
            warnings.accept(
                    "cannot ask anvil, which remembers clients: "
                            + e.getMessage()
                            + " (is there a row for anvil in master.cf?)");
            return Optional.empty();
        }
    }

    private Message asked(Message m) throws IOException {
        @Nullable IpcConnection kept = idle.poll();
        if (kept != null) {
            try {
                return asked(kept, m);
            } catch (IOException e) {
                // it has idled out meanwhile: another one is made
                kept.close();
            }
        }
        return asked(IpcConnection.connect(socket, TIMEOUT), m);
    }

    private Message asked(IpcConnection c, Message m) throws IOException {
        try {
            Message reply = c.request(m);
            if (idle.size() < KEPT) {
                idle.push(c);
            } else {
                c.close();
            }
            return reply;
        } catch (IOException e) {
            c.close();
            throw e;
        }
    }
}
