// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.util.Map;

/// The extent of an index, as it stands in each of its commits.
///
/// @param validity UIDVALIDITY of the mailbox
/// @param last the highest UID that was indexed; 0 for none
record IndexState(long validity, long last) {
    /// The form of the index; one of another form is made anew.
    private static final String FORMAT = "1";

    Map<String, String> toCommit() {
        return Map.of(
                "format", FORMAT,
                "validity", Long.toString(validity),
                "last", Long.toString(last));
    }

    /// @throws DamagedIndexException it was not written by us
    static IndexState of(Map<String, String> commit) throws DamagedIndexException {
        if (!FORMAT.equals(commit.get("format"))) {
            throw new DamagedIndexException("it has another format");
        }
        try {
            return new IndexState(
                    Long.parseLong(commit.getOrDefault("validity", "")),
                    Long.parseLong(commit.getOrDefault("last", "")));
        } catch (NumberFormatException e) {
            throw new DamagedIndexException(e);
        }
    }
}
