// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A message of a Maildir.
///
/// @param suffix what stands behind the base in the file's name
/// @param inNew the file stands in `new`, not in `cur`
/// @param unclaimed the file stands in `cur`, and no session was told of it yet
/// @param date modification time in seconds, -1 while unknown
/// @param virtual size with CRLF, -1 while unknown
record MaildirMessage(
        long uid,
        String base,
        String suffix,
        boolean inNew,
        boolean unclaimed,
        Flags flags,
        long modseq,
        long date,
        long virtual)
        implements StoredMessage {
    static final long UNKNOWN = -1;

    MaildirMessage at(String newSuffix, boolean nowInNew, Flags newFlags, long newModseq) {
        return new MaildirMessage(
                uid, base, newSuffix, nowInNew, unclaimed, newFlags, newModseq, date, virtual);
    }

    MaildirMessage with(Details d) {
        return new MaildirMessage(
                uid, base, suffix, inNew, unclaimed, flags, modseq, d.date, d.virtual);
    }

    MaildirMessage withUid(long given) {
        return new MaildirMessage(
                given, base, suffix, inNew, unclaimed, flags, modseq, date, virtual);
    }

    MaildirMessage withUnclaimed(boolean now) {
        return new MaildirMessage(uid, base, suffix, inNew, now, flags, modseq, date, virtual);
    }

    /// True if no session was told of it: the first that selects the mailbox may call it recent.
    boolean isFresh() {
        return inNew || unclaimed;
    }

    Details details() {
        return new Details(date, virtual);
    }

    @Override
    public long knownSize() {
        return virtual;
    }

    @Override
    public long saved() {
        return MaildirName.time(base);
    }

    @Override
    public long knownDate() {
        return date;
    }

    String fileName() {
        return base + suffix;
    }

    /// Date and size, which may have to be looked up in the file itself.
    record Details(long date, long virtual) {}
}
