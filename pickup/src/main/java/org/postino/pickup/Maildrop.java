// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.global.queue.CorruptQueueFileException;
import org.postino.global.queue.QueueFile;
import org.postino.global.queue.QueueId;
import org.postino.global.queue.QueueName;
import org.postino.global.queue.Spool;
import org.postino.util.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `maildrop` directory: what is there, and how a file is taken out of other hands and looked at.
final class Maildrop {
    private static final Logger LOG = LoggerFactory.getLogger("pickup");
    private static final int OWNER_EXECUTE = 0100;
    private static final int OTHERS_READ = 0004;
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Spool spool;
    private final Path taken;
    private final int ownUid;
    private final Clock clock;

    /// @param ownUid whose requeued messages are believed
    Maildrop(Spool spool, int ownUid, Clock clock) throws IOException {
        this.spool = spool;
        this.ownUid = ownUid;
        this.clock = clock;
        taken = spool.directory(QueueName.MAILDROP).resolve("taken");
        if (!Files.isDirectory(taken, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    taken,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /// Takes every finished file away from its owner; returns their ids, those of earlier attempts included.
    List<QueueId> take() throws IOException {
        for (Path file : spool.files(QueueName.MAILDROP)) {
            var id = QueueId.parse(String.valueOf(file.getFileName()));
            if (id.isPresent()) {
                takeIfFinished(file, id.get());
            }
        }
        var ids = new ArrayList<QueueId>();
        try (var files = Files.newDirectoryStream(taken)) {
            for (Path file : files) {
                QueueId.parse(String.valueOf(file.getFileName())).ifPresent(ids::add);
            }
        }
        ids.sort(null);
        return ids;
    }

    private void takeIfFinished(Path file, QueueId id) throws IOException {
        try {
            var status = FileStatus.of(file);
            if (status.isRegular() && (status.mode() & OWNER_EXECUTE) == 0) {
                removeIfAbandoned(file, status);
            } else {
                Files.move(file, taken.resolve(id.text()), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (NoSuchFileException e) {
            // its owner, or postsuper, took it away
        }
    }

    private void removeIfAbandoned(Path file, FileStatus status) throws IOException {
        if (status.modified().toInstant().isBefore(clock.instant().minus(ABANDONED))) {
            LOG.warn("{}: removed: its writer never finished it", file);
            Files.deleteIfExists(file);
        }
    }

    /// Opens a taken file; empty if it is gone, or was not in order and has been set aside.
    Optional<Taken> open(QueueId id) throws IOException {
        Path file = taken.resolve(id.text());
        try {
            var status = FileStatus.of(file);
            if (!status.isRegular()) {
                setAside(id, status.uid(), "not a regular file");
                return Optional.empty();
            }
            if (status.links() != 1) {
                setAside(id, status.uid(), "the file has another name");
                return Optional.empty();
            }
            return Optional.of(opened(id, file, status));
        } catch (CorruptQueueFileException e) {
            setAside(id, FileStatus.of(file).uid(), String.valueOf(e.getMessage()));
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Taken opened(QueueId id, Path file, FileStatus status)
            throws IOException, CorruptQueueFileException {
        boolean requeued = status.uid() == ownUid && (status.mode() & OTHERS_READ) == 0;
        return new Taken(
                id,
                QueueFile.open(file, false),
                status.uid(),
                status.modified().toInstant(),
                requeued);
    }

    /// Puts a file that cannot be delivered where an operator finds it.
    void setAside(QueueId id, int uid, String why) throws IOException {
        LOG.warn("{}: message dropped by uid {} set aside in corrupt: {}", id, uid, why);
        Files.move(
                taken.resolve(id.text()),
                spool.path(QueueName.CORRUPT, id),
                StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(QueueId id) throws IOException {
        Files.deleteIfExists(taken.resolve(id.text()));
    }
}
