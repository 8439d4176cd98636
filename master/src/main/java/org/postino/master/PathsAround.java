// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Lists the directories around holes. Landlock can allow a whole tree, but not a tree without some part of it.
final class PathsAround {
    /// Top-level directories in which no user's mail stands.
    private static final Set<String> SYSTEM =
            Set.of(
                    "bin",
                    "boot",
                    "dev",
                    "etc",
                    "lib",
                    "lib32",
                    "lib64",
                    "libx32",
                    "proc",
                    "run",
                    "sbin",
                    "sys",
                    "usr",
                    "lost+found");

    /// Directories in `/var` that are the system's own.
    private static final List<Path> SYSTEM_STATE =
            List.of(
                    Path.of("/var/backups"),
                    Path.of("/var/cache"),
                    Path.of("/var/lib/apt"),
                    Path.of("/var/lib/dpkg"),
                    Path.of("/var/lib/pam"),
                    Path.of("/var/lib/systemd"),
                    Path.of("/var/log"),
                    Path.of("/var/spool/cron"));

    /// Directories in which anybody may write.
    private static final List<Path> TEMPORARY = List.of(Path.of("/tmp"), Path.of("/var/tmp"));

    private PathsAround() {}

    /// Lists the directories in which users' mail may stand: all but the system's own and `ours`. Directories for temporary files
    /// count only if one of `ours` stands there, as in a throw-away instance.
    static List<Path> mail(Collection<Path> ours) {
        var holes = new ArrayList<>(ours);
        holes.addAll(SYSTEM_STATE);
        for (Path temporary : TEMPORARY) {
            if (ours.stream().noneMatch(path -> path.startsWith(temporary))) {
                holes.add(temporary);
            }
        }
        var found = new ArrayList<Path>();
        for (Path top : children(Path.of("/"))) {
            if (!SYSTEM.contains(String.valueOf(top.getFileName()))) {
                found.addAll(of(top, holes));
            }
        }
        return found;
    }

    /// Lists the directory itself if no hole is in it, otherwise the directories below it without a hole.
    static List<Path> of(Path directory, Collection<Path> holes) {
        if (holes.stream().anyMatch(directory::startsWith)) {
            return List.of();
        }
        if (holes.stream().noneMatch(hole -> hole.startsWith(directory))) {
            return List.of(directory);
        }
        var found = new ArrayList<Path>();
        for (Path child : children(directory)) {
            found.addAll(of(child, holes));
        }
        return found;
    }

    private static List<Path> children(Path directory) {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path child : all) {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Who cannot list it cannot use it either.
        }
        return found;
    }
}
