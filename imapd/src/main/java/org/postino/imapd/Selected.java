// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SequenceSet;
import org.postino.mailstore.Changes;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Mailbox;

/// The selected mailbox of a session: numbers the client may use, and telling it what has changed.
final class Selected {
    private final ImapSession session;
    private final Mailbox mailbox;
    private List<String> keywords = List.of();
    private final SearchContexts contexts;
    private long[] saved = {};

    Selected(ImapSession session, Mailbox mailbox) {
        this.session = session;
        this.mailbox = mailbox;
        this.contexts = new SearchContexts(session, mailbox);
    }

    Mailbox mailbox() {
        return mailbox;
    }

    /// The searches of which the client is told how their results change.
    SearchContexts contexts() {
        return contexts;
    }

    /// Sequence numbers of the messages a set names, ascending, each once.
    ///
    /// @param uid the set holds UIDs, of which those that do not exist are passed over
    /// @throws ImapSyntaxException a sequence number that is not in use
    int[] sequences(SequenceSet set, boolean uid) throws ImapSyntaxException {
        if (set.isSaved()) {
            return savedSequences();
        }
        int size = mailbox.size();
        if (!uid && size > 0 && !set.within(size)) {
            throw new ImapSyntaxException("Invalid messageset");
        }
        return uid ? byUid(set) : numbers(set.resolve(size), false);
    }

    private int[] byUid(SequenceSet set) {
        if (set.isSaved()) {
            return savedSequences();
        }
        int size = mailbox.size();
        return size == 0 ? new int[0] : numbers(set.resolve(mailbox.uid(size)), true);
    }

    private int[] numbers(List<SequenceSet.Range> ranges, boolean uid) {
        if (mailbox.size() == 0) {
            return new int[0];
        }
        int[] found = new int[16];
        int n = 0;
        for (var range : ranges) {
            int from = uid ? mailbox.sequenceFrom(range.first()) : (int) range.first();
            int to = uid ? last(range.last()) : (int) range.last();
            if (n + to - from + 1 > found.length) {
                found = Arrays.copyOf(found, Math.max(n + to - from + 1, 2 * found.length));
            }
            for (int i = from; i <= to; i++) {
                found[n++] = i;
            }
        }
        return Arrays.copyOf(found, n);
    }

    private int last(long uid) {
        int at = mailbox.sequenceFrom(uid);
        return at <= mailbox.size() && mailbox.uid(at) == uid ? at : at - 1;
    }

    /// Keeps the result of a search (RFC 5182), in place of the one before.
    void save(int[] sequences) {
        saved = Arrays.stream(sequences).mapToLong(mailbox::uid).sorted().toArray();
    }

    /// The UIDs of the result that was kept, ascending; of messages that have gone since, too.
    long[] saved() {
        return saved;
    }

    private int[] savedSequences() {
        return Arrays.stream(saved).mapToInt(mailbox::sequence).filter(n -> n > 0).toArray();
    }

    /// Numbers as a response has them: the same, or their UIDs.
    long[] named(int[] sequences, boolean uid) {
        long[] numbers = new long[sequences.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = uid ? mailbox.uid(sequences[i]) : sequences[i];
        }
        return numbers;
    }

    List<Long> uids(int[] sequences) {
        var uids = new ArrayList<Long>(sequences.length);
        for (int sequence : sequences) {
            uids.add(mailbox.uid(sequence));
        }
        return uids;
    }

    /// UIDs of messages marked `\Deleted`, of all or of a set of UIDs.
    List<Long> deleted(@Nullable SequenceSet among) {
        var uids = new ArrayList<Long>();
        if (among == null) {
            for (int i = 1; i <= mailbox.size(); i++) {
                addDeleted(uids, i);
            }
            return uids;
        }
        for (int sequence : byUid(among)) {
            addDeleted(uids, sequence);
        }
        return uids;
    }

    private void addDeleted(List<Long> uids, int sequence) {
        var message = mailbox.message(sequence);
        if (message.flags().contains(Flag.DELETED)) {
            uids.add(message.uid());
        }
    }

    /// Tells the client what others did.
    ///
    /// @param renumber EXPUNGE may be told
    void sync(boolean renumber) throws IOException {
        int before = mailbox.size();
        var changes = renumber ? mailbox.sync() : mailbox.syncKeepingNumbers();
        tell(changes, before - changes.expunged().size() + 1);
    }

    /// @param first the sequence number of the first new message
    private void tell(Changes changes, int first) throws IOException {
        contexts.expunged(changes);
        tellExpunged(changes);
        if (changes.arrived()) {
            session.send(new Untagged.Exists(changes.exists()));
            if (session.out().dialect().recent()) {
                session.send(new Untagged.Recent(changes.recent()));
            }
        }
        announceKeywords();
        if (session.awaited().tellsFlags()) {
            for (int sequence : changes.changed()) {
                session.send(flags(sequence, false));
            }
        }
        tellNew(first);
        contexts.changed(first, changes.changed());
    }

    /// Tells of new messages what the client wants to know of them without asking.
    private void tellNew(int first) throws IOException {
        var always = session.awaited().items();
        if (contexts.isEmpty() && always.isEmpty()) {
            return;
        }
        for (int sequence = first; sequence <= mailbox.size(); sequence++) {
            var items = contexts.items(sequence, always);
            if (!items.isEmpty()) {
                FetchCommand.tell(session, items, new int[] {sequence});
            }
        }
    }

    private void tellExpunged(Changes changes) throws IOException {
        if (session.enabled().has(Extension.QRESYNC) || session.enabled().has(Extension.UIDONLY)) {
            if (!changes.vanished().isEmpty()) {
                session.send(new Untagged.Vanished(changes.vanished(), false));
            }
            return;
        }
        for (int sequence : changes.expunged()) {
            session.send(new Untagged.Expunge(sequence));
        }
    }

    /// The flags of a message, with what the client has asked to be told beside them (RFC 7162, 3.2.4).
    Untagged flags(int sequence, boolean uid) {
        return new Untagged.MessageFlags(
                sequence,
                mailbox.message(sequence),
                uid || tellsUid(),
                session.enabled().has(Extension.CONDSTORE));
    }

    /// True if the UID stands in each FETCH response (RFC 7162, 3.2.4; RFC 9051, 7.5.2; RFC 5465, 5.1).
    private boolean tellsUid() {
        return session.awaited().areSet()
                || session.enabled().has(Extension.QRESYNC)
                || session.enabled().has(Extension.IMAP4REV2);
    }

    /// The mod-sequence of a message whose flags the client need not hear.
    Untagged modSeq(int sequence, boolean uid) {
        return new Untagged.MessageModSeq(sequence, mailbox.message(sequence), uid || tellsUid());
    }

    void announceKeywords() throws IOException {
        if (!keywords.equals(mailbox.keywords())) {
            announceFlags();
        }
    }

    /// FLAGS and PERMANENTFLAGS, at the beginning and whenever there is a new keyword.
    void announceFlags() throws IOException {
        keywords = List.copyOf(mailbox.keywords());
        var names = new ArrayList<String>();
        for (var flag : Flag.values()) {
            names.add(flag.text());
        }
        names.addAll(keywords);
        session.send(new Untagged.FlagNames(names));
        if (mailbox.readOnly()) {
            names.clear();
        } else if (mailbox.newKeywordsAllowed()) {
            names.add("\\*");
        }
        session.send(
                new Untagged.Ok(
                        ResponseCode.permanentFlags(names),
                        mailbox.readOnly() ? "Read-only mailbox." : "Flags permitted."));
    }
}
