// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import org.postino.imap.Attempts;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.MessageReader;
import org.postino.imap.MessageSortKeys;
import org.postino.imap.SearchParser;
import org.postino.imap.ThreadAlgorithm;
import org.postino.imap.ThreadNode;
import org.postino.mailstore.Mailbox;

/// THREAD and UID THREAD (RFC 5256).
final class ThreadCommand {
    private ThreadCommand() {}

    static Tagged run(ImapSession session, ImapLexer args, boolean uid)
            throws IOException, ImapSyntaxException {
        var algorithm = algorithm(args.sp().keyword());
        var criteria = SearchParser.criteriaIn(args.sp().astring(), args.sp());
        if (!criteria.charsetKnown()) {
            return LongCommand.unknownCharset();
        }
        if (criteria.modSeq()) {
            ModSeqs.used(session);
        }
        var mailbox = session.selected().mailbox();
        var attempts = LongCommand.attempts(session, "thread");
        int[] found = LongCommand.search(session).find(criteria.key(), attempts);
        var threads = threads(mailbox, found, algorithm, attempts);
        session.send(new Untagged.Threads(threads, number -> uid ? mailbox.uid(number) : number));
        return LongCommand.end(attempts, "Thread completed.");
    }

    private static ThreadAlgorithm algorithm(String word) throws ImapSyntaxException {
        for (var algorithm : ThreadAlgorithm.values()) {
            if (algorithm.name().equals(word)) {
                return algorithm;
            }
        }
        throw new ImapSyntaxException("Unknown threading algorithm " + word);
    }

    /// Threads of messages, without those that cannot be read.
    static List<ThreadNode> threads(
            Mailbox mailbox, int[] sequences, ThreadAlgorithm algorithm, Attempts attempts)
            throws IOException {
        var threads = algorithm.begin();
        for (int sequence : sequences) {
            long uid = mailbox.uid(sequence);
            attempts.on(
                    uid,
                    () -> {
                        try (var reader = new MessageReader(mailbox, uid)) {
                            var header = reader.fields(ThreadAlgorithm.fields());
                            var subject = MessageSortKeys.subject(header);
                            var message =
                                    new ThreadNode.Message(
                                            sequence,
                                            MessageSortKeys.sent(mailbox, uid, header),
                                            MessageSortKeys.fold(subject.text()),
                                            subject.isReplyOrForward());
                            threads.add(message, header);
                            reader.remember();
                        }
                        return true;
                    });
        }
        return threads.end();
    }
}
