// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// How the mailboxes of a store lie on the disk. What is the same in all layouts, [FolderStore] does; it asks for nothing that
/// makes no sense for INBOX. Whatever throws an [IOException] touches the disk and is called as the owner of the mail.
sealed interface Layout permits MaildirLayout, MboxLayout {
    String INBOX = "INBOX";

    static boolean isInbox(String name) {
        return name.equalsIgnoreCase(INBOX);
    }

    char separator();

    /// The directory of what belongs to no single mailbox.
    Path root();

    Subscriptions subscriptions();

    /// Makes what every store has, where it is missing.
    void make() throws IOException;

    /// The file or directory of a mailbox, there or not.
    ///
    /// @throws MailStoreException `INVALID_NAME`
    Path path(String name) throws MailStoreException;

    /// All mailboxes but INBOX, by name; also names that only have children.
    List<MailboxInfo> list() throws IOException;

    boolean exists(String name) throws IOException;

    /// As [MailStore#create].
    void create(String name) throws IOException;

    /// Removes a mailbox that exists.
    void delete(String name) throws IOException;

    /// As [MailStore#rename], but never of INBOX.
    void rename(String from, String to) throws IOException;

    /// What does the work for a mailbox that exists at this path.
    Folder folder(String name, Path path);
}
