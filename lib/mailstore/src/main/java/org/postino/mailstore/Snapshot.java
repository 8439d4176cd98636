// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.List;

/// The state of a folder at one moment; immutable.
///
/// @param messages ascending by UID
record Snapshot(
        long uidValidity,
        long uidNext,
        long highestModSeq,
        List<? extends StoredMessage> messages,
        List<String> keywords) {

    /// Whether the other snapshot has the very same list of messages: nothing happened between them.
    @SuppressWarnings("ReferenceEquality") // that is the point: no look at every message
    boolean sharesMessagesWith(Snapshot other) {
        return messages == other.messages;
    }

    /// The index of the message with this UID, or `-(insertion point) - 1`.
    int indexOf(long uid) {
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
