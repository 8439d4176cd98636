// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;
import java.util.List;

/// The user, group and supplementary groups a process shall have.
public record Credentials(int uid, int gid, List<Integer> groups) {
    public Credentials {
        groups = List.copyOf(groups);
    }

    /// An account with all its groups.
    public static Credentials of(SystemUser user) {
        return new Credentials(user.uid(), user.gid(), Users.groupsOf(user));
    }

    /// Gives the calling thread, and it alone, these credentials for good.
    void assume() throws IOException {
        AsUser.setGroups(groups);
        change("setresgid", Machine.SETRESGID, gid);
        change("setresuid", Machine.SETRESUID, uid);
    }

    private static void change(String what, long number, int id) throws IOException {
        long result = Libc.syscall(number, id, id, id);
        if (result < 0) {
            throw new IOException(what + " " + id + ": " + Libc.text((int) -result));
        }
    }
}
