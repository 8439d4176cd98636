// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/// Reads a user's `.forward` file, if nobody else can have written it.
final class ForwardFile {
    private static final int LARGEST = 1 << 20;

    private ForwardFile() {}

    /// The text of the file; empty if it is missing, empty, or not to be trusted. As the user.
    static Optional<String> read(Path file, int uid) throws IOException {
        try {
            var about = Files.readAttributes(file, "unix:uid,mode,size");
            boolean mine =
                    about.get("uid") instanceof Integer owner && (owner == uid || owner == 0);
            var permissions = Files.getPosixFilePermissions(file);
            boolean open =
                    permissions.contains(PosixFilePermission.GROUP_WRITE)
                            || permissions.contains(PosixFilePermission.OTHERS_WRITE);
            long size = about.get("size") instanceof Long n ? n : 0;
            if (!mine
                    || open
                    || size == 0
                    || size > LARGEST
                    || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            return Optional.empty();
        }
    }
}
