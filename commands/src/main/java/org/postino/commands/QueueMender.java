// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Spool;

/// Moves every queue file into the subdirectory to which it belongs, after a change of `hash_queue_names` or `hash_queue_depth`
/// say.
final class QueueMender {
    private final Spool spool;
    private final Set<QueueName> queues;
    private final Consumer<String> out;

    QueueMender(Spool spool, Set<QueueName> queues, Consumer<String> out) {
        this.spool = spool;
        this.queues = queues.isEmpty() ? EnumSet.allOf(QueueName.class) : queues;
        this.out = out;
    }

    void mend() throws IOException {
        int moved = 0;
        for (QueueName q : queues) {
            Files.createDirectories(spool.directory(q));
            for (Path file : spool.files(q)) {
                var id = QueueId.parse(String.valueOf(file.getFileName()));
                if (id.isEmpty()) {
                    continue;
                }
                Path right = spool.path(q, id.get());
                if (!file.equals(right) && moved(file, right)) {
                    moved++;
                }
            }
        }
        if (moved > 0) {
            out.accept(
                    "Renamed to match hashed directories: "
                            + moved
                            + (moved == 1 ? " file" : " files"));
        }
    }

    private boolean moved(Path from, Path to) throws IOException {
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            out.accept("warning: " + from + ": " + to + " exists already");
            return false;
        }
        Path parent = to.getParent();
        if (parent != null) {
            Files.createDirectories(
                    parent,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx--x---")));
        }
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false; // the queue manager was faster
        }
    }
}
