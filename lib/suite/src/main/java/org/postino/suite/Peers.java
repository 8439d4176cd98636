// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.postino.suite.Programs.Role;

/// The users that may connect to each Unix socket: the one place where that is written down.
///
/// A daemon asks the kernel who is at the other end of an accepted connection; root may always ask.
public final class Peers {
    private Peers() {}

    /// The roles whose programs may ask a program; empty: every user of the system, and the program looks at who it is.
    public static Optional<Set<Role>> of(String program) {
        return switch (program) {
            case "qmgr", "pickup" -> Optional.empty();
            case "cleanup" -> roles(Role.SPOOL, Role.SMTPD, Role.LOCAL);
            case "auth" -> roles(Role.SMTPD, Role.IMAPD, Role.POP3D, Role.LOCAL);
            case "auth-worker" -> roles(Role.AUTH);
            // Those to which local passes mail on: mailbox_transport, fallback_transport.
            case "smtp", "lmtp", "virtual", "error", "discard" -> roles(Role.SPOOL, Role.LOCAL);
            // qmgr gives work to all others.
            default -> roles(Role.SPOOL);
        };
    }

    private static Optional<Set<Role>> roles(Role first, Role... others) {
        return Optional.of(EnumSet.of(first, others));
    }

    /// The users behind the roles.
    public static Set<Integer> uids(Set<Role> roles, Accounts accounts) {
        var uids = new LinkedHashSet<Integer>();
        roles.forEach(role -> uids.add(accounts.of(role).uid()));
        return uids;
    }
}
