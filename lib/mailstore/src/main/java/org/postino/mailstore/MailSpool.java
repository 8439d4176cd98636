// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.linux.FileStatus;
import org.postino.linux.Users;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory of the system's mailboxes, `/var/mail`: decides who needs its group to make a file there.
///
/// @param only the one group that may be used; empty for whatever the directory has
public record MailSpool(OptionalInt only) {
    /// The mail spool of any group: that of its directory.
    public static final MailSpool ANY = new MailSpool(OptionalInt.empty());

    private static final Logger LOG = LoggerFactory.getLogger(MailSpool.class);
    private static final int NONE = -1;
    private static final int GROUP_WRITE = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;

    /// As `mail_privileged_group` says: a name or a number. One that cannot be found is no group at all.
    public static MailSpool of(Config config) {
        String group = config.get(MailParams.MAIL_PRIVILEGED_GROUP);
        if (group.isEmpty()) {
            return ANY;
        }
        try {
            int gid =
                    group.chars().allMatch(c -> c >= '0' && c <= '9')
                            ? Integer.parseInt(group)
                            : Users.gidOf(group).orElse(NONE);
            if (gid == NONE) {
                LOG.warn("mail_privileged_group: there is no group {}", group);
            }
            return new MailSpool(OptionalInt.of(gid));
        } catch (IOException | NumberFormatException e) {
            LOG.warn("mail_privileged_group: group {} cannot be looked up", group);
            return new MailSpool(OptionalInt.of(NONE));
        }
    }

    /// The group for a mailbox, as [#groupOf] finds it, if it is one that may be used.
    OptionalInt group(Path mailbox) {
        OptionalInt found = groupOf(mailbox);
        boolean allowed = only.isEmpty() || only.equals(found);
        return allowed ? found : OptionalInt.empty();
    }

    /// The group with which a mailbox file is opened, locked and made: that of its directory, if this is a directory of root's
    /// that just its group may write, and nobody but root can have put another in its place.
    ///
    /// In a directory that everybody may write, and in a user's own, the user needs nobody's group.
    public static OptionalInt groupOf(Path mailbox) {
        Path directory = mailbox.getParent();
        if (directory == null || !mailbox.isAbsolute()) {
            return OptionalInt.empty();
        }
        try {
            Path real = directory.toRealPath();
            FileStatus is = FileStatus.of(real);
            boolean spool =
                    is.uid() == ROOT
                            && (is.mode() & GROUP_WRITE) != 0
                            && (is.mode() & OTHERS_WRITE) == 0
                            && is.gid() != ROOT;
            boolean firm =
                    isFirm(directory.getParent()) && isFirm(real.getParent()) && isRoots(directory);
            return spool && firm ? OptionalInt.of(is.gid()) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private static boolean isRoots(Path path) throws IOException {
        return FileStatus.of(path).uid() == ROOT;
    }

    /// True if only root can change what stands at this path: it and all above are root's, and closed to others.
    private static boolean isFirm(@Nullable Path path) throws IOException {
        for (Path p = path; p != null; p = p.getParent()) {
            FileStatus is = FileStatus.of(p);
            boolean open =
                    (is.mode() & (GROUP_WRITE | OTHERS_WRITE)) != 0 && (is.mode() & STICKY) == 0;
            if (is.uid() != ROOT || (open && !is.isLink())) { // a link's mode says nothing
                return false;
            }
        }
        return true;
    }
}
