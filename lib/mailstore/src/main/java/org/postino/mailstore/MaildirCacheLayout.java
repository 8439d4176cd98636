// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The bytes of `postino.cache`. All numbers are big-endian.
///
/// The file begins with [#HEADER] bytes: `POSTINOC`, the version of this layout (4 bytes, 1), and 4 bytes 0. Records follow, one behind
/// the other:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | length of the record, with these four bytes |
/// | 4 | 4 | CRC-32C of all that follows |
/// | 8 | 8 | size of the message with CRLF; -1 if nobody knew it |
/// | 16 | 2 | length of the base name of the message's file |
/// | 18 | | the base name |
/// | | 1 | number of a part ([Cached.Part]) |
/// | | 4 | its length |
/// | | | its octets |
///
/// The last three are repeated up to the record's end. Of several records of a base the last counts. Parts with other numbers
/// are those of a later release, and passed over.
final class MaildirCacheLayout {
    static final int HEADER = 16;

    /// The bytes of a record in front of the base name.
    static final int HEAD = 18;

    /// No record is larger.
    static final int LARGEST = 1 << 17;

    private static final long MAGIC = 0x504f5354494e4f43L; // "POSTINOC"
    private static final int VERSION = 1;
    private static final int PART_HEAD = 5;

    private static final int CHECKED_AT = 8;
    private static final int SIZE_AT = 8;
    private static final int BASE_LENGTH_AT = 16;

    private MaildirCacheLayout() {}

    static ByteBuffer header() {
        return ByteBuffer.allocate(HEADER).putLong(0, MAGIC).putInt(8, VERSION);
    }

    static boolean isCache(ByteBuffer start) {
        return start.getLong(0) == MAGIC && start.getInt(8) == VERSION;
    }

    /// The length of the record that begins with these [#HEAD] bytes; -1 if none can.
    static int length(ByteBuffer head) {
        int length = head.getInt(0);
        return length < HEAD + baseLength(head) || length > LARGEST ? -1 : length;
    }

    /// The length of the base name; its bytes follow the head.
    static int baseLength(ByteBuffer head) {
        return head.getShort(BASE_LENGTH_AT) & 0xffff;
    }

    /// A number for a base name: equal for equal ones, nearly always different for others.
    static long hash(ByteBuffer name) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < name.limit(); i++) {
            h = (h ^ (name.get(i) & 0xff)) * 0x100000001b3L;
        }
        h ^= h >>> 32;
        return h == 0 ? 1 : h;
    }

    /// The record of a message as bytes; null if it is too large to be kept.
    static byte @Nullable [] print(String base, long size, Cached cached) {
        byte[] name = base.getBytes(ByteNames.ofPaths());
        int length = HEAD + name.length + cached.size();
        for (Cached.Part part : Cached.Part.values()) {
            length += cached.get(part) == null ? 0 : PART_HEAD;
        }
        if (length > LARGEST || name.length > 0xffff) {
            return null;
        }
        ByteBuffer record = ByteBuffer.allocate(length);
        record.putInt(length).putInt(0).putLong(size).putShort((short) name.length).put(name);
        for (Cached.Part part : Cached.Part.values()) {
            byte[] octets = cached.get(part);
            if (octets != null) {
                record.put((byte) part.number).putInt(octets.length).put(octets);
            }
        }
        record.putInt(4, checksum(record));
        return record.array();
    }

    /// The parts of a message that a whole record has.
    ///
    /// @param record all of it, of the length that it tells
    /// @param name the base name of the message
    /// @param size the message's size with CRLF, -1 if it is not known
    /// @return null if the record is damaged; [Cached#NOTHING] if it is another message's
    static @Nullable Cached parse(ByteBuffer record, ByteBuffer name, long size) {
        if (record.getInt(4) != checksum(record)) {
            return null;
        }
        int nameLength = baseLength(record);
        long told = record.getLong(SIZE_AT);
        if (record.slice(HEAD, nameLength).mismatch(name) >= 0
                || (told >= 0 && size >= 0 && told != size)) {
            return Cached.NOTHING;
        }
        var parts = new EnumMap<Cached.Part, byte[]>(Cached.Part.class);
        record.position(HEAD + nameLength);
        while (record.remaining() >= PART_HEAD) {
            int number = record.get();
            int octets = record.getInt();
            if (octets < 0 || octets > record.remaining()) {
                return null;
            }
            byte[] part = new byte[octets];
            record.get(part);
            for (Cached.Part known : Cached.Part.values()) {
                if (known.number == number) {
                    parts.put(known, part);
                }
            }
        }
        return Cached.of(parts);
    }

    private static int checksum(ByteBuffer record) {
        var crc = new CRC32C();
        crc.update(record.slice(CHECKED_AT, record.limit() - CHECKED_AT));
        return (int) crc.getValue();
    }
}
