// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/// The status of a file, as stat(2) tells it.
///
/// @param mode its type and permissions
/// @param links how many names it has
/// @param modified when its content was changed last
/// @param changed when anything of it was changed last
public record FileStatus(
        int mode,
        int uid,
        int gid,
        int links,
        long device,
        long inode,
        long size,
        FileTime modified,
        FileTime changed) {
    private static final String ATTRIBUTES =
            "unix:mode,uid,gid,nlink,dev,ino,size,lastModifiedTime,ctime";
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int SOCKET = 0140000;

    /// Looks at what bears this name, be it a symbolic link.
    public static FileStatus of(Path file) throws IOException {
        return of(Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
    }

    /// Looks at the file to which this name leads.
    public static FileStatus following(Path file) throws IOException {
        return of(Files.readAttributes(file, ATTRIBUTES));
    }

    private static FileStatus of(Map<String, Object> all) throws IOException {
        return new FileStatus(
                value(all, "mode", Integer.class),
                value(all, "uid", Integer.class),
                value(all, "gid", Integer.class),
                value(all, "nlink", Integer.class),
                value(all, "dev", Long.class),
                value(all, "ino", Long.class),
                value(all, "size", Long.class),
                value(all, "lastModifiedTime", FileTime.class),
                value(all, "ctime", FileTime.class));
    }

    private static <T> T value(Map<String, Object> all, String name, Class<T> type)
            throws IOException {
        Object value = all.get(name);
        if (!type.isInstance(value)) {
            throw new IOException("no attribute " + name);
        }
        return type.cast(value);
    }

    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    public boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    public boolean isSocket() {
        return (mode & TYPE) == SOCKET;
    }

    /// The bits that chmod(1) sets.
    public int permissions() {
        return mode & 07777;
    }
}
