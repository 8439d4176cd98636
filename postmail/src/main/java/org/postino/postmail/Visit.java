// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.commands.Cli;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.MailboxInfo;
import org.postino.mailstore.StoreOwner;

/// The work of a command on the mail of one user.
///
/// @param owner the user as whom files are touched
/// @param texts the index of what messages say
/// @param named the user is told with each row
record Visit(
        String user,
        Path home,
        MailStores stores,
        MailStore store,
        StoreOwner owner,
        Cli.Io io,
        Results results,
        FullTextIndex texts,
        boolean named) {
    /// Writes a row.
    void row(List<Field> values) throws IOException {
        if (!named) {
            results.output().row(values);
            return;
        }
        var all = new ArrayList<Field>();
        all.add(Field.of(user));
        all.addAll(values);
        results.output().row(all);
    }

    void row(Field... values) throws IOException {
        row(List.of(values));
    }

    /// Tells of something that cannot be done; the command goes on with others.
    void failed(String doing, IOException e) {
        failed(PostmailFailure.statusOf(e), doing + ": " + PostmailFailure.reasonOf(e));
    }

    void failed(int status, String text) {
        results.failed(status, user + ": " + text);
    }

    /// The mailboxes of a store that may have messages, in the order of a listing.
    static List<String> mailboxes(MailStore store) throws IOException {
        return store.list().stream()
                .filter(MailboxInfo::selectable)
                .map(MailboxInfo::name)
                .toList();
    }

    /// The mailboxes that masks name.
    List<String> masked(List<String> masks) throws IOException {
        return mailboxes(store).stream().filter(name -> isMasked(masks, name)).toList();
    }

    /// Tells of masks that name none of these mailboxes.
    void missing(List<String> masks, List<String> names) {
        for (String mask : masks) {
            if (names.stream().noneMatch(name -> isMasked(List.of(mask), name))) {
                failed(PostmailFailure.NOT_FOUND, "there is no mailbox " + mask);
            }
        }
    }

    /// True if one of the masks names the mailbox.
    boolean isMasked(List<String> masks, String name) {
        return masks.stream().anyMatch(mask -> isMask(store, mask, name));
    }

    /// True if the mask names the mailbox.
    static boolean isMask(MailStore store, String mask, String name) {
        String known = mask.equalsIgnoreCase("INBOX") ? "INBOX" : mask;
        return new Wildcards(known, store.separator()).matches(name);
    }
}
