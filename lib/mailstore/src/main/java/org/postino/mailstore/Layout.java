// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The places of a store's mailboxes on the disk. What is the same in all layouts, [FolderStore] does; it asks for nothing that
/// makes no sense for INBOX. Whatever throws an [IOException] touches the disk and is called as the owner of the mail.
sealed interface Layout permits MaildirLayout, MboxLayout {
    String INBOX = "INBOX";

    static boolean isInbox(String name) {
        return name.equalsIgnoreCase(INBOX);
    }

    /// The name as it is known: INBOX and, of names below it, the first level are meant in any case.
    static String canonical(String name, char separator) {
        boolean inbox =
                name.regionMatches(true, 0, INBOX, 0, INBOX.length())
                        && (name.length() == INBOX.length()
                                || name.charAt(INBOX.length()) == separator);
        return inbox ? INBOX + name.substring(INBOX.length()) : name;
    }

    char separator();

    /// True if a mailbox cannot have children, and a name that has some is no mailbox.
    boolean mailboxesAreFiles();

    /// The directory of what belongs to no single mailbox.
    Path root();

    Subscriptions subscriptions();

    Annotations annotations();

    /// Directories whose changes announce changes of names, subscriptions and annotations.
    List<Path> watched() throws IOException;

    /// Makes what every store has, where it is missing.
    void make() throws IOException;

    /// The file or directory that a new mailbox gets, there or not. Names are [#canonical] here and below.
    ///
    /// @throws MailStoreException `INVALID_NAME`
    Path path(String name) throws MailStoreException;

    /// All mailboxes but INBOX, by name; also names that only have children.
    List<MailboxInfo> list() throws IOException;

    /// The file or directory of a mailbox that is there: whatever [#list()] calls selectable is found, also where another
    /// program chose a name for it that [#path] would not.
    Optional<Path> find(String name) throws IOException;

    /// The directory of our own files for the mailbox that is there; it may be missing.
    Path beside(Path there);

    /// As [MailStore#create].
    void create(String name) throws IOException;

    /// Removes the mailbox that is there.
    void delete(Path there) throws IOException;

    /// As [MailStore#rename], but never of INBOX.
    void rename(String from, String to) throws IOException;

    /// The folder that does the work for a mailbox at this path, which exists.
    Folder folder(String name, Path path);
}
