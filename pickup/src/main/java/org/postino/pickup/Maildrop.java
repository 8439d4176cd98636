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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.global.queue.CorruptQueueFileException;
import org.postino.global.queue.QueueFile;
import org.postino.global.queue.QueueId;
import org.postino.global.queue.QueueName;
import org.postino.global.queue.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `maildrop` directory: what is there, and how a file is taken out of other hands and looked at.
final class Maildrop {
    private static final Logger LOG = LoggerFactory.getLogger("pickup");
    private static final int FORMAT = 0170000;
    private static final int REGULAR = 0100000;
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
            var facts = Facts.of(file);
            if (facts.isRegular() && (facts.mode & OWNER_EXECUTE) == 0) {
                removeIfAbandoned(file, facts);
            } else {
                Files.move(file, taken.resolve(id.text()), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (NoSuchFileException e) {
            // its owner, or postsuper, took it away
        }
    }

    private void removeIfAbandoned(Path file, Facts facts) throws IOException {
        if (facts.modified.isBefore(clock.instant().minus(ABANDONED))) {
            LOG.warn("{}: removed: its writer never finished it", file);
            Files.deleteIfExists(file);
        }
    }

    /// Opens a taken file; empty if it is gone, or was not in order and has been set aside.
    Optional<Taken> open(QueueId id) throws IOException {
        Path file = taken.resolve(id.text());
        try {
            var facts = Facts.of(file);
            if (!facts.isRegular()) {
                setAside(id, facts.uid, "not a regular file");
                return Optional.empty();
            }
            if (facts.links != 1) {
                setAside(id, facts.uid, "the file has another name");
                return Optional.empty();
            }
            return Optional.of(opened(id, file, facts));
        } catch (CorruptQueueFileException e) {
            setAside(id, Facts.of(file).uid, String.valueOf(e.getMessage()));
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Taken opened(QueueId id, Path file, Facts facts)
            throws IOException, CorruptQueueFileException {
        boolean requeued = facts.uid == ownUid && (facts.mode & OTHERS_READ) == 0;
        return new Taken(id, QueueFile.open(file, false), facts.uid, facts.modified, requeued);
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

    /// What the file system says of a file, without following a link.
    private record Facts(int mode, int uid, int links, Instant modified) {
        static Facts of(Path file) throws IOException {
            var a = Files.readAttributes(file, "unix:mode,uid,nlink", LinkOption.NOFOLLOW_LINKS);
            var modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
            return new Facts(
                    number(a, "mode"), number(a, "uid"), number(a, "nlink"), modified.toInstant());
        }

        boolean isRegular() {
            return (mode & FORMAT) == REGULAR;
        }

        private static int number(Map<String, Object> attributes, String name) {
            return attributes.get(name) instanceof Integer n ? n : 0;
        }
    }
}
