// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.FileStatus;

/// The queue directories: makes, moves and finds the files in them. Safe for use by several threads.
public final class Spool {
    /// The queues that may hold a message, in the order in which it is looked for.
    public static final List<QueueName> MESSAGE_QUEUES =
            List.of(
                    QueueName.INCOMING,
                    QueueName.ACTIVE,
                    QueueName.DEFERRED,
                    QueueName.HOLD,
                    QueueName.MAILDROP);

    /// The layout of the directories.
    ///
    /// @param directory `queue_directory`
    /// @param hashed the queues with subdirectories (`hash_queue_names`)
    /// @param depth levels of them (`hash_queue_depth`)
    /// @param longIds `enable_long_queue_ids`
    public record Layout(Path directory, Set<QueueName> hashed, int depth, boolean longIds) {
        public Layout {
            hashed = Set.copyOf(hashed);
        }

        /// The layout in main.cf.
        public static Layout of(Config config) {
            var hashed = new HashSet<QueueName>();
            for (String name : config.get(MainParams.HASH_QUEUE_NAMES)) {
                var queue = QueueName.parse(name);
                if (queue.isPresent()) {
                    hashed.add(queue.get());
                }
            }
            return new Layout(
                    config.get(MainParams.QUEUE_DIRECTORY),
                    hashed,
                    Math.toIntExact(config.get(MainParams.HASH_QUEUE_DEPTH)),
                    config.get(MainParams.ENABLE_LONG_QUEUE_IDS));
        }

        /// A layout without subdirectories, with short ids.
        public static Layout flat(Path directory) {
            return new Layout(directory, Set.of(), 0, false);
        }
    }

    /// Makes a file that must not exist yet; tests pass one that fails.
    public interface Opener {
        FileChannel create(Path path, Set<PosixFilePermission> mode) throws IOException;
    }

    /// Receives the files of a queue one by one; returns false to end the walk.
    @FunctionalInterface
    public interface Visitor {
        boolean file(Path file) throws IOException;
    }

    /// The most levels of subdirectories: one for each digit that may name them.
    private static final int MAX_DEPTH = 5;

    // Not PosixFilePermissions.fromString: the EnumSet in it costs a command a sixth of its time,
    // as it sets up reflection.
    private static final Set<PosixFilePermission> PRIVATE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /// The mode of a finished file. Its group, the delivery agents, can enter no queue but `active`.
    private static final Set<PosixFilePermission> PRIVATE_READY =
            Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE);

    private static final Set<PosixFilePermission> SUBDIRECTORY =
            Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE);
    private static final Set<PosixFilePermission> DROPPED =
            Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.OTHERS_READ);
    private static final Set<PosixFilePermission> DROPPED_READY =
            Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.OTHERS_READ);

    private final Layout layout;
    private final Clock clock;
    private final Opener opener;
    private final AtomicLong counter = new AtomicLong();

    /// The spool as the configuration describes it.
    public Spool(Config config) {
        this(Layout.of(config), Clock.systemUTC());
    }

    public Spool(Layout layout, Clock clock) {
        this(layout, clock, new New());
    }

    public Spool(Layout layout, Clock clock, Opener opener) {
        this.layout = layout;
        this.clock = clock;
        this.opener = opener;
    }

    public Path directory(QueueName q) {
        return layout.directory.resolve(q.directory());
    }

    /// The path of a message in that queue, whether it exists or not.
    public Path path(QueueName q, QueueId id) {
        Path dir = directory(q);
        if (layout.hashed.contains(q)) {
            String hash = id.hashText();
            for (int i = 0; i < Math.min(layout.depth, hash.length()); i++) {
                dir = dir.resolve(hash.substring(i, i + 1));
            }
        }
        return dir.resolve(id.text());
    }

    /// Makes the directories that are missing.
    public void createDirectories() throws IOException {
        for (QueueName q : QueueName.values()) {
            Files.createDirectories(directory(q));
        }
    }

    /// Renames a message from one queue to another; false if it is not there. A file that stands in the way is replaced.
    public boolean move(QueueId id, QueueName from, QueueName to) throws IOException {
        Path source = path(from, id);
        if (to == QueueName.ACTIVE) {
            openToAgents(source);
        }
        return rename(source, path(to, id));
    }

    /// Lets agents open a file of an earlier version, which its owner alone could open.
    private static void openToAgents(Path file) throws IOException {
        try {
            var is =
                    Files.readAttributes(
                            file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (is.isRegularFile() && !is.permissions().containsAll(PRIVATE_READY)) {
                Files.getFileAttributeView(
                                file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setPermissions(PRIVATE_READY);
            }
        } catch (NoSuchFileException e) {
            // taken away: the caller will see
        }
    }

    /// Deletes a message; false if it is not there.
    public boolean remove(QueueName q, QueueId id) throws IOException {
        return Files.deleteIfExists(path(q, id));
    }

    /// Finds the queue among [#MESSAGE_QUEUES] that holds the message. The message may move meanwhile, so the answer may be old.
    public Optional<QueueName> find(QueueId id) {
        for (QueueName q : MESSAGE_QUEUES) {
            if (Files.exists(path(q, id), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(q);
            }
        }
        return Optional.empty();
    }

    /// True if the file is finished: its owner may execute it, as in Postfix.
    public boolean ready(QueueName q, QueueId id) throws IOException {
        try {
            return ready(path(q, id));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// The messages in a queue, in no order; in `incoming` and `maildrop` only finished ones.
    public List<QueueId> scan(QueueName q) throws IOException {
        return scan(q, Integer.MAX_VALUE);
    }

    /// The first messages in a queue, `limit` at most.
    public List<QueueId> scan(QueueName q, int limit) throws IOException {
        var found = new ArrayList<QueueId>();
        boolean onlyReady = q == QueueName.INCOMING || q == QueueName.MAILDROP;
        visit(
                q,
                file -> {
                    var id = QueueId.parse(String.valueOf(file.getFileName()));
                    if (id.isPresent()
                            && file.equals(path(q, id.get()))
                            && (!onlyReady || isReady(file))) {
                        found.add(id.get());
                    }
                    return found.size() < limit;
                });
        return found;
    }

    /// Makes an empty queue file under a name that no other message has.
    public NewFile create(QueueName q) throws IOException {
        Path temporary;
        FileChannel channel;
        while (true) {
            temporary = directory(q).resolve(temporaryName());
            try {
                channel = opener.create(temporary, PRIVATE);
                break;
            } catch (FileAlreadyExistsException e) {
                // left behind by an earlier process
            }
        }
        boolean named = false;
        try {
            QueueId id = unusedId((Long) Files.getAttribute(temporary, "unix:ino"));
            Path path = path(q, id);
            rename(temporary, path);
            named = true;
            return new NewFile(id, path, channel);
        } finally {
            if (!named) {
                channel.close();
                Files.deleteIfExists(temporary);
            }
        }
    }

    /// Makes an empty file in `maildrop`, for anybody who may write there: readable by all, under a name that nobody can guess.
    public NewFile createDrop() throws IOException {
        while (true) {
            ByteBuffer random = chance();
            QueueId id =
                    QueueId.unguessable(
                            micros(clock.instant()), random.getLong(), random.getLong());
            Path path = path(QueueName.MAILDROP, id);
            try {
                return new NewFile(id, path, opener.create(path, DROPPED));
            } catch (FileAlreadyExistsException e) {
                // somebody has it: take another
            }
        }
    }

    /// Marks a file as finished, so that scans see it.
    public void markReady(Path file, QueueName q) throws IOException {
        Files.setPosixFilePermissions(
                file, q == QueueName.MAILDROP ? DROPPED_READY : PRIVATE_READY);
    }

    /// Deletes files in `incoming` that a crash left unfinished and nobody has touched for `age`; returns their number.
    public int purgeUnfinished(Duration age) throws IOException {
        Instant limit = clock.instant().minus(age);
        int purged = 0;
        for (Path file : files(QueueName.INCOMING)) {
            try {
                if (!ready(file)
                        && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(limit)
                        && purge(file)) {
                    purged++;
                }
            } catch (NoSuchFileException e) {
                // its owner took it away
            }
        }
        return purged;
    }

    /// Takes the name from a file before it deletes it, so that a writer that is still there cannot finish it. A file that was
    /// finished just then gets its name back.
    private boolean purge(Path file) throws IOException {
        Path aside = directory(QueueName.INCOMING).resolve(temporaryName());
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        if (ready(aside)) {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            return false;
        }
        return Files.deleteIfExists(aside);
    }

    private String temporaryName() {
        return ProcessHandle.current().pid() + "." + counter.incrementAndGet();
    }

    private QueueId unusedId(long inode) {
        Instant now = clock.instant();
        int micros = micros(now);
        while (true) {
            QueueId id =
                    layout.longIds
                            ? QueueId.longId(now, micros, inode)
                            : QueueId.shortId(micros, inode);
            if (find(id).isEmpty()) {
                return id;
            }
            micros = ThreadLocalRandom.current().nextInt(1_000_000);
        }
    }

    /// Every file in a queue, whatever its name; subdirectories are read as deep as any layout has them.
    public List<Path> files(QueueName q) throws IOException {
        var files = new ArrayList<Path>();
        visit(
                q,
                file -> {
                    files.add(file);
                    return true;
                });
        return files;
    }

    /// Shows every file in a queue one by one, for queues that may hold more than fits into memory.
    public void visit(QueueName q, Visitor visitor) throws IOException {
        Path top = directory(q);
        FileStatus status;
        try {
            status = FileStatus.of(top);
        } catch (NoSuchFileException e) {
            return;
        }
        walk(top, status.uid(), visitor, 0);
    }

    private static boolean walk(Path dir, int owner, Visitor visitor, int level)
            throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            for (Path entry : entries) {
                boolean subdirectory = level < MAX_DEPTH && isSubdirectory(entry, owner);
                boolean goOn =
                        subdirectory ? walk(entry, owner, visitor, level + 1) : visitor.file(entry);
                if (!goOn) {
                    return false;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (level == 0) {
                throw e;
            }
        }
        return true;
    }

    /// True if a subdirectory is one of ours: in `maildrop`, anybody may make a directory and give it any name.
    private static boolean isSubdirectory(Path entry, int owner) throws IOException {
        if (String.valueOf(entry.getFileName()).length() != 1) {
            return false;
        }
        try {
            var is = FileStatus.of(entry);
            return is.isDirectory() && (is.uid() == owner || is.uid() == 0);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// The id itself if it is free in that queue, else another that nobody can guess.
    public QueueId freeId(QueueName q, QueueId wanted) {
        var random = new SecureRandom();
        QueueId id = wanted;
        while (Files.exists(path(q, id), LinkOption.NOFOLLOW_LINKS)) {
            id = QueueId.unguessable(micros(clock.instant()), random.nextLong(), random.nextLong());
        }
        return id;
    }

    private static boolean rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        Path parent = to.getParent();
        if (parent != null) {
            Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(SUBDIRECTORY));
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private static boolean isReady(Path file) throws IOException {
        try {
            return ready(file);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean ready(Path file) throws IOException {
        var attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isRegularFile()
                && attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
    }

    private static int micros(Instant now) {
        return now.get(ChronoField.MICRO_OF_SECOND);
    }

    /// Makes new files. It is a class and not a lambda, for the first lambda of a command would cost more than its other work.
    private static final class New implements Opener {
        @Override
        public FileChannel create(Path path, Set<PosixFilePermission> mode) throws IOException {
            return FileChannel.open(
                    path,
                    Set.of(
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(mode));
        }
    }

    /// Reads sixteen random bytes from the kernel. `SecureRandom` reads them there too, but first sets up all of Java's security
    /// providers, which takes longer than the rest of a command.
    private static ByteBuffer chance() throws IOException {
        var bytes = ByteBuffer.allocate(2 * Long.BYTES);
        try (var source = Files.newByteChannel(Path.of("/dev/urandom"))) {
            while (bytes.hasRemaining()) {
                if (source.read(bytes) < 0) {
                    throw new IOException("/dev/urandom: unexpected end");
                }
            }
        }
        return bytes.flip();
    }
}
