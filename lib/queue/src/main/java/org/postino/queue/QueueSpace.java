// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.nio.file.Path;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;

/// The space that the queue's file system must have free for a message: `queue_minfree` bytes, and one and a half messages of the largest size.
///
/// @param directory `queue_directory`
/// @param least `queue_minfree` in bytes
/// @param messageLimit `message_size_limit` in bytes; 0 = none
public record QueueSpace(Path directory, long least, long messageLimit) {
    public static QueueSpace of(Config config) {
        return of(config.get(MainParams.QUEUE_DIRECTORY), config);
    }

    public static QueueSpace of(Path directory, Config config) {
        return new QueueSpace(
                directory,
                config.get(MainParams.QUEUE_MINFREE),
                config.get(MainParams.MESSAGE_SIZE_LIMIT));
    }

    /// The reason why no message can be taken, in Postfix's words; empty if one can, or if the free space is not known.
    public Optional<String> shortage() {
        return shortage(0);
    }

    /// The reason why a message of this size in bytes cannot be taken; empty if it can.
    public Optional<String> shortage(long size) {
        var disk = directory.toFile();
        long free = disk.getUsableSpace();
        if (free == 0 && disk.getTotalSpace() == 0) {
            return Optional.empty(); // it cannot be known: cleanup will say it better
        }
        return shortage(size, free);
    }

    /// The reason why a message cannot be taken with so many bytes free; empty if it can.
    Optional<String> shortage(long size, long free) {
        String need = null;
        if (free - messageLimit < messageLimit / 2) {
            need = "1.5*message size limit";
        } else if (free < least) {
            need = "queue_minfree of " + least + " bytes";
        } else if (free < size) {
            need = "the " + size + " bytes of the message";
        }
        return need == null
                ? Optional.empty()
                : Optional.of("not enough free space in mail queue: " + free + " bytes < " + need);
    }
}
