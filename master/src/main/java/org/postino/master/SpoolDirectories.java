// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.postino.global.config.Config;
import org.postino.global.config.MainParams;
import org.postino.global.server.Accounts;
import org.postino.util.Processes;

/// Makes the directories that the suite lives in, with the owners and modes they must have.
final class SpoolDirectories {
    private static final List<String> OWN =
            List.of(
                    "incoming",
                    "active",
                    "deferred",
                    "hold",
                    "corrupt",
                    "defer",
                    "bounce",
                    "trace",
                    "flush",
                    "saved",
                    "private");

    private final Path queue;
    private final Path data;
    private final Path pid;
    private final boolean root = Processes.isRoot();
    private final int uid;
    private final int gid;

    SpoolDirectories(Config config, Accounts accounts) {
        queue = config.get(MainParams.QUEUE_DIRECTORY);
        data = config.get(MainParams.DATA_DIRECTORY);
        pid = queue.resolve(config.get(MainParams.PROCESS_ID_DIRECTORY));
        uid = accounts.owner().uid();
        gid = accounts.owner().gid();
    }

    /// The file whose lock says that a master runs on this spool.
    static Path lockFile(Config config) {
        return config.get(MainParams.QUEUE_DIRECTORY)
                .resolve(config.get(MainParams.PROCESS_ID_DIRECTORY))
                .resolve("master.pid");
    }

    /// What the lock needs, made before anything else.
    void createForLock() throws IOException {
        Files.createDirectories(queue);
        make(pid, 0755, false);
    }

    void create() throws IOException {
        for (String name : OWN) {
            make(queue.resolve(name), 0700, true);
        }
        // Any local user may drop a letter or knock, but not list what others dropped.
        make(queue.resolve("maildrop"), 01733, true);
        make(queue.resolve("public"), 0755, true);
        make(data, 0700, true);
    }

    private void make(Path directory, int mode, boolean owned) throws IOException {
        boolean fresh = !Files.isDirectory(directory);
        if (fresh) {
            Files.createDirectories(directory);
        }
        int is = (Integer) Files.getAttribute(directory, "unix:mode") & 07777;
        boolean own = (Integer) Files.getAttribute(directory, "unix:uid") == uid;
        if (root && owned && !own) {
            Files.setAttribute(directory, "unix:uid", uid);
            Files.setAttribute(directory, "unix:gid", gid);
        }
        if (fresh || (is != mode && (root || own))) {
            Files.setAttribute(directory, "unix:mode", mode);
        }
    }
}
