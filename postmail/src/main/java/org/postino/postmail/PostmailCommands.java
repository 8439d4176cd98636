// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.util.List;
import java.util.Optional;

/// The commands there are, by doveadm's words.
final class PostmailCommands {
    static final List<PostmailCommand> ALL =
            List.of(
                    row("backup", "", "LOCATION", Backup::of),
                    row("copy", "", "MAILBOX QUERY", MessageChanges::copy),
                    row("expunge", "", "QUERY", MessageChanges::expunge),
                    row("export", "s", "[-s] LOCATION [QUERY]", Transfer::exporting),
                    new PostmailCommand(
                            "fetch", "", "FIELDS QUERY", Output.Form.PAGER, MessageFetch::of),
                    row("flags add", "", "FLAGS QUERY", MessageChanges::addFlags),
                    row("flags remove", "", "FLAGS QUERY", MessageChanges::removeFlags),
                    row("flags replace", "", "FLAGS QUERY", MessageChanges::replaceFlags),
                    row("move", "", "MAILBOX QUERY", MessageChanges::move),
                    row("search", "", "QUERY", MessageSearch::of),
                    new PostmailCommand(
                            "check",
                            "mp",
                            "[-m | -p] [MASK ...]",
                            Output.Form.TABLE,
                            IndexCheck::of),
                    row("import", "s", "[-s] LOCATION PARENT QUERY", Transfer::importing),
                    row("index", "", "MASK ...", IndexFill::of),
                    row("mailbox create", "s", "[-s] MAILBOX ...", MailboxChanges::create),
                    row(
                            "mailbox delete",
                            "ers",
                            "[-e] [-r] [-s] MAILBOX ...",
                            MailboxChanges::delete),
                    row("mailbox list", "s", "[-s] [MASK ...]", MailboxList::of),
                    row("mailbox rename", "s", "[-s] FROM TO", MailboxChanges::rename),
                    row("mailbox status", "t", "[-t] FIELDS MASK ...", MailboxCounts::of),
                    row("mailbox subscribe", "", "MAILBOX ...", MailboxChanges::subscribe),
                    row("mailbox unsubscribe", "", "MAILBOX ...", MailboxChanges::unsubscribe));

    private PostmailCommands() {}

    private static PostmailCommand row(
            String words, String letters, String operands, PostmailCommand.Plan plan) {
        return new PostmailCommand(words, letters, operands, Output.Form.FLOW, plan);
    }

    /// The command that the words begin with.
    static Optional<PostmailCommand> find(List<String> words) {
        String text = String.join(" ", words) + " ";
        return ALL.stream().filter(row -> text.startsWith(row.words() + " ")).findFirst();
    }
}
