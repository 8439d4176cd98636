// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;
import org.postino.suite.ProgramAccounts;

/// The rights with which files named in an alias or `.forward` are written and commands named there run: those of the owner of
/// that file.
sealed interface Rights {
    /// Nobody's in particular, as root wrote the list: those of `default_privs`.
    record Default() implements Rights {}

    record Of(SystemUser user) implements Rights {}

    /// No rights: the owner of the list may not be acted as.
    record None(String reason) implements Rights {}

    /// The rights of the owner of a file.
    ///
    /// @param mailOwner `mail_owner`: nothing is done as one of the suite's own users
    /// @throws IOException the name service could not be asked
    static Rights ofOwner(int uid, Path file, String mailOwner) throws IOException {
        if (uid == 0) {
            return new Default();
        }
        String what = file + " belongs to uid " + Integer.toUnsignedString(uid);
        boolean suites =
                ProgramAccounts.of(mailOwner).map(all -> all.uids().contains(uid)).orElse(false);
        if (suites || uid == Processes.ownUid()) {
            return new None(what + ", a user of the mail system itself");
        }
        Optional<SystemUser> user = Users.byUid(uid);
        return user.isEmpty()
                ? new None(what + ", who is not a user of this system")
                : new Of(user.get());
    }
}
