// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;
import org.postino.mailstore.StoreMode;

/// STORE and UID STORE (RFC 3501, 6.4.6).
final class StoreCommand {
    private static final int MAX_KEYWORD = 50;

    private StoreCommand() {}

    static Tagged bySequence(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        return run(session, args, false);
    }

    static Tagged byUid(ImapSession session, ImapLexer args)
            throws IOException, ImapSyntaxException {
        return run(session, args, true);
    }

    private static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var set = args.sp().sequenceSet();
        args.sp();
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
        var selected = session.selected();
        var sequences = selected.sequences(set, uid);
        if (selected.mailbox().readOnly()) {
            return Tagged.no(ResponseCode.READ_ONLY, "Mailbox is read-only.");
        }
        if (sequences.length == 0) {
            return Tagged.ok("Store completed.");
        }
        if (mode != StoreMode.REMOVE && flags.contains(Flag.DELETED)) {
            session.counts().deleted += sequences.length;
        }
        return store(session, selected, sequences, mode, flags, silent, uid);
    }

    private static Tagged store(
            ImapSession session,
            Selected selected,
            int[] sequences,
            StoreMode mode,
            Flags flags,
            boolean silent,
            boolean uid)
            throws IOException {
        var mailbox = selected.mailbox();
        var result = mailbox.store(selected.uids(sequences), mode, flags, Long.MAX_VALUE);
        selected.announceKeywords();
        if (!silent) {
            for (long stored : result.stored()) {
                int sequence = mailbox.sequence(stored);
                if (sequence > 0) {
                    session.send(
                            new Untagged.MessageFlags(sequence, mailbox.message(sequence), uid));
                }
            }
        }
        return result.gone().isEmpty()
                ? Tagged.ok("Store completed.")
                : Tagged.ok(ResponseCode.EXPUNGEISSUED, "Some of the messages no longer exist.");
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
