// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The UIDs of an mbox. UIDVALIDITY and the last UID stand in the first message; a small file of our own keeps them for the
/// time when there is no message.
final class MboxUids {
    /// No mailbox has seen so many messages: a last UID from here on is somebody's invention, and would soon leave none to give.
    private static final long LAST_UID = 0xf000_0000L;

    private final Path file;
    private final LongSupplier newUidValidity;
    private long savedValidity;
    private long savedNext;

    MboxUids(Path state, LongSupplier newUidValidity) {
        this.file = state.resolve("postino.uids");
        this.newUidValidity = newUidValidity;
    }

    /// Messages with UIDs that ascend.
    record Settled(long uidValidity, long nextUid, List<MboxMessage> messages) {}

    /// Checks the UIDs of the fields; from the first message on whose UID cannot be right, all get new ones.
    ///
    /// @param known the state before; null at the first look
    Settled settle(MboxParser.Parsed parsed, @Nullable Snapshot<MboxMessage> known)
            throws IOException {
        boolean credible = parsed.lastUid() < LAST_UID;
        long validity = credible ? parsed.uidValidity() : 0;
        long next = credible ? parsed.lastUid() + 1 : 1;
        boolean recorded = validity != 0;
        if (known == null) {
            load();
        }
        if (validity == 0) {
            validity =
                    known == null || known.uidValidity() == 0 ? savedValidity : known.uidValidity();
        }
        if (validity == 0) {
            validity = newUidValidity.getAsLong();
        }
        if (validity == savedValidity) {
            next = Math.max(next, savedNext);
        }
        if (known != null && known.uidValidity() == validity) {
            next = Math.max(next, known.uidNext());
        }
        var messages = new ArrayList<MboxMessage>(parsed.messages().size());
        long last = 0;
        boolean trusted = recorded;
        for (MboxMessage m : parsed.messages()) {
            trusted &= m.uid() > last && m.uid() < next;
            long uid = trusted ? m.uid() : next++;
            last = uid;
            messages.add(m.with(uid, m.flags(), m.modseq(), m.old(), trusted));
        }
        return new Settled(validity, next, messages);
    }

    private void load() throws IOException {
        try {
            String[] words =
                    new String(Private.read(file), StandardCharsets.US_ASCII)
                            .strip()
                            .split(" ", -1);
            if (words.length == 3 && words[0].equals("1") && Long.parseLong(words[2]) <= LAST_UID) {
                savedValidity = Long.parseLong(words[1]);
                savedNext = Long.parseLong(words[2]);
            }
        } catch (NoSuchFileException | NumberFormatException e) {
            savedValidity = 0;
            savedNext = 0;
        }
    }

    void save(long validity, long next) throws IOException {
        if (validity == savedValidity && next == savedNext) {
            return;
        }
        Path parent = file.getParent();
        if (parent != null) {
            Private.directories(parent);
        }
        Private.replace(file, "1 " + validity + " " + next + "\n");
        savedValidity = validity;
        savedNext = next;
    }
}
