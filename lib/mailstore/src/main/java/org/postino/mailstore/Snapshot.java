// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of a folder at one moment; immutable.
///
/// @param <M> the kind of message that the storage format has
/// @param messages ascending by UID
record Snapshot<M extends StoredMessage>(
        long uidValidity,
        long uidNext,
        long highestModSeq,
        List<M> messages,
        List<String> keywords) {

    /// True if the other snapshot has the very same list of messages: nothing happened between them.
    @SuppressWarnings("ReferenceEquality") // that is the point: no look at every message
    boolean sharesMessagesWith(Snapshot<?> other) {
        return messages == other.messages;
    }

    /// Before the first look at the disk: no message, and no UIDVALIDITY.
    static <M extends StoredMessage> Snapshot<M> unread() {
        return new Snapshot<>(0, 1, 0, List.of(), List.of());
    }

    /// The modseq to begin with where none is written down: microseconds since 1970. No mailbox is changed more often than that, so it
    /// is greater than any that a lost index had; it fits into the 53 bits that some clients have for it.
    static long firstModSeq(Clock clock) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /// The modseq of the next change: the time as in [#firstModSeq], so that it is greater even than one that a crash of the machine
    /// took away.
    long nextModSeq(Clock clock) {
        return Math.max(highestModSeq + 1, firstModSeq(clock));
    }

    /// The message with this UID, null if there is none.
    @Nullable M find(long uid) {
        int at = indexOf(uid);
        return at < 0 ? null : messages.get(at);
    }

    /// The message with this UID.
    ///
    /// @throws MailStoreException `EXPUNGED` if there is none
    M require(long uid) throws MailStoreException {
        M there = find(uid);
        if (there == null) {
            throw expunged();
        }
        return there;
    }

    static MailStoreException expunged() {
        return new MailStoreException(
                MailStoreException.Problem.EXPUNGED, "Message was expunged by another session");
    }

    /// Other messages under another modseq.
    Snapshot<M> with(List<M> newMessages, long newHighestModSeq) {
        return new Snapshot<>(uidValidity, uidNext, newHighestModSeq, newMessages, keywords);
    }

    /// Gives the same messages another modseq and other names of keywords.
    Snapshot<M> with(long newHighestModSeq, List<String> newKeywords) {
        return new Snapshot<>(uidValidity, uidNext, newHighestModSeq, messages, newKeywords);
    }

    /// The index of the message with this UID, or `-(insertion point) - 1`.
    int indexOf(long uid) {
        return indexOf(messages, uid);
    }

    /// The index of the message with this UID in an ascending list, or `-(insertion point) - 1`.
    static int indexOf(List<? extends StoredMessage> messages, long uid) {
        int low = 0;
        int high = messages.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = messages.get(middle).uid();
            if (there == uid) {
                return middle;
            }
            if (there < uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
