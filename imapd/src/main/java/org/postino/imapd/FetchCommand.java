// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postino.imap.Extension;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.MessageReader;
import org.postino.imap.PeerException;
import org.postino.imap.UnknownEncodingException;
import org.postino.login.Login;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.StoreMode;

/// FETCH and UID FETCH (RFC 3501, 6.4.5).
final class FetchCommand {
    /// Messages marked `\Seen` at a time, before they are sent.
    private static final int CHUNK = 64;

    private final Selected selected;
    private final List<FetchItem> items;
    private final List<FetchItem> itemsAndFlags;
    private final FetchWriter writer;
    private final ImapSession session;
    private boolean someGone;
    private boolean someUnreadable;
    private boolean someEncoded;

    private FetchCommand(ImapSession session, List<FetchItem> items) {
        this.session = session;
        this.selected = session.selected();
        this.items = items;
        this.itemsAndFlags = marked(session, items);
        this.writer = new FetchWriter(session.out(), selected.mailbox(), session.counts());
    }

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var set = args.sp().sequenceSet();
        var items = FetchParser.items(args.sp());
        var modifiers = FetchModifiers.parse(session, args, uid);
        args.end();
        var sequences = session.selected().sequences(set, uid);
        if (modifiers.asksForModSeq()) {
            items = with(FetchItem.Plain.MODSEQ, items);
        }
        if (items.contains(FetchItem.Plain.MODSEQ)) {
            ModSeqs.used(session);
        }
        if (uid && !session.enabled().has(Extension.UIDONLY)) {
            items = with(FetchItem.Plain.UID, items);
        }
        if (modifiers.vanished()) {
            ModSeqs.tellVanished(session, modifiers.changedSince(), set);
        }
        var wanted = modifiers.select(session.selected().mailbox(), sequences);
        return new FetchCommand(session, items).fetch(wanted);
    }

    /// Tells a client about messages without being asked about them by number; what cannot be read is left out.
    static void tell(ImapSession session, List<FetchItem> items, int[] sequences)
            throws IOException {
        new FetchCommand(session, items).fetch(sequences);
    }

    /// The items with another in front, if it is not among them.
    private static List<FetchItem> with(FetchItem.Plain item, List<FetchItem> items) {
        if (items.contains(item)) {
            return items;
        }
        var all = new ArrayList<FetchItem>();
        all.add(item);
        all.addAll(items);
        return all;
    }

    /// The items for a message that is marked `\Seen` by the way, whose flags are therefore told.
    private static List<FetchItem> marked(ImapSession session, List<FetchItem> items) {
        var all = with(FetchItem.Plain.FLAGS, items);
        return session.enabled().has(Extension.CONDSTORE) ? with(FetchItem.Plain.MODSEQ, all) : all;
    }

    private Tagged fetch(int[] sequences) throws IOException {
        boolean marks =
                !selected.mailbox().readOnly() && items.stream().anyMatch(FetchItem::marksSeen);
        if (!marks) {
            for (int sequence : sequences) {
                send(sequence, items);
            }
        } else {
            for (int from = 0; from < sequences.length; from += CHUNK) {
                markAndSend(
                        Arrays.copyOfRange(
                                sequences, from, Math.min(from + CHUNK, sequences.length)));
            }
        }
        if (someUnreadable) {
            return Tagged.no(ResponseCode.SERVERBUG, Login.INTERNAL);
        }
        if (someEncoded) {
            return Tagged.no(ResponseCode.UNKNOWN_CTE, "Unknown transfer encoding.");
        }
        return someGone
                ? Tagged.no(
                        ResponseCode.EXPUNGEISSUED,
                        "Some of the requested messages no longer exist.")
                : Tagged.ok("Fetch completed.");
    }

    private void markAndSend(int[] sequences) throws IOException {
        var mailbox = selected.mailbox();
        var unseen = new ArrayList<Long>();
        for (int sequence : sequences) {
            var message = mailbox.message(sequence);
            if (!message.flags().contains(Flag.SEEN)) {
                unseen.add(message.uid());
            }
        }
        if (!unseen.isEmpty()) {
            mailbox.store(unseen, StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
        }
        int next = 0;
        for (int sequence : sequences) {
            boolean marked = next < unseen.size() && unseen.get(next) == mailbox.uid(sequence);
            next += marked ? 1 : 0;
            send(sequence, marked ? itemsAndFlags : items);
        }
    }

    private void send(int sequence, List<FetchItem> wanted) throws IOException {
        var message = selected.mailbox().message(sequence);
        try (var reader = new MessageReader(selected.mailbox(), message.uid())) {
            try {
                writer.prepare(message.uid(), reader, wanted);
            } catch (MailStoreException e) {
                if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                    throw e;
                }
                someGone = true;
                return;
            } catch (UnknownEncodingException _) {
                someEncoded = true;
                return;
            } catch (PeerException e) {
                throw e;
            } catch (IOException e) {
                // a file that nobody can read keeps no other message back
                session.log().fault(session.user(), "fetch of UID " + message.uid(), e);
                someUnreadable = true;
                return;
            }
            write(() -> writer.write(sequence, message, reader, wanted));
            reader.remember();
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Writing writing) throws IOException {
        try {
            writing.run();
        } catch (PeerException e) {
            throw e;
        } catch (IOException e) {
            throw new UnfinishedResponseException(e);
        }
    }
}
