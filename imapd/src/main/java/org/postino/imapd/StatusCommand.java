// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Set;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.ObjectIds;
import org.postino.mailstore.MailboxStatus;

/// STATUS (RFC 3501, 6.3.10; SIZE of RFC 8438).
final class StatusCommand {
    /// The counts that a client may ask for.
    enum Item {
        MESSAGES,
        RECENT,
        UIDNEXT,
        UIDVALIDITY,
        UNSEEN,
        DELETED,
        SIZE,
        /// RFC 7162, 3.1.7.
        HIGHESTMODSEQ,
        /// RFC 8474, 4.3.
        MAILBOXID
    }

    private StatusCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        var items = items(args.sp());
        args.end();
        if (items.contains(Item.HIGHESTMODSEQ)) {
            ModSeqs.used(session);
        }
        session.send(response(session, name, items));
        return Tagged.ok("Status completed.");
    }

    /// `(MESSAGES UNSEEN)`.
    static Set<Item> items(ImapLexer args) throws ImapSyntaxException {
        var items = EnumSet.noneOf(Item.class);
        args.open();
        do {
            items.add(
                    switch (args.keyword()) {
                        case "MESSAGES" -> Item.MESSAGES;
                        case "RECENT" -> Item.RECENT;
                        case "UIDNEXT" -> Item.UIDNEXT;
                        case "UIDVALIDITY" -> Item.UIDVALIDITY;
                        case "UNSEEN" -> Item.UNSEEN;
                        case "DELETED" -> Item.DELETED;
                        case "SIZE" -> Item.SIZE;
                        case "HIGHESTMODSEQ" -> Item.HIGHESTMODSEQ;
                        case "MAILBOXID" -> Item.MAILBOXID;
                        default -> throw new ImapSyntaxException("Invalid status item");
                    });
        } while (args.next());
        args.close();
        return items;
    }

    /// Counts, and says it.
    static Untagged.Status response(ImapSession session, String name, Set<Item> items)
            throws IOException {
        return response(
                session, name, session.store().status(name, items.contains(Item.SIZE)), items);
    }

    /// Says what was counted.
    static Untagged.Status response(
            ImapSession session, String name, MailboxStatus status, Set<Item> items)
            throws IOException {
        var values = new LinkedHashMap<String, String>();
        for (var item : items) {
            values.put(
                    item.name(),
                    item == Item.MAILBOXID
                            ? "(" + ObjectIds.ofMailbox(session.store().identity(name)) + ")"
                            : Long.toString(count(item, status)));
        }
        return new Untagged.Status(name, values);
    }

    private static long count(Item item, MailboxStatus status) {
        return switch (item) {
            case MESSAGES -> status.messages();
            case RECENT -> status.recent();
            case UIDNEXT -> status.uidNext();
            case UIDVALIDITY -> status.uidValidity();
            case UNSEEN -> status.unseen();
            case DELETED -> status.deleted();
            case SIZE -> status.size();
            case HIGHESTMODSEQ -> status.highestModSeq();
            case MAILBOXID -> throw new IllegalArgumentException("no count");
        };
    }
}
