// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.linux.SystemUser;

/// A user as the user database knows it: ids, home directory and place of the mail.
///
/// @param name the user's name in its final form
/// @param mail the mail location (`maildir:~/Maildir`), where the database names one
/// @param fields all other fields of the answer; [#SYSTEM_USER] and [#SHELL] are those of an account of the system
public record MailUser(
        String name,
        int uid,
        int gid,
        Path home,
        @Nullable String mail,
        Map<String, String> fields) {
    /// The field that marks an account of the system (as opposed to a user of mail alone); its value is the login name.
    public static final String SYSTEM_USER = "system_groups_user";

    /// The field with the login shell of an account of the system.
    public static final String SHELL = "shell";

    /// True if this is an account of the system. Mail is delivered to it with that user's rights, and it may have a `.forward`.
    public boolean isSystem() {
        return fields.containsKey(SYSTEM_USER);
    }

    /// Returns the login shell; empty if none is known.
    public String shell() {
        return fields.getOrDefault(SHELL, "");
    }

    /// Returns the user as an account of the system; empty for a user of mail alone.
    public Optional<SystemUser> system() {
        String login = fields.get(SYSTEM_USER);
        return login == null
                ? Optional.empty()
                : Optional.of(new SystemUser(login, uid, gid, home, shell()));
    }
}
