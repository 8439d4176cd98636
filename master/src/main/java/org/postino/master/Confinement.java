// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Capability;
import org.postino.linux.Credentials;
import org.postino.linux.Processes;
import org.postino.linux.ResourceLimits;
import org.postino.linux.ResourceLimits.Resource;
import org.postino.linux.Sandbox;
import org.postino.linux.Seccomp;
import org.postino.linux.Seccomp.Ids;
import org.postino.linux.Seccomp.Range;
import org.postino.linux.Seccomp.Sockets;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;
import org.postino.mailstore.MailParams;
import org.postino.suite.Plan;
import org.postino.suite.Program;
import org.postino.suite.ProgramAccounts;
import org.postino.suite.Role;
import org.postino.suite.SandboxPolicy;
import org.postino.suite.SandboxPolicy.Means;

/// Makes the confinement of a row's daemon: its user, capabilities, sandbox, filter of system calls and limits. See [SandboxPolicy]
/// for the table, and `docs/adr/0007-confinement.md` for the decisions.
final class Confinement {
    private static final Set<Capability> TO_ACT_AS_USERS =
            Set.of(Capability.SETUID, Capability.SETGID);

    /// Groups whose members can make themselves root, or read files that only root should.
    private static final List<String> POWERFUL_GROUPS =
            List.of(
                    "shadow",
                    "disk",
                    "kmem",
                    "adm",
                    "sudo",
                    "wheel",
                    "docker",
                    "lxd",
                    "libvirt",
                    "ssl-cert",
                    "systemd-journal",
                    "utmp",
                    "tty");

    /// Sockets of daemons that PAM modules ask about users and passwords: sssd, winbind, nslcd.
    private static final List<Path> NAME_SERVERS =
            List.of(
                    Path.of("/var/lib/sss/pipes/private/pam"),
                    Path.of("/run/samba/winbindd/pipe"),
                    Path.of("/run/nslcd/socket"));

    private static final String NO_PORTS =
            "; commands of users reach no network unless command_network_ports = any";

    private static final long MANY_FILES = 16_384;
    private static final long FILES = 4096;

    /// The number of threads of one user. Virtual threads need few, but imapd has one thread for each session that acts as a user.
    private static final long THREADS_OF_A_USER = 8192;

    private final Plan plan;
    private final ProgramAccounts accounts;
    private final boolean landlock = Sandbox.isAvailable();
    private final boolean seccomp = Seccomp.isAvailable();
    private final Set<Integer> powerfulGroups = new LinkedHashSet<>();

    /// @param accounts the users of the roles
    /// @throws IOException the system's groups could not be looked up
    Confinement(Plan plan, ProgramAccounts accounts) throws IOException {
        this.plan = plan;
        this.accounts = accounts;
        for (String name : POWERFUL_GROUPS) {
            OptionalInt gid = Users.gidOf(name);
            gid.ifPresent(powerfulGroups::add);
        }
    }

    /// Lists the means of confinement that this kernel lacks, in a sentence each.
    static List<String> lacking() {
        var lacks = new ArrayList<String>();
        int abi = Sandbox.abi();
        if (!Sandbox.isAvailable()) {
            lacks.add(
                    Seccomp.isAvailable()
                            ? "this kernel has no Landlock: daemons are confined by their user ids"
                                    + " and by a filter of system calls alone"
                                    + NO_PORTS
                            : "this kernel has no Landlock: daemons are confined by their user ids"
                                    + " alone");
        } else if (!Sandbox.confinesNetwork()) {
            lacks.add(
                    "Landlock "
                            + abi
                            + " of this kernel confines daemons to files, not to ports"
                            + (Seccomp.isAvailable() ? NO_PORTS : ""));
        }
        if (!Seccomp.isAvailable()) {
            lacks.add("this kernel has no seccomp: daemons may make every system call");
        }
        return lacks;
    }

    /// Everything that confines one daemon.
    ///
    /// @param user null if the daemon runs as master itself does
    /// @param sandbox null if this kernel has no Landlock
    /// @param filter null if this kernel has no seccomp
    record Bounds(
            @Nullable Credentials user,
            @Nullable Sandbox sandbox,
            @Nullable Seccomp filter,
            ResourceLimits limits) {}

    /// Returns the bounds of a daemon of this row.
    ///
    /// @param sockets the number of sockets on which it listens
    Bounds of(Plan.Service service, int sockets) {
        SandboxPolicy policy = service.program().policy();
        Credentials user = credentials(service);
        if (landlock && policy.has(Means.PASSWORDS)) {
            FailedLogins.makePlace();
        }
        return new Bounds(
                user,
                landlock ? new SandboxRules(plan, service, policy).sandbox(sockets) : null,
                seccomp ? filter(service, policy, user, sockets) : null,
                limits(policy));
    }

    private @Nullable Credentials credentials(Plan.Service service) {
        Role role = service.program().role();
        if (!Processes.isRoot()) {
            return null;
        }
        if (role.isRoot()) {
            // Root's files, and nothing of root's power.
            return new Credentials(0, 0, List.of());
        }
        // Postfix's local and virtual want root, ours do not.
        boolean asMaster = !service.row().unprivileged() && role != Role.LOCAL;
        if (asMaster || accounts.of(role).uid() == 0) {
            return null;
        }
        if (!role.actsAsUsers()) {
            return accounts.credentials(role);
        }
        SystemUser self = accounts.of(role);
        // No further group: a thread that acts as somebody else must be free of ours by changing
        // its one group.
        int gid = role.usesActiveQueue() ? accounts.owner().gid() : self.gid();
        return new Credentials(self.uid(), gid, List.of(), TO_ACT_AS_USERS);
    }

    private Seccomp filter(
            Plan.Service service, SandboxPolicy policy, @Nullable Credentials user, int sockets) {
        boolean adopts = sockets > 1;
        return new Seccomp(
                kinds(service, policy, adopts),
                adopts,
                policy.has(Means.COMMANDS),
                policy.ownsFiles(),
                ids(service.program(), policy, user));
    }

    private static Sockets kinds(Plan.Service service, SandboxPolicy policy, boolean adopts) {
        // Who is root for the kernel is root for systemd, D-Bus and whoever else looks at the other
        // end of a socket.
        if (service.program().role().isRoot() && NAME_SERVERS.stream().noneMatch(Files::exists)) {
            return Sockets.NONE;
        }
        if (policy.has(Means.NAME_SERVERS)) {
            return Sockets.TCP_AND_UDP;
        }
        boolean connects = !SandboxRules.commandPorts(service, policy).equals(Sandbox.Ports.NONE);
        return adopts || connects ? Sockets.TCP : Sockets.UNIX;
    }

    private Ids ids(Program program, SandboxPolicy policy, @Nullable Credentials user) {
        if (program.role().isRoot() && Processes.isRoot()) {
            return Ids.own(0); // pam_unix says it before it starts its helper
        }
        if (!program.role().actsAsUsers() || !Processes.isRoot()) {
            return Ids.NONE;
        }
        if (user == null) {
            return Ids.ANY; // root, because an administrator wants it so
        }
        var uids = new LinkedHashSet<>(accounts.uids());
        var gids = new LinkedHashSet<>(powerfulGroups);
        for (Role role : Role.values()) {
            gids.add(accounts.of(role).gid());
        }
        uids.remove(user.uid());
        gids.remove(user.gid());
        boolean logsIn = program.role() != Role.LOCAL;
        int least = logsIn ? Math.toIntExact(plan.config().get(MailParams.FIRST_VALID_UID)) : 1;
        return new Ids(
                new Range(Set.of(user.uid()), least, uids),
                new Range(Set.of(user.gid()), 1, gids),
                policy.has(Means.COMMANDS));
    }

    private static ResourceLimits limits(SandboxPolicy policy) {
        return new ResourceLimits(
                Map.of(
                        Resource.CORE,
                        0L,
                        Resource.FILES,
                        policy.has(Means.MANY_FILES) ? MANY_FILES : FILES,
                        Resource.PROCESSES,
                        THREADS_OF_A_USER));
    }
}
