// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.Extension;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.StoreMode;

/// STORE and UID STORE (RFC 3501, 6.4.6; UNCHANGEDSINCE of RFC 7162, 3.1.3).
///
/// @param unchangedSince messages with a greater mod-sequence are left alone; `Long.MAX_VALUE` if the client named none
/// @param silent the client does not want to hear of the flags
/// @param uid the client names messages by UID
record StoreCommand(long unchangedSince, StoreMode mode, boolean silent, Flags flags, boolean uid) {
    private static final int MAX_KEYWORD = 50;

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var set = args.sp().sequenceSet();
        var command = parse(args.sp(), uid);
        var selected = session.selected();
        var sequences = selected.sequences(set, uid);
        if (selected.mailbox().readOnly()) {
            return Tagged.no(ResponseCode.READ_ONLY, "Mailbox is read-only.");
        }
        if (command.isConditional()) {
            ModSeqs.used(session);
        }
        if (sequences.length == 0) {
            return Tagged.ok("Store completed.");
        }
        if (command.mode != StoreMode.REMOVE && command.flags.contains(Flag.DELETED)) {
            session.counts().deleted += sequences.length;
        }
        return command.store(session, selected, sequences);
    }

    private static StoreCommand parse(ImapLexer args, boolean uid) throws ImapSyntaxException {
        long unchangedSince = Long.MAX_VALUE;
        if (args.peek() == '(') {
            unchangedSince = unchangedSince(args);
            args.sp();
        }
        var mode =
                args.accept('+')
                        ? StoreMode.ADD
                        : args.accept('-') ? StoreMode.REMOVE : StoreMode.REPLACE;
        boolean silent =
                switch (args.keyword()) {
                    case "FLAGS" -> false;
                    case "FLAGS.SILENT" -> true;
                    default -> throw new ImapSyntaxException("Invalid STORE item");
                };
        args.sp();
        var flags = flags(args.flags());
        args.end();
        return new StoreCommand(unchangedSince, mode, silent, flags, uid);
    }

    private static long unchangedSince(ImapLexer args) throws ImapSyntaxException {
        long value = Long.MAX_VALUE;
        args.open();
        do {
            if (!args.keyword().equals("UNCHANGEDSINCE")) {
                throw new ImapSyntaxException("Unknown STORE modifier");
            }
            value = args.sp().number64();
        } while (args.next());
        args.close();
        return value;
    }

    private boolean isConditional() {
        return unchangedSince < Long.MAX_VALUE;
    }

    private Tagged store(ImapSession session, Selected selected, int[] sequences)
            throws IOException {
        var mailbox = selected.mailbox();
        var result = mailbox.store(selected.uids(sequences), mode, flags, unchangedSince);
        selected.announceKeywords();
        for (long stored : result.stored()) {
            int sequence = mailbox.sequence(stored);
            if (sequence > 0) {
                tell(session, selected, sequence);
            }
        }
        if (!result.modified().isEmpty()) {
            return Tagged.ok(
                    ResponseCode.modified(numbers(mailbox, result.modified())),
                    "Conditional store failed for some.");
        }
        return result.gone().isEmpty()
                ? Tagged.ok("Store completed.")
                : Tagged.ok(ResponseCode.EXPUNGEISSUED, "Some of the messages no longer exist.");
    }

    /// Tells the new flags; of a silent STORE the mod-sequence alone, for who asked for that.
    private void tell(ImapSession session, Selected selected, int sequence) throws IOException {
        if (!silent) {
            session.send(selected.flags(sequence, uid));
        } else if (session.enabled().has(Extension.CONDSTORE)) {
            session.send(selected.modSeq(sequence, uid));
        }
    }

    private List<Long> numbers(Mailbox mailbox, List<Long> uids) {
        return uid ? uids : uids.stream().map(one -> (long) mailbox.sequence(one)).toList();
    }

    /// Checks names as they were written.
    static Flags flags(List<String> names) throws ImapSyntaxException {
        for (var name : names) {
            if (name.length() > MAX_KEYWORD) {
                throw new ImapSyntaxException("Keyword name is too long");
            }
            if (name.equalsIgnoreCase("\\Recent")) {
                throw new ImapSyntaxException("Invalid system flag \\Recent");
            }
        }
        return Flags.parse(names).orElseThrow(() -> new ImapSyntaxException("Invalid system flag"));
    }
}
