// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import org.jspecify.annotations.Nullable;
import org.postino.linux.AsUser;
import org.postino.linux.Credentials;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;

/// Chooses the identity for files and commands: the user with one group, never root.
final class Privileges {
    private static final int ROOT = 0;

    private Privileges() {}

    /// True if this process may act as others at all.
    static boolean asOthers() {
        return AsUser.isPossible();
    }

    /// True if mail for this account can be delivered by this process.
    static boolean canServe(int uid) {
        return asOthers() || uid == Processes.ownUid();
    }

    static boolean isRoot(Account account) {
        return account.uid() == ROOT;
    }

    /// For files of the user's own.
    static AsUser files(int uid, int gid) {
        return AsUser.of(uid, gid);
    }

    /// For root's mailbox: this process's own user, with the group of the mail spool.
    static AsUser own(int gid) {
        return AsUser.of(Processes.ownUid(), gid);
    }

    /// For a command; null when this process cannot be anybody else, and the command need not.
    static @Nullable Credentials command(SystemUser user) {
        return asOthers() ? Credentials.of(user) : null;
    }
}
