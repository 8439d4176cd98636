// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Changes states and removes messages of an mbox with as little writing as possible: a header that keeps its length is written
/// over, everything behind the first that does not is moved.
final class MboxRewrite {
    private final FileChannel mbox;
    private final Snapshot<MboxMessage> snapshot;
    private final @Nullable MboxMessage internalData;
    private final List<String> keywords;
    private final long nextUid;
    private final List<MboxJournal.Patch> patches = new ArrayList<>();
    private final List<MboxJournal.Piece> moved = new ArrayList<>();
    private long movedFrom = -1;
    private long movedLength;

    /// @param keywords all that the mailbox will have
    /// @param internalData c-client's message in front, which bears the state of the mailbox if it is there
    MboxRewrite(
            FileChannel mbox,
            Snapshot<MboxMessage> snapshot,
            @Nullable MboxMessage internalData,
            List<String> keywords,
            long nextUid) {
        this.mbox = mbox;
        this.snapshot = snapshot;
        this.internalData = internalData;
        this.keywords = keywords;
        this.nextUid = nextUid;
    }

    /// The value of `X-IMAPbase`, of fixed width for the numbers so that it can be written over.
    static String base(long uidValidity, long lastUid, List<String> keywords) {
        String last = Long.toString(lastUid);
        return uidValidity
                + " "
                + "0".repeat(Math.max(0, 10 - last.length()))
                + last
                + (keywords.isEmpty() ? "" : " " + String.join(" ", keywords));
    }

    void run(MboxJournal journal, Map<Long, MboxMessage> wanted, Set<Long> removed)
            throws IOException {
        MboxMessage front = internalData;
        boolean first = front == null;
        if (front != null) {
            byte[] header =
                    MboxFile.read(mbox, front.header(), (int) (front.body() - front.header()));
            replace(
                    front,
                    List.of(new MboxJournal.Piece.Bytes(MboxHeader.withBase(header, base()))));
            keep(front.body(), front.next());
        }
        for (MboxMessage m : snapshot.messages()) {
            if (removed.contains(m.uid())) {
                move(m.from());
                continue;
            }
            MboxMessage state = wanted.getOrDefault(m.uid(), m);
            if (first || wanted.containsKey(m.uid())) {
                header(m, state, first);
                keep(m.body(), m.next());
            } else {
                keep(m.from(), m.next());
            }
            first = false;
        }
        finish(journal);
    }

    /// From here on everything is written anew.
    private void move(long offset) {
        if (movedFrom < 0) {
            movedFrom = offset;
        }
    }

    private void keep(long from, long to) {
        if (movedFrom >= 0 && to > from) {
            moved.add(new MboxJournal.Piece.Old(from, to - from));
            movedLength += to - from;
        }
    }

    private void header(MboxMessage m, MboxMessage state, boolean first) throws IOException {
        replace(m, fresh(m, state, first ? base() : ""));
    }

    private String base() {
        return base(snapshot.uidValidity(), nextUid - 1, keywords);
    }

    private void replace(MboxMessage m, List<MboxJournal.Piece> header) throws IOException {
        var pieces = new ArrayDeque<>(header);
        long at = m.header();
        while (pieces.peekFirst() instanceof MboxJournal.Piece.Old(var offset, var length)
                && offset == at) {
            at += length;
            pieces.removeFirst();
        }
        long length = pieces.stream().mapToLong(MboxJournal.Piece::length).sum();
        if (movedFrom < 0 && at + length == m.body()) {
            if (!stands(at, pieces)) {
                patches.add(new MboxJournal.Patch(at, List.copyOf(pieces)));
            }
            return;
        }
        if (movedFrom >= 0) {
            keep(m.from(), at);
        }
        move(at);
        moved.addAll(pieces);
        movedLength += length;
    }

    /// The header with another state.
    private List<MboxJournal.Piece> fresh(MboxMessage m, MboxMessage state, String base)
            throws IOException {
        long length = m.body() - m.header();
        if (length > MboxLargeHeader.LARGE) {
            var header = MboxLargeHeader.read(mbox, m.header(), m.body());
            return header.with(stateOf(m, state, base, header.fields().contentLength()));
        }
        var parsed = MboxHeader.parse(MboxFile.read(mbox, m.header(), (int) length));
        byte[] fresh = parsed.print(stateOf(m, state, base, parsed.contentLength()));
        return List.of(new MboxJournal.Piece.Bytes(fresh));
    }

    private static MboxHeader.State stateOf(
            MboxMessage m, MboxMessage state, String base, long contentLength) {
        long bodyLength = m.end() - m.body();
        return new MboxHeader.State(
                state.uid(),
                state.flags(),
                state.old(),
                base,
                contentLength == bodyLength ? bodyLength : -1);
    }

    /// True if just this is in the file already.
    private boolean stands(long at, Deque<MboxJournal.Piece> pieces) throws IOException {
        return pieces.size() == 1
                && pieces.getFirst() instanceof MboxJournal.Piece.Bytes(var bytes)
                && Arrays.equals(bytes, MboxFile.read(mbox, at, bytes.length));
    }

    private void finish(MboxJournal journal) throws IOException {
        long length = mbox.size();
        if (movedFrom >= 0) {
            keep(end(), length);
            patches.add(new MboxJournal.Patch(movedFrom, moved));
            length = movedFrom + movedLength;
        }
        if (!patches.isEmpty()) {
            journal.change(mbox, patches, length);
        }
    }

    /// The end of what was parsed.
    private long end() {
        if (!snapshot.messages().isEmpty()) {
            return snapshot.messages().getLast().next();
        }
        MboxMessage front = internalData;
        return front == null ? 0 : front.next();
    }
}
