// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.postino.linux.FileStatus;
import org.postino.util.FileSafe;

/// Replaces a file atomically and keeps its mode and owner. If it is a symbolic link, the file behind it is replaced.
final class KeptFile {
    private KeptFile() {}

    /// @param permissions for a file that does not exist yet
    static void replace(Path file, byte[] content, String permissions) throws IOException {
        if (!Files.exists(file)) {
            FileSafe.replace(file, content, permissions);
            return;
        }
        Path real = file.toRealPath();
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(real));
        FileStatus was = FileStatus.following(real);
        Path fresh = real.resolveSibling("." + real.getFileName() + ".new");
        FileSafe.replace(fresh, content, mode);
        FileStatus is = FileStatus.of(fresh);
        if (was.uid() != is.uid() || was.gid() != is.gid()) {
            Files.setAttribute(fresh, "unix:uid", was.uid());
            Files.setAttribute(fresh, "unix:gid", was.gid());
        }
        Files.move(
                fresh, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path parent = real.getParent();
        if (parent != null) {
            FileSafe.forceDirectory(parent);
        }
    }
}
