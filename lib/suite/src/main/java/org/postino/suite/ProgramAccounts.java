// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Credentials;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;

/// The accounts that the suite's programs run as: `mail_owner`, and `$mail_owner-smtpd` and so on where they exist.
///
/// When an ordinary user runs the suite, each of them is that user.
public final class ProgramAccounts {
    private static final SystemUser ROOT =
            new SystemUser("root", 0, 0, Path.of("/root"), "/bin/sh");

    private final SystemUser owner;
    private final Map<Role, SystemUser> users = new EnumMap<>(Role.class);
    private final List<String> missing = new ArrayList<>();

    private ProgramAccounts(SystemUser owner) {
        this.owner = owner;
    }

    /// Looks the accounts up, for a suite that root runs; empty if the system has no `mailOwner`.
    ///
    /// @throws IOException the name service could not be asked
    public static Optional<ProgramAccounts> of(String mailOwner) throws IOException {
        Optional<SystemUser> owner = Users.byName(mailOwner);
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        var accounts = new ProgramAccounts(owner.get());
        for (Role role : Role.values()) {
            accounts.users.put(role, accounts.find(role));
        }
        return Optional.of(accounts);
    }

    /// Everything as one user: the one who runs the suite.
    public static ProgramAccounts own() {
        int uid = Processes.ownUid();
        var self = new SystemUser(Users.nameOf(uid), uid, Processes.ownGid(), Path.of("/"), "");
        var accounts = new ProgramAccounts(self);
        for (Role role : Role.values()) {
            accounts.users.put(role, self);
        }
        return accounts;
    }

    /// The advice for root about a `mailOwner` that does not exist.
    public static String howToMake(String mailOwner) {
        return "mail_owner "
                + mailOwner
                + " is not a user of this system: make it with \"useradd --system --user-group"
                + " --home-dir /nonexistent --shell /usr/sbin/nologin "
                + mailOwner
                + "\", or set mail_owner = root to run every program as root";
    }

    private SystemUser find(Role role) throws IOException {
        if (role.isRoot()) {
            return ROOT;
        }
        if (role.suffix().isEmpty() || owner.uid() == 0) {
            return owner;
        }
        String name = owner.name() + role.suffix();
        @Nullable SystemUser user = Users.byName(name).orElse(null);
        if (user == null || user.uid() == 0) {
            missing.add(name);
            return owner;
        }
        return user;
    }

    /// The user to whom the queue belongs.
    public SystemUser owner() {
        return owner;
    }

    /// As whom the programs of a role run.
    public SystemUser of(Role role) {
        SystemUser user = users.get(role);
        return user == null ? owner : user;
    }

    /// True if programs run as other users than master.
    public boolean areSeparate() {
        return Processes.isRoot() && owner.uid() != 0;
    }

    /// The names of accounts that could be there and are not, so that `mail_owner` stands in for them.
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /// The numbers of the users that roles run as.
    public Set<Integer> uids(Set<Role> roles) {
        var uids = new LinkedHashSet<Integer>();
        for (Role role : roles) {
            uids.add(of(role).uid());
        }
        return uids;
    }

    /// The numbers of all accounts of the suite but root.
    public Set<Integer> uids() {
        var uids = new LinkedHashSet<Integer>();
        users.values().stream().map(SystemUser::uid).filter(uid -> uid != 0).forEach(uids::add);
        return uids;
    }

    /// The ids that a process of a role shall have: those of its account, with its groups, and the group of the spool if it
    /// delivers.
    public Credentials credentials(Role role) {
        SystemUser user = of(role);
        var groups = new LinkedHashSet<>(Users.groupsOf(user));
        if (role.usesActiveQueue()) {
            groups.add(owner.gid());
        }
        return new Credentials(user.uid(), user.gid(), List.copyOf(groups));
    }
}
