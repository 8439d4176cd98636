// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/// The user, group, supplementary groups and capabilities that a process shall have.
///
/// @param capabilities all that it keeps of root's power; whoever it is, uid 0 too, it has no other
public record Credentials(int uid, int gid, List<Integer> groups, Set<Capability> capabilities) {
    public Credentials {
        groups = List.copyOf(groups);
        capabilities = Set.copyOf(capabilities);
    }

    /// Without any capability.
    public Credentials(int uid, int gid, List<Integer> groups) {
        this(uid, gid, groups, Set.of());
    }

    /// An account with all its groups; with its primary group alone when this process is not root's, which then may not
    /// choose others.
    public static Credentials of(SystemUser user) {
        List<Integer> groups = Processes.isRoot() ? Users.groupsOf(user) : List.of();
        return new Credentials(user.uid(), user.gid(), groups);
    }

    /// These with capabilities.
    public Credentials keeping(Set<Capability> kept) {
        return new Credentials(uid, gid, groups, kept);
    }

    /// Gives the calling thread, and it alone, these credentials for good.
    void assume() throws IOException {
        Capabilities.bound(capabilities);
        if (!capabilities.isEmpty()) {
            Capabilities.surviveChangeOfIds();
        }
        AsUser.setGroups(groups);
        change("setresgid", SystemCall.SETRESGID, gid);
        change("setresuid", SystemCall.SETRESUID, uid);
        // A change from one number to another that is not 0 would keep what was there.
        Capabilities.reduceTo(capabilities);
    }

    private static void change(String what, SystemCall call, int id) throws IOException {
        long result = Libc.syscall(call, id, id, id);
        if (result < 0) {
            throw new IOException(what + " " + id + ": " + Libc.text((int) -result));
        }
    }
}
