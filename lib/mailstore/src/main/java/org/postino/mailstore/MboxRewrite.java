// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Changes states and removes messages of an mbox with as little writing as possible: a header that keeps its length is written
/// over, everything behind the first that does not is moved.
final class MboxRewrite {
    private final FileChannel mbox;
    private final Snapshot snapshot;
    private final long nextUid;
    private final List<MboxJournal.Patch> patches = new ArrayList<>();
    private final List<MboxJournal.Piece> moved = new ArrayList<>();
    private long movedFrom = -1;
    private long movedLength;

    MboxRewrite(FileChannel mbox, Snapshot snapshot, long nextUid) {
        this.mbox = mbox;
        this.snapshot = snapshot;
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
        boolean first = true;
        for (StoredMessage stored : snapshot.messages()) {
            var m = (MboxMessage) stored;
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
        byte[] old = new byte[Math.toIntExact(m.body() - m.header())];
        var into = ByteBuffer.wrap(old);
        while (into.hasRemaining()) {
            if (mbox.read(into, m.header() + into.position()) < 0) {
                throw new IOException("mbox file became shorter while it was read");
            }
        }
        var parsed = MboxHeader.parse(old);
        long bodyLength = m.end() - m.body();
        boolean counted = parsed.contentLength() == bodyLength;
        byte[] fresh =
                parsed.print(
                        new MboxHeader.State(
                                state.uid(),
                                state.flags(),
                                state.old(),
                                first
                                        ? base(
                                                snapshot.uidValidity(),
                                                nextUid - 1,
                                                snapshot.keywords())
                                        : "",
                                counted ? bodyLength : -1));
        if (movedFrom < 0 && fresh.length == old.length) {
            if (!java.util.Arrays.equals(fresh, old)) {
                patches.add(
                        new MboxJournal.Patch(
                                m.header(), List.of(new MboxJournal.Piece.Bytes(fresh))));
            }
            return;
        }
        if (movedFrom >= 0) {
            keep(m.from(), m.header());
        }
        move(m.header());
        moved.add(new MboxJournal.Piece.Bytes(fresh));
        movedLength += fresh.length;
    }

    private void finish(MboxJournal journal) throws IOException {
        long length = mbox.size();
        if (movedFrom >= 0) {
            long end =
                    snapshot.messages().isEmpty()
                            ? 0
                            : ((MboxMessage) snapshot.messages().getLast()).next();
            keep(end, length);
            patches.add(new MboxJournal.Patch(movedFrom, moved));
            length = movedFrom + movedLength;
        }
        if (!patches.isEmpty()) {
            journal.change(mbox, patches, length);
        }
    }
}
