// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A message of an mbox.
///
/// @param from where its `From ` line begins
/// @param header where its header begins
/// @param body where its body begins, behind the empty line
/// @param end where its body ends, without the empty line before the next message
/// @param next where the next message begins, or the end of the file
/// @param date of the `From ` line, seconds
/// @param virtual size as clients see it
/// @param old some session was told of it (`O` in `Status:`)
/// @param complete its header bears its UID as it should be
record MboxMessage(
        long uid,
        Flags flags,
        long modseq,
        long from,
        long header,
        long body,
        long end,
        long next,
        long date,
        long virtual,
        boolean old,
        boolean complete)
        implements StoredMessage {

    @Override
    public String base() {
        return "";
    }

    @Override
    public long knownSize() {
        return virtual;
    }

    @Override
    public long saved() {
        return -1;
    }

    @Override
    public long knownDate() {
        return date;
    }

    MboxMessage with(
            long newUid, Flags newFlags, long newModseq, boolean nowOld, boolean isComplete) {
        return new MboxMessage(
                newUid,
                newFlags,
                newModseq,
                from,
                header,
                body,
                end,
                next,
                date,
                virtual,
                nowOld,
                isComplete);
    }
}
