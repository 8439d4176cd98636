// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// Tells what the confinement of a daemon refuses from what the permissions of files do: to the kernel both are "permission
/// denied", and an administrator who is told no more looks at modes in vain.
public final class ConfinementRefusal {
    static final String REASON =
            "refused by the confinement of the daemon, though its permissions allow it: mail may stand in any directory but"
                    + " those of the system, of the suite and for temporary files, and where virtual_mailbox_base and"
                    + " mail_spool_directory say";

    private ConfinementRefusal() {}

    /// True if an exception says so. Its message has the path and what can be done.
    public static boolean is(IOException e) {
        return e instanceof AccessDeniedException denied && REASON.equals(denied.getReason());
    }

    /// The exception, with another reason if it was the confinement. On the thread that was refused.
    ///
    /// @param uid as whom it was tried
    static AccessDeniedException explained(AccessDeniedException e, int uid, int gid) {
        if (e.getReason() == null && isConfined() && permitted(e.getFile(), uid, gid)) {
            var explained = new AccessDeniedException(e.getFile(), e.getOtherFile(), REASON);
            explained.initCause(e);
            return explained;
        }
        return e;
    }

    private static boolean isConfined() {
        try {
            return Files.readString(Path.of("/proc/self/status")).contains("\nNoNewPrivs:\t1");
        } catch (IOException e) {
            return false;
        }
    }

    /// True if the permissions of a file and of the directories above it allow to read and write it, or to make it.
    static boolean permitted(String file, int uid, int gid) {
        try {
            Path path = Path.of(file).toAbsolutePath();
            for (Path above = path.getParent(); above != null; above = above.getParent()) {
                if (exists(above) && !allows(above, 1, uid, gid)) {
                    return false;
                }
            }
            Path there = path;
            while (there != null && !exists(there)) {
                there = there.getParent();
            }
            return there != null && allows(there, 6, uid, gid);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static boolean exists(Path path) throws IOException {
        try {
            Files.getAttribute(path, "unix:mode");
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// True if all of these bits of the classes user, group or others are set for somebody.
    private static boolean allows(Path path, int bits, int uid, int gid) throws IOException {
        Map<String, Object> about = Files.readAttributes(path, "unix:mode,uid,gid");
        int mode = (Integer) about.getOrDefault("mode", 0);
        int of =
                about.get("uid") instanceof Integer owner && owner == uid
                        ? mode >> 6
                        : about.get("gid") instanceof Integer group && group == gid
                                ? mode >> 3
                                : mode;
        return uid == 0 || (of & bits) == bits;
    }
}
