// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.file.Path;
import java.util.Optional;

/// The place and the format of a user's mail.
public sealed interface MailLocation {
    /// Maildir++: folders are `.Name` below `root`.
    ///
    /// @param inbox INBOX itself
    /// @param control lists of UIDs, keywords and subscriptions, in a directory `.Name` for each mailbox; `root` if they stand in the
    ///     mailboxes
    /// @param index our own files, in the same way
    record Maildir(Path root, Path inbox, Path control, Path index) implements MailLocation {
        /// Everything is below one directory, which is INBOX.
        public Maildir(Path root) {
            this(root, root, root, root);
        }

        /// The directory of our own files about INBOX; it may be missing.
        public Path inboxIndex() {
            return MaildirLayout.beside(this, inbox, index);
        }
    }

    /// mbox: INBOX is the file `inbox`, other mailboxes are files below `root`.
    record Mbox(Path root, Path inbox) implements MailLocation {}

    /// Reads Dovecot's form: `maildir:~/Maildir`, `mbox:~/mail:INBOX=/var/mail/%u`; `~` is `home`. A bare path is a Maildir. Variables
    /// are `%u`, the user, `%n` and `%d`, the parts of the user's name, and `%h`, the home, with Dovecot's modifiers
    /// ([org.postino.util.VariableText]).
    ///
    /// @return empty if the text has another form, or if the user's name would lead to another directory
    static Optional<MailLocation> parse(String text, Path home, String user) {
        return MailLocationText.location(text, home, user);
    }

    /// Returns what is wrong with a text, whoever the user is; empty if nothing is.
    static Optional<String> problem(String text) {
        return MailLocationText.problem(text);
    }
}
