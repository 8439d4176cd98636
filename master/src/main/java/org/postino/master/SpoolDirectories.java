// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.FileStatus;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.suite.AuthParams;
import org.postino.suite.Program;
import org.postino.suite.ProgramAccounts;
import org.postino.suite.Programs;
import org.postino.suite.SandboxPolicy;
import org.postino.suite.VerifyFile;

/// Makes the directories of the suite, with the owners and modes that they must have.
///
/// Owners and modes are never changed through a symbolic link, since root works in directories of other users here.
final class SpoolDirectories {
    private static final List<String> OWNERS =
            List.of(
                    "incoming",
                    "deferred",
                    "hold",
                    "corrupt",
                    "defer",
                    "bounce",
                    "trace",
                    "flush",
                    "saved");

    private static final int PRIVATE = 0700;
    private static final int PASSABLE = 0711;

    private final Path queue;
    private final Path data;
    private final Path verify;
    private final Path pid;
    private final boolean root = Processes.isRoot();
    private final boolean passable;
    private final boolean separate;
    private final SystemUser owner;
    private final SystemUser self;

    SpoolDirectories(Config config, ProgramAccounts accounts) throws IOException {
        queue = real(config.get(MainParams.QUEUE_DIRECTORY));
        data = real(config.get(MainParams.DATA_DIRECTORY));
        verify = VerifyFile.directory(config);
        pid = queue.resolve(config.get(MainParams.PROCESS_ID_DIRECTORY));
        owner = accounts.owner();
        self = ProgramAccounts.own().owner();
        separate = accounts.areSeparate();
        passable = separate || !config.get(AuthParams.AUTH_CLIENT_USERS).isEmpty();
    }

    /// Follows a link that an administrator may have left for a whole directory.
    private static Path real(Path directory) throws IOException {
        return Files.isSymbolicLink(directory) ? directory.toRealPath() : directory;
    }

    /// Returns the file whose lock shows that a master runs on this spool.
    static Path lockFile(Config config) {
        return config.get(MainParams.QUEUE_DIRECTORY)
                .resolve(config.get(MainParams.PROCESS_ID_DIRECTORY))
                .resolve("master.pid");
    }

    /// Returns the directory for the reports of Java machines that broke down.
    static Path crashDirectory(Config config) {
        return config.get(MainParams.DATA_DIRECTORY).resolve("crash");
    }

    /// Makes the directories that the lock needs, before anything else.
    void createForLock() throws IOException {
        if (separate) {
            make(queue, 0755, self);
        } else {
            Files.createDirectories(queue);
        }
        make(pid, 0755, self);
    }

    void create() throws IOException {
        for (String name : OWNERS) {
            make(queue.resolve(name), PRIVATE, owner);
        }
        // Delivery agents are in the owner's group: they open the file they were told to, by name.
        make(queue.resolve("active"), separate ? 0710 : PRIVATE, owner);
        // Any local user may drop a letter or knock, but not list what others dropped.
        make(queue.resolve("maildrop"), 01733, owner);
        // Left by earlier versions.
        Files.deleteIfExists(data.resolve("main.cf.running"));
        // Sockets are made by master alone: nobody can put another in the place of one.
        make(queue.resolve("public"), 0755, self);
        make(queue.resolve("private"), passable ? PASSABLE : PRIVATE, self);
        makeFile(pid.resolve("qmgr.lock"));
        make(data, separate ? PASSABLE : PRIVATE, owner);
        make(verify, PRIVATE, owner);
        for (Program program : Programs.all()) {
            if (program.policy().has(SandboxPolicy.Means.OWN_DATA)) {
                make(data.resolve(program.word()), PRIVATE, owner);
            }
        }
        make(data.resolve("crash"), separate ? 01733 : PRIVATE, self);
    }

    private void make(Path directory, int mode, SystemUser user) throws IOException {
        boolean fresh = !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
        if (fresh) {
            try {
                Files.createDirectories(directory);
            } catch (FileAlreadyExistsException e) {
                throw new NotDirectoryException(directory + ": exists and is not a directory");
            }
        }
        FileStatus is = FileStatus.of(directory);
        boolean right = is.uid() == user.uid();
        if (root && !right) {
            give(directory, user);
        }
        if (fresh || (is.permissions() != mode && (root || right))) {
            Files.setAttribute(directory, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// Makes an empty file of the owner's in a directory of another user.
    private void makeFile(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file);
            Files.setAttribute(file, "unix:mode", 0600, LinkOption.NOFOLLOW_LINKS);
        }
        if (root && FileStatus.of(file).uid() != owner.uid()) {
            give(file, owner);
        }
    }

    private static void give(Path path, SystemUser user) throws IOException {
        Files.setAttribute(path, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
    }
}
