// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.postino.linux.FileStatus;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.EnvelopeLimits;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `maildrop` directory: finds files in it, takes them out of the reach of other users, and opens them.
///
/// Anybody who may drop a message may put anything there, and as much as there is room for. So nothing here keeps a list of the
/// directory, and an entry that cannot be handled is passed over for the sake of the rest.
final class Maildrop {
    private static final Logger LOG = LoggerFactory.getLogger("pickup");
    private static final int OWNER_EXECUTE = 0100;
    private static final int OTHERS_READ = 0004;
    private static final Duration ABANDONED = Duration.ofDays(1);

    /// The most entries that the log complains about, once each.
    private static final int COMPLAINTS = 1000;

    /// Receives the id of a message in `taken`; returns false to end the walk.
    @FunctionalInterface
    interface Visitor {
        boolean letter(QueueId id) throws IOException;
    }

    private final Spool spool;
    private final Path taken;
    private final int ownUid;
    private final Clock clock;
    private final Set<Path> complaints = new HashSet<>();

    /// @param ownUid the user whose requeued messages are believed
    Maildrop(Spool spool, int ownUid, Clock clock) throws IOException {
        this.spool = spool;
        this.ownUid = ownUid;
        this.clock = clock;
        taken = spool.directory(QueueName.MAILDROP).resolve("taken");
        makeOwn(taken);
    }

    /// Makes the directory; anything that somebody else made in its place before us gets another name.
    private void makeOwn(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            var status = FileStatus.of(directory);
            if (status.isDirectory() && status.uid() == ownUid) {
                return;
            }
            LOG.warn("{}: not ours but of uid {}: renamed", directory, status.uid());
            Files.move(
                    directory,
                    directory.resolveSibling("taken." + Long.toString(System.nanoTime(), 36)),
                    StandardCopyOption.ATOMIC_MOVE);
        }
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Shows the messages of earlier attempts, then every finished file, which is taken out of its owner's reach first.
    void each(Visitor visitor) throws IOException {
        try (var files = Files.newDirectoryStream(taken)) {
            for (Path file : files) {
                var id = QueueId.parse(String.valueOf(file.getFileName()));
                if (id.isPresent() && !visitor.letter(id.get())) {
                    return;
                }
            }
        }
        spool.visit(
                QueueName.MAILDROP,
                file -> {
                    var id = QueueId.parse(String.valueOf(file.getFileName()));
                    return id.isEmpty()
                            || !takeIfFinished(file, id.get())
                            || visitor.letter(id.get());
                });
    }

    private boolean takeIfFinished(Path file, QueueId id) {
        try {
            var status = FileStatus.of(file);
            if (status.isDirectory()) {
                complain(file, "a directory of uid " + status.uid());
            } else if (status.isRegular() && (status.mode() & OWNER_EXECUTE) == 0) {
                removeIfAbandoned(file, status);
            } else if (!stands(taken.resolve(id.text()))) { // else it waits until the other is done
                Files.move(file, taken.resolve(id.text()), StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
        } catch (NoSuchFileException e) {
            // its owner, or postsuper, took it away
        } catch (IOException e) {
            complain(file, e.toString());
        }
        return false;
    }

    /// True if a file of that name exists. Only this process puts files into `taken` and `corrupt` under names that users
    /// choose, so the answer stays true.
    private static boolean stands(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private void complain(Path file, String why) {
        if (complaints.size() < COMPLAINTS && complaints.add(file)) {
            LOG.warn("{}: passed over: {}", file, why);
        }
    }

    private void removeIfAbandoned(Path file, FileStatus status) throws IOException {
        if (status.modified().toInstant().isBefore(clock.instant().minus(ABANDONED))) {
            LOG.warn("{}: removed: its writer never finished it", file);
            Files.deleteIfExists(file);
        }
    }

    /// Opens a taken file; empty if it is gone, or if it was not in order and has been set aside.
    Optional<DroppedMessage> open(QueueId id) throws IOException {
        Path file = taken.resolve(id.text());
        FileStatus status;
        try {
            status = FileStatus.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!status.isRegular()) {
            setAside(id, status.uid(), "not a regular file");
            return Optional.empty();
        }
        if (status.links() != 1) {
            setAside(id, status.uid(), "the file has another name");
            return Optional.empty();
        }
        try {
            return Optional.of(opened(id, file, status));
        } catch (CorruptQueueFileException e) {
            setAside(id, status.uid(), String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            // postsuper took it away
        } catch (AccessDeniedException e) {
            setAside(id, status.uid(), "permission denied");
        }
        return Optional.empty();
    }

    private DroppedMessage opened(QueueId id, Path file, FileStatus status)
            throws IOException, CorruptQueueFileException {
        boolean requeued = status.uid() == ownUid && (status.mode() & OTHERS_READ) == 0;
        return new DroppedMessage(
                id,
                QueueFile.open(file, requeued ? EnvelopeLimits.NONE : EnvelopeLimits.DROPPED),
                status.uid(),
                status.modified().toInstant(),
                requeued);
    }

    /// Moves a file that cannot be delivered to `corrupt`, where an operator finds it, under its own name unless another file there has it.
    void setAside(QueueId id, int uid, String why) {
        Path file = taken.resolve(id.text());
        QueueId name = spool.freeId(QueueName.CORRUPT, id);
        try {
            Files.move(file, spool.path(QueueName.CORRUPT, name), StandardCopyOption.ATOMIC_MOVE);
            LOG.warn("{}: message dropped by uid {} set aside in corrupt: {}", name, uid, why);
        } catch (IOException e) {
            complain(file, why + ", and cannot be set aside: " + e);
        }
    }

    void remove(QueueId id) throws IOException {
        Files.deleteIfExists(taken.resolve(id.text()));
    }
}
