// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.List;

/// The changes that [Mailbox#sync()] found, in the order in which a client must be told.
///
/// 1. `expunged`: sequence numbers of messages that are gone, *highest first*, so that each number is right both in the
///    old numbering and after the numbers before it were announced.
/// 2. `exists` and `recent`, the new counts, to be announced if `arrived` (or if the caller likes).
/// 3. `changed`: sequence numbers, in the *new* numbering and ascending, of messages whose flags others changed.
///    Newly arrived messages are not among them.
///
/// @param vanished the UIDs of `expunged`, ascending
/// @param arrived messages were added at the end
public record Changes(
        List<Integer> expunged,
        List<UidRange> vanished,
        boolean arrived,
        int exists,
        int recent,
        List<Integer> changed) {
    public Changes {
        expunged = List.copyOf(expunged);
        vanished = List.copyOf(vanished);
        changed = List.copyOf(changed);
    }

    public boolean isEmpty() {
        return expunged.isEmpty() && !arrived && changed.isEmpty();
    }
}
