// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.sasl.MailUser;
import org.postino.util.ByteNames;

/// The places of users' mail where nothing else is said: local(8) delivers it there.
///
/// @param location what `mail_location` says; empty to follow the others
/// @param homeMailbox below the home directory of an account of the system, a Maildir if it ends in `/`; may be empty
/// @param mailSpool the directory of mailboxes named after accounts, of Maildirs if it ends in `/`
public record MailPlaces(String location, String homeMailbox, String mailSpool) {
    /// The place of the mail of a user who has no account on the system.
    private static final String USERS_OF_MAIL = "maildir:~/Maildir";

    /// The directory of an account's other mailboxes where its INBOX is an mbox.
    private static final String FOLDERS = "mail";

    public static MailPlaces of(Config config) {
        return new MailPlaces(
                config.get(MailParams.MAIL_LOCATION),
                config.get(MailParams.HOME_MAILBOX),
                config.get(MailParams.MAIL_SPOOL_DIRECTORY));
    }

    /// The mail of a user: as the user database says, else `mail_location`, else where local(8) delivers.
    ///
    /// @return empty if what is configured has no form we know
    public Optional<MailLocation> of(MailUser user) {
        boolean configured = user.mail() != null || !location.isEmpty();
        if (user.isSystem() && !configured) {
            return Optional.of(ofAccount(user.name(), user.home()));
        }
        return ofMailUser(user.mail(), user.home(), user.name());
    }

    /// The mail of a user of mail alone.
    ///
    /// @param mail what the user database says, if it does
    public Optional<MailLocation> ofMailUser(@Nullable String mail, Path home, String name) {
        String text = mail != null ? mail : location.isEmpty() ? USERS_OF_MAIL : location;
        return MailLocation.parse(text, home, name);
    }

    /// The mail of an account of the system: `home_mailbox`, else `mail_spool_directory`.
    public MailLocation ofAccount(String name, Path home) {
        boolean own = !homeMailbox.isEmpty();
        String text = own ? homeMailbox : mailSpool;
        Path path =
                own
                        ? home.resolve(ByteNames.path(homeMailbox))
                        : ByteNames.path(mailSpool + "/" + name);
        return text.endsWith("/")
                ? new MailLocation.Maildir(path)
                : new MailLocation.Mbox(home.resolve(FOLDERS), path);
    }
}
