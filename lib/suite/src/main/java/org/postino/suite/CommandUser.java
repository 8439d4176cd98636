// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.postino.config.ValueException;
import org.postino.linux.AsUser;
import org.postino.linux.Credentials;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;

/// The user as whom the command of a row runs: an account with one group, neither root nor one of the suite's own.
///
/// @param account the account, with the group that the row asks for
public record CommandUser(SystemUser account) {

    /// Looks the account of a row up.
    ///
    /// @param mailOwner `mail_owner`: no command runs as one of the suite's own users
    /// @throws ValueException there is no such user or group, or nothing may run as it
    /// @throws IOException the name service could not be asked
    public static CommandUser of(CommandRow row, String mailOwner)
            throws ValueException, IOException {
        Optional<SystemUser> found = Users.byName(row.user());
        if (found.isEmpty()) {
            throw new ValueException("user=" + row.user() + ": no such user of this system");
        }
        SystemUser user = found.get();
        int gid = user.gid();
        if (!row.group().isEmpty()) {
            OptionalInt group = Users.gidOf(row.group());
            if (group.isEmpty()) {
                throw new ValueException(
                        "user="
                                + row.user()
                                + ":"
                                + row.group()
                                + ": no such group of this system");
            }
            gid = group.getAsInt();
        }
        refuse(row, user.uid(), gid, mailOwner);
        return new CommandUser(
                new SystemUser(user.name(), user.uid(), gid, user.home(), user.shell()));
    }

    private static void refuse(CommandRow row, int uid, int gid, String mailOwner)
            throws ValueException, IOException {
        if (uid == 0 || gid == 0) {
            throw new ValueException("user=" + row.user() + ": a command never runs as root");
        }
        // An ordinary user's suite runs as that user as a whole.
        boolean itself = uid == Processes.ownUid() && !AsUser.isPossible();
        Optional<ProgramAccounts> suite = itself ? Optional.empty() : ProgramAccounts.of(mailOwner);
        if (suite.isPresent()
                && (suite.get().uids().contains(uid) || suite.get().owner().gid() == gid)) {
            throw new ValueException(
                    "user="
                            + row.user()
                            + ": a command never runs as a user of the mail system itself");
        }
    }

    /// The ids that the command takes on; null if this process has them and cannot have others.
    ///
    /// @throws ValueException this process cannot be anybody else, and the command has to
    public @Nullable Credentials credentials() throws ValueException {
        if (AsUser.isPossible()) {
            return new Credentials(account.uid(), account.gid(), List.of());
        }
        if (account.uid() != Processes.ownUid()) {
            throw new ValueException(
                    "user="
                            + account.name()
                            + ": a suite that root has not started runs commands as its own user alone");
        }
        return null;
    }
}
