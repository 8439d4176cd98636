// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.List;

/// The outcome of a [Mailbox#store]: UIDs, ascending.
///
/// @param stored now have the flags asked for
/// @param modified left alone since their modseq was above `unchangedSince` (RFC 7162)
/// @param gone expunged by another session
public record Stored(List<Long> stored, List<Long> modified, List<Long> gone) {
    public Stored {
        stored = List.copyOf(stored);
        modified = List.copyOf(modified);
        gone = List.copyOf(gone);
    }
}
