// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Set;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

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
        HIGHESTMODSEQ
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
                        default -> throw new ImapSyntaxException("Invalid status item");
                    });
        } while (args.next());
        args.close();
        return items;
    }

    /// Counts, and says it.
    static Untagged.Status response(ImapSession session, String name, Set<Item> items)
            throws IOException {
        var status = session.store().status(name, items.contains(Item.SIZE));
        var counts = new LinkedHashMap<String, Long>();
        for (var item : items) {
            counts.put(
                    item.name(),
                    switch (item) {
                        case MESSAGES -> (long) status.messages();
                        case RECENT -> (long) status.recent();
                        case UIDNEXT -> status.uidNext();
                        case UIDVALIDITY -> status.uidValidity();
                        case UNSEEN -> (long) status.unseen();
                        case DELETED -> (long) status.deleted();
                        case SIZE -> status.size();
                        case HIGHESTMODSEQ -> status.highestModSeq();
                    });
        }
        return new Untagged.Status(name, counts);
    }
}
