// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.file.Path;
import java.util.Optional;
import org.postino.util.ByteNames;

/// The place and the format of a user's mail.
public sealed interface MailLocation {
    /// Maildir++: INBOX is `root` itself, folders are `.Name` below it.
    record Maildir(Path root) implements MailLocation {}

    /// mbox: INBOX is the file `inbox`, other mailboxes are files below `root`.
    record Mbox(Path root, Path inbox) implements MailLocation {}

    /// Reads Dovecot's form: `maildir:~/Maildir`, `mbox:~/mail:INBOX=/var/mail/%u`; `~` is `home`, `%u` the user,
    /// `%n` and `%d` the parts of the user's name. A bare path is a Maildir.
    ///
    /// @return empty if the text has another form
    static Optional<MailLocation> parse(String text, Path home, String user) {
        int at = user.indexOf('@');
        String expanded =
                text.replace("%u", user)
                        .replace("%n", at < 0 ? user : user.substring(0, at))
                        .replace("%d", at < 0 ? "" : user.substring(at + 1))
                        .replace("%h", ByteNames.text(home));
        String[] parts = expanded.split(":", -1);
        if (parts.length == 1 && !expanded.isEmpty()) {
            return Optional.of(new Maildir(resolve(home, expanded)));
        }
        if (parts[0].equals("maildir") && !parts[1].isEmpty()) {
            return Optional.of(new Maildir(resolve(home, parts[1])));
        }
        if (parts[0].equals("mbox") && !parts[1].isEmpty()) {
            Path root = resolve(home, parts[1]);
            Path inbox = root.resolve("inbox");
            for (int i = 2; i < parts.length; i++) {
                if (parts[i].startsWith("INBOX=")) {
                    inbox = resolve(home, parts[i].substring("INBOX=".length()));
                }
            }
            return Optional.of(new Mbox(root, inbox));
        }
        return Optional.empty();
    }

    private static Path resolve(Path home, String text) {
        if (text.equals("~")) {
            return home;
        }
        return home.resolve(ByteNames.path(text.startsWith("~/") ? text.substring(2) : text))
                .normalize();
    }
}
