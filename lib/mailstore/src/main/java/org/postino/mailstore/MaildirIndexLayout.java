// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.ByteBuffer;

/// The bytes of `postino.index`: where each number stands, for reading and for writing. All numbers are big-endian and signed.
///
/// The header, [#HEADER] bytes:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | `POSTINO1` |
/// | 8 | 4 | dirty: 1 while records are being written, else 0 |
/// | 12 | 4 | version of this layout, 1 |
/// | 16 | 8 | generation, greater after each change |
/// | 24 | 8 | UIDVALIDITY |
/// | 32 | 8 | next UID |
/// | 40 | 8 | highest modseq |
/// | 48 | 8 | count of records |
/// | 56 | 8 | sum: [#mix] of all records, XORed |
/// | 64 | 8 | modification time of `cur` when listed, ns since 1970; -1 if it must be listed |
/// | 72 | 8 | the same of `new` |
/// | 80 | 8 | size of `dovecot-uidlist` when read |
/// | 88 | 8 | its modification time, ns |
/// | 96 | 8 | since when `cur` is in doubt ([MaildirState]), ms since 1970; 0 if it is not |
/// | 104 | 4 | hash of device and inode of `dovecot-uidlist` |
/// | 108 | 4 | 0 |
/// | 112 | 8 | length of `postino.expunged` ([ExpungeLog]); 0 if there is none to believe |
/// | 120 | 8 | 0 |
///
/// Records follow, ascending by UID, [#RECORD] bytes each:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | UID |
/// | 8 | 8 | modseq |
/// | 16 | 4 | state: bits 0-4 the flags as in [Flag], bit 8 in `new`, bit 9 odd, bit 10 unclaimed |
/// | 20 | 4 | keywords: bit 0 is `a` |
/// | 24 | 8 | internal date, seconds since 1970; -1 if nobody looked it up |
/// | 32 | 8 | 0; older releases wrote the size of the file and never read it |
/// | 40 | 8 | size with CRLF; -1 if nobody looked it up |
///
/// The base of a message's file stands in `dovecot-uidlist`. Its suffix follows from flags and keywords; a file with another suffix
/// is odd, and an index with an odd record is not believed, as the name could not be told from it.
final class MaildirIndexLayout {
    static final int HEADER = 128;
    static final int RECORD = 48;

    /// The first bytes of the header, up to the generation.
    static final int START = 24;

    static final long MAGIC = 0x504f5354494e4f31L; // "POSTINO1"
    static final int VERSION = 1;

    static final int DIRTY_AT = 8;
    private static final int MAGIC_AT = 0;
    private static final int VERSION_AT = 12;
    private static final int GENERATION_AT = 16;
    private static final int UIDVALIDITY_AT = 24;
    private static final int NEXT_UID_AT = 32;
    private static final int MODSEQ_AT = 40;
    private static final int COUNT_AT = 48;
    private static final int SUM_AT = 56;
    private static final int CUR_AT = 64;
    private static final int NEW_AT = 72;
    private static final int LIST_SIZE_AT = 80;
    private static final int LIST_MODIFIED_AT = 88;
    private static final int DOUBT_AT = 96;
    private static final int LIST_KEY_AT = 104;
    private static final int EXPUNGED_AT = 112;

    private static final int RECORD_UID_AT = 0;
    private static final int RECORD_MODSEQ_AT = 8;
    private static final int RECORD_STATE_AT = 16;
    private static final int RECORD_KEYWORDS_AT = 20;
    private static final int RECORD_DATE_AT = 24;
    private static final int RECORD_SIZE_AT = 40;

    private static final int FLAGS = 0x1f;
    private static final int IN_NEW = 1 << 8;
    private static final int ODD = 1 << 9;
    private static final int UNCLAIMED = 1 << 10;

    private MaildirIndexLayout() {}

    /// The header as values.
    ///
    /// @param count of records
    record Header(
            boolean dirty,
            long generation,
            long uidValidity,
            long uidNext,
            long highestModSeq,
            long count,
            long sum,
            MaildirIndex.Stamps stamps) {}

    /// True if these first [#START] bytes are of an index of this layout.
    static boolean isIndex(ByteBuffer start) {
        return start.getLong(MAGIC_AT) == MAGIC && start.getInt(VERSION_AT) == VERSION;
    }

    static long generation(ByteBuffer start) {
        return start.getLong(GENERATION_AT);
    }

    static Header header(ByteBuffer bytes) {
        return new Header(
                bytes.getInt(DIRTY_AT) != 0,
                generation(bytes),
                bytes.getLong(UIDVALIDITY_AT),
                bytes.getLong(NEXT_UID_AT),
                bytes.getLong(MODSEQ_AT),
                bytes.getLong(COUNT_AT),
                bytes.getLong(SUM_AT),
                new MaildirIndex.Stamps(
                        bytes.getLong(CUR_AT),
                        bytes.getLong(NEW_AT),
                        bytes.getLong(DOUBT_AT),
                        new UidList.Mark(
                                bytes.getLong(LIST_SIZE_AT),
                                bytes.getLong(LIST_MODIFIED_AT),
                                bytes.getInt(LIST_KEY_AT)),
                        bytes.getLong(EXPUNGED_AT)));
    }

    static ByteBuffer print(Header header) {
        MaildirIndex.Stamps stamps = header.stamps();
        return ByteBuffer.allocate(HEADER)
                .putLong(MAGIC_AT, MAGIC)
                .putInt(DIRTY_AT, header.dirty() ? 1 : 0)
                .putInt(VERSION_AT, VERSION)
                .putLong(GENERATION_AT, header.generation())
                .putLong(UIDVALIDITY_AT, header.uidValidity())
                .putLong(NEXT_UID_AT, header.uidNext())
                .putLong(MODSEQ_AT, header.highestModSeq())
                .putLong(COUNT_AT, header.count())
                .putLong(SUM_AT, header.sum())
                .putLong(CUR_AT, stamps.cur())
                .putLong(NEW_AT, stamps.fresh())
                .putLong(LIST_SIZE_AT, stamps.uidList().size())
                .putLong(LIST_MODIFIED_AT, stamps.uidList().modified())
                .putLong(DOUBT_AT, stamps.doubtSince())
                .putInt(LIST_KEY_AT, stamps.uidList().key())
                .putLong(EXPUNGED_AT, stamps.expunged());
    }

    /// The number that stands at [#DIRTY_AT] while records are written.
    static ByteBuffer dirty() {
        return ByteBuffer.allocate(4).putInt(1).flip();
    }

    /// The UID of the record that begins at `at`.
    static long uid(ByteBuffer bytes, int at) {
        return bytes.getLong(at + RECORD_UID_AT);
    }

    static boolean isOdd(ByteBuffer bytes, int at) {
        return (bytes.getInt(at + RECORD_STATE_AT) & ODD) != 0;
    }

    /// The message of the record that begins at `at`, whose file has this base. The record is not odd.
    static MaildirMessage message(ByteBuffer bytes, int at, String base, MaildirFlags shared) {
        int state = bytes.getInt(at + RECORD_STATE_AT);
        int letters = bytes.getInt(at + RECORD_KEYWORDS_AT);
        long uid = uid(bytes, at);
        boolean inNew = (state & IN_NEW) != 0;
        return new MaildirMessage(
                uid,
                base,
                inNew ? "" : shared.suffix(state & FLAGS, letters),
                inNew,
                (state & UNCLAIMED) != 0,
                shared.of(uid, state & FLAGS, letters),
                bytes.getLong(at + RECORD_MODSEQ_AT),
                bytes.getLong(at + RECORD_DATE_AT),
                bytes.getLong(at + RECORD_SIZE_AT));
    }

    static ByteBuffer print(MaildirMessage m) {
        int bits = m.flags().bits();
        int letters = MaildirName.keywordBits(m.suffix());
        boolean odd =
                m.inNew()
                        ? !m.suffix().isEmpty()
                        : !m.suffix().equals(MaildirName.suffix(bits, letters));
        int state =
                bits | (m.inNew() ? IN_NEW : 0) | (odd ? ODD : 0) | (m.unclaimed() ? UNCLAIMED : 0);
        return ByteBuffer.allocate(RECORD)
                .putLong(RECORD_UID_AT, m.uid())
                .putLong(RECORD_MODSEQ_AT, m.modseq())
                .putInt(RECORD_STATE_AT, state)
                .putInt(RECORD_KEYWORDS_AT, letters)
                .putLong(RECORD_DATE_AT, m.date())
                .putLong(RECORD_SIZE_AT, m.virtual());
    }

    /// The part of a record in the sum.
    static long mix(ByteBuffer bytes, int at) {
        return mix(bytes, at, RECORD);
    }

    /// The part in a sum of whole words of 8 bytes.
    static long mix(ByteBuffer bytes, int at, int length) {
        long h = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < length; i += 8) {
            h = (h ^ bytes.getLong(at + i)) * 0xbf58476d1ce4e5b9L;
            h ^= h >>> 29;
        }
        return h;
    }
}
