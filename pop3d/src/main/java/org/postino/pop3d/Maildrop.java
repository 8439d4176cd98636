// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MessageBytes;
import org.postino.mailstore.MessageEntry;
import org.postino.mailstore.SessionLock;
import org.postino.mailstore.StoreMode;

/// INBOX as it was when the session began: numbers and sizes stay, deletions wait for QUIT (RFC 1939, 5 and 6).
final class Maildrop implements Closeable {
    private final Mailbox mailbox;
    private final @Nullable SessionLock lock;
    private final MaildropSettings settings;
    private final Uidls uidls;
    private final long[] uids;
    private final long[] sizes;
    private final BitSet deleted = new BitSet();
    private final BitSet retrieved = new BitSet();
    private final long allSizes;
    private long deletedSizes;
    private int last;
    private int tops;
    private int retrievals;
    private long topBytes;
    private long retrievedBytes;
    private int expunged;

    private Maildrop(Mailbox mailbox, @Nullable SessionLock lock, MaildropSettings settings)
            throws IOException {
        this.mailbox = mailbox;
        this.lock = lock;
        this.settings = settings;
        this.uidls = new Uidls(mailbox, settings.uidl(), settings.reuseXuidl());
        this.uids = uids();
        this.sizes = new long[uids.length];
        for (int i = 0; i < uids.length; i++) {
            sizes[i] = settings.fastSizes() ? mailbox.roughSize(uids[i]) : mailbox.size(uids[i]);
        }
        this.allSizes = LongStream.of(sizes).sum();
    }

    /// The messages that are shown, in the order that an earlier server gave them; those without a place in it come last.
    private long[] uids() {
        var shown = new ArrayList<Long>(mailbox.size());
        for (int i = 1; i <= mailbox.size(); i++) {
            MessageEntry m = mailbox.message(i);
            String hidden = settings.hidden();
            if (hidden == null || !m.flags().contains(hidden)) {
                shown.add(m.uid());
            }
        }
        if (uidls.ordered()) {
            shown.sort(Comparator.comparingLong(uidls::order));
        }
        for (int n = shown.size(); n > 0 && last == 0; n--) {
            int at = mailbox.sequence(shown.get(n - 1));
            last = mailbox.message(at).flags().contains(Flag.SEEN) ? n : 0;
        }
        return shown.stream().mapToLong(Long::longValue).toArray();
    }

    /// Opens and locks the maildrop; empty if another session has it.
    static Optional<Maildrop> open(MailStore store, MaildropSettings settings) throws IOException {
        if (!settings.lock()) {
            return Optional.of(open(store, null, settings));
        }
        Optional<SessionLock> lock = store.lockSession();
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(open(store, lock.get(), settings));
        } catch (IOException | RuntimeException e) {
            lock.get().close();
            throw e;
        }
    }

    private static Maildrop open(
            MailStore store, @Nullable SessionLock lock, MaildropSettings settings)
            throws IOException {
        Mailbox mailbox = store.open("INBOX", false);
        try {
            return new Maildrop(mailbox, lock, settings);
        } catch (IOException | RuntimeException e) {
            mailbox.close();
            throw e;
        }
    }

    /// Tells other sessions that this one lives.
    void touch() throws IOException {
        if (lock != null) {
            lock.touch();
        }
    }

    /// The reason for which a message number cannot be used; empty if it can.
    Optional<String> problem(int number) {
        if (number < 1 || number > uids.length) {
            return Optional.of("There's no message " + number + ".");
        }
        return deleted.get(number) ? Optional.of("Message is deleted.") : Optional.empty();
    }

    /// The numbers that are not marked as deleted.
    List<Integer> numbers() {
        var list = new ArrayList<Integer>();
        for (int n = 1; n <= uids.length; n++) {
            if (!deleted.get(n)) {
                list.add(n);
            }
        }
        return list;
    }

    int count() {
        return uids.length - deleted.cardinality();
    }

    long totalSize() {
        return allSizes - deletedSizes;
    }

    long size(int number) {
        return sizes[number - 1];
    }

    String uidl(int number) throws IOException {
        return uidls.of(uids[number - 1]);
    }

    /// The highest number of a message that was retrieved, now or in an earlier session (RFC 1460, LAST); 0 if none was.
    int last() {
        return last;
    }

    void delete(int number) {
        if (!deleted.get(number)) {
            deleted.set(number);
            deletedSizes += sizes[number - 1];
        }
    }

    void reset() {
        deleted.clear();
        deletedSizes = 0;
        retrieved.clear();
    }

    /// Makes all messages new, as RSET of RFC 1460 does.
    void forgetRetrieved() throws IOException {
        last = 0;
        var all = LongStream.of(uids).boxed().toList();
        if (settings.flagUpdates() && !all.isEmpty()) {
            mailbox.store(all, StoreMode.REMOVE, Flags.of(Flag.SEEN), Long.MAX_VALUE);
        }
    }

    /// Opens a message; throws if another session expunged it.
    MessageBytes read(int number) throws IOException {
        return mailbox.read(uids[number - 1]);
    }

    /// Sends a whole message with its final dot.
    void send(int number, MessageBytes message, OutputStream out) throws IOException {
        var dots = new ContentWriter(out);
        retrievedBytes += message.writeTo(dots, 0, Long.MAX_VALUE);
        dots.finish();
        retrievals++;
        retrieved.set(number);
        last = Math.max(last, number);
    }

    /// Sends the header and `lines` lines of the body with the final dot.
    void sendTop(MessageBytes message, int lines, OutputStream out) throws IOException {
        var dots = new ContentWriter(out);
        try (InputStream in = message.stream(0)) {
            byte[] buffer = new byte[16_384];
            var top = new Top(lines);
            int n;
            while (!top.isOver() && (n = in.read(buffer, 0, buffer.length)) > 0) {
                int end = top.take(buffer, n);
                dots.write(buffer, 0, end);
                topBytes += end;
            }
        }
        dots.finish();
        tops++;
    }

    /// Finds the end of the header and of so many lines behind it, in a text with CRLF that comes in pieces.
    private static final class Top {
        private int left;
        private boolean inBody;

        /// Octets of the present line that have passed, its CR among them.
        private int column;

        Top(int lines) {
            left = lines;
        }

        boolean isOver() {
            return inBody && left == 0;
        }

        /// The number of the next `length` octets that belong to it.
        int take(byte[] text, int length) {
            int end = 0;
            while (end < length && !isOver()) {
                if (text[end++] != '\n') {
                    column++;
                    continue;
                }
                left -= inBody ? 1 : 0;
                inBody |= column == 1;
                column = 0;
            }
            return end;
        }
    }

    /// Enters the UPDATE state: deletes what is marked, and marks what was retrieved as seen.
    ///
    /// @return how many were deleted
    int commit() throws IOException {
        var remove = new ArrayList<Long>();
        var seen = new ArrayList<Long>();
        for (int n = 1; n <= uids.length; n++) {
            if (deleted.get(n)) {
                remove.add(uids[n - 1]);
            } else if (retrieved.get(n)) {
                seen.add(uids[n - 1]);
            }
        }
        if (!remove.isEmpty()) {
            remove(remove);
            expunged = remove.size();
        }
        if (settings.flagUpdates() && !seen.isEmpty()) {
            mailbox.store(seen, StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
        }
        return expunged;
    }

    private void remove(List<Long> which) throws IOException {
        if (settings.expunge()) {
            mailbox.expunge(which);
        } else {
            mailbox.store(which, StoreMode.ADD, settings.deletedFlags(), Long.MAX_VALUE);
        }
    }

    /// The counts of Dovecot's line at the end of a session.
    String summary() {
        return "top="
                + tops
                + "/"
                + topBytes
                + ", retr="
                + retrievals
                + "/"
                + retrievedBytes
                + ", del="
                + expunged
                + "/"
                + uids.length
                + ", size="
                + allSizes;
    }

    @Override
    public void close() throws IOException {
        try (var _ = lock) {
            mailbox.close();
        }
    }
}
