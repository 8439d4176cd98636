// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;

/// The actions of postsuper(1) on single messages, whether the suite runs or not.
final class QueueOperator {
    /// An action, with its words for a message and for the total, and the queues in which it works unless others are named.
    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    enum Action {
        DELETE(
                "removed",
                "Deleted",
                QueueName.HOLD,
                QueueName.INCOMING,
                QueueName.ACTIVE,
                QueueName.DEFERRED,
                QueueName.MAILDROP),
        REQUEUE(
                "requeued",
                "Requeued",
                QueueName.HOLD,
                QueueName.INCOMING,
                QueueName.ACTIVE,
                QueueName.DEFERRED),
        HOLD(
                "placed on hold",
                "Placed on hold",
                QueueName.INCOMING,
                QueueName.ACTIVE,
                QueueName.DEFERRED),
        RELEASE("released from hold", "Released from hold", QueueName.HOLD),
        EXPIRE(
                "expired",
                "Expired",
                QueueName.HOLD,
                QueueName.INCOMING,
                QueueName.ACTIVE,
                QueueName.DEFERRED),
        FORCE_EXPIRE(
                "expired",
                "Expired",
                QueueName.HOLD,
                QueueName.INCOMING,
                QueueName.ACTIVE,
                QueueName.DEFERRED);

        private final String done;
        private final String total;
        private final List<QueueName> queues;

        Action(String done, String total, QueueName... queues) {
            this.done = done;
            this.total = total;
            this.queues = List.of(queues);
        }
    }

    private static final List<QueueName> LOGS =
            List.of(QueueName.DEFER, QueueName.BOUNCE, QueueName.TRACE);

    private final Spool spool;
    private final Clock clock;
    private final Consumer<String> out;
    private final Map<Action, Integer> count = new EnumMap<>(Action.class);

    QueueOperator(Spool spool, Clock clock, Consumer<String> out) {
        this.spool = spool;
        this.clock = clock;
        this.out = out;
    }

    /// Acts on a message, in the action's queues or only in those of them that are named.
    void one(Action action, QueueId id, Set<QueueName> named) throws IOException {
        for (QueueName q : queues(action, named)) {
            if (act(action, id, q)) {
                done(action, id);
                return;
            }
        }
    }

    /// Acts on every message, in the action's queues or only in those of them that are named.
    void all(Action action, Set<QueueName> named) throws IOException {
        for (QueueName q : queues(action, named)) {
            for (QueueId id : spool.scan(q)) {
                if (act(action, id, q)) {
                    done(action, id);
                }
            }
        }
    }

    /// Removes files that crashes left behind, if they are older than `age`.
    void purge(Duration age) throws IOException {
        int purged = spool.purgeUnfinished(age);
        if (purged > 0) {
            say("Removed stale files: " + messages(purged));
        }
    }

    /// Prints the number of messages for each action, and returns the actions that there were.
    Set<Action> summary() {
        count.forEach((action, n) -> say(action.total + ": " + messages(n)));
        return count.keySet();
    }

    void say(String line) {
        out.accept(line);
    }

    private static List<QueueName> queues(Action action, Set<QueueName> named) {
        return named.isEmpty()
                ? action.queues
                : action.queues.stream().filter(named::contains).toList();
    }

    private boolean act(Action action, QueueId id, QueueName q) throws IOException {
        return switch (action) {
            case DELETE -> {
                removeLogs(id, LOGS);
                yield spool.remove(q, id);
            }
            case REQUEUE -> {
                boolean moved = spool.move(id, q, QueueName.MAILDROP);
                if (moved) {
                    removeLogs(id, List.of(QueueName.DEFER));
                }
                yield moved;
            }
            case HOLD -> spool.move(id, q, QueueName.HOLD);
            case RELEASE -> release(id);
            case EXPIRE -> expire(id, q);
            case FORCE_EXPIRE -> expire(id, q) && (q != QueueName.HOLD || release(id));
        };
    }

    private void removeLogs(QueueId id, List<QueueName> logs) throws IOException {
        for (QueueName log : logs) {
            spool.remove(log, id);
        }
    }

    /// Moves a held message to the deferred queue, due at once; false if it is not held.
    private boolean release(QueueId id) throws IOException {
        try {
            Files.setLastModifiedTime(
                    spool.path(QueueName.HOLD, id), FileTime.from(clock.instant()));
        } catch (NoSuchFileException e) {
            return false;
        }
        return spool.move(id, QueueName.HOLD, QueueName.DEFERRED);
    }

    private boolean expire(QueueId id, QueueName q) throws IOException {
        try (var file = QueueFile.open(spool.path(q, id), true)) {
            file.expire(true);
        } catch (NoSuchFileException e) {
            return false;
        } catch (CorruptQueueFileException e) {
            say("warning: " + id + ": damaged queue file: " + e.getMessage());
            return false;
        }
        if (q == QueueName.DEFERRED) {
            Files.setLastModifiedTime(spool.path(q, id), FileTime.from(clock.instant()));
        }
        return true;
    }

    private void done(Action action, QueueId id) {
        count.merge(action, 1, Integer::sum);
        say(id + ": " + action.done);
    }

    private static String messages(int n) {
        return n + (n == 1 ? " message" : " messages");
    }
}
