// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.postino.linux.AsUser;
import org.postino.linux.CheckedFile;
import org.postino.linux.FileStatus;

/// The targets in a file that an `:include:` names.
///
/// A list that a user has named is read with that user's rights, and gives no others: nobody shall do anything as a victim by
/// naming the victim's file. One that root has named is read as its owner and has that owner's rights, if nobody but the owner
/// and root decides which file it is.
///
/// @param rights those of what it lists
record IncludeFile(String text, Rights rights) {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final Path ROOT = Path.of("/");
    private static final Path UP = Path.of("..");
    private static final int MOST_LINKS = 40;

    /// Reads it.
    ///
    /// @param naming the rights of what named it
    static IncludeFile read(Path path, Rights naming, String mailOwner) throws IOException {
        if (naming instanceof Rights.Of) {
            return as(naming, path);
        }
        if (!Privileges.asOthers() || naming instanceof Rights.None) {
            return new IncludeFile(ForwardFile.include(path), naming);
        }
        int owner;
        try (CheckedFile looked = CheckedFile.look(path.toRealPath())) {
            owner = looked.uid();
        }
        return owner == 0 || !isFirm(path, owner)
                ? new IncludeFile(ForwardFile.include(path), naming)
                : as(Rights.ofOwner(owner, path, mailOwner), path);
    }

    private static IncludeFile as(Rights rights, Path path) throws IOException {
        if (rights instanceof Rights.Of(var user)) {
            AsUser as = Privileges.files(user.uid(), user.gid());
            return new IncludeFile(as.call(() -> ForwardFile.include(path)), rights);
        }
        return new IncludeFile(ForwardFile.include(path), rights);
    }

    /// True if only root and one user decide what stands at a path: all directories and links on the way to it are theirs, as
    /// is
    /// the file, which has no other name.
    static boolean isFirm(Path path, int uid) throws IOException {
        var rest = new ArrayDeque<Path>();
        path.forEach(rest::add);
        Path at = ROOT;
        int links = 0;
        while (!rest.isEmpty()) {
            if (isOpen(FileStatus.of(at))) {
                return false;
            }
            Path name = rest.removeFirst();
            Path next = at.resolve(name);
            FileStatus is = FileStatus.of(next);
            boolean theirs = is.uid() == uid || is.uid() == 0;
            if (!theirs || name.equals(UP) || (is.isRegular() && is.links() > 1)) {
                return false;
            }
            if (!is.isLink()) {
                at = next;
            } else if (++links > MOST_LINKS) {
                return false;
            } else {
                Path target = Files.readSymbolicLink(next);
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    rest.addFirst(target.getName(i));
                }
                at = target.isAbsolute() ? ROOT : at;
            }
        }
        return true;
    }

    /// True if others than the owner can change what is not theirs in a directory.
    private static boolean isOpen(FileStatus directory) {
        int permissions = directory.permissions();
        return (permissions & WRITABLE_BY_OTHERS) != 0 && (permissions & STICKY) == 0;
    }
}
