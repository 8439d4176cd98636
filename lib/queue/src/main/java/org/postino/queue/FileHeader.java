// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The `H` record: fixed columns, so that it can be overwritten when everything is known.
///
/// @param version one of [#PLAIN] and [#EDITED]
/// @param contentOffset the offset of the content in the file
/// @param messageLength the length of the message as readers see it
record FileHeader(
        char version,
        boolean expire,
        long fileSize,
        long contentOffset,
        long messageLength,
        int recipients,
        int checksum) {
    /// The length of its data, and of the whole record.
    static final int DATA = 74;

    static final int RECORD = DATA + 2;

    /// The position in the file of the byte that says whether the message shall be returned.
    static final long FLAG_OFFSET = 2 + 2;

    /// The version of a file whose content is the message, and the one that every release of Postino reads.
    static final char PLAIN = '1';

    /// The version of a file that may have `D` records and has an `M` record.
    static final char EDITED = '2';

    static final char NORMAL = '-';
    static final char EXPIRE = 'X';

    byte[] toRecord() {
        var s = new StringBuilder(RECORD);
        s.append('H').append((char) DATA).append(version).append(' ');
        s.append(expire ? EXPIRE : NORMAL).append(' ');
        number(s, fileSize, 15);
        number(s, contentOffset, 15);
        number(s, messageLength, 15);
        number(s, recipients, 10);
        String crc = Integer.toHexString(checksum).toUpperCase(Locale.ROOT);
        s.append("0".repeat(8 - crc.length())).append(crc).append("  \n");
        return s.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static FileHeader parse(byte[] record) throws CorruptQueueFileException {
        if (record[0] == 'H' && record[2] > EDITED && record[2] <= '9' && record[3] == ' ') {
            throw new CorruptQueueFileException(
                    "format version "
                            + (char) record[2]
                            + " is newer than this program, which reads "
                            + PLAIN
                            + " and "
                            + EDITED);
        }
        if (record[0] != 'H' || record[1] != DATA || (record[2] != PLAIN && record[2] != EDITED)) {
            throw new CorruptQueueFileException("no header: the file was never finished");
        }
        var text = new String(record, 2, DATA, StandardCharsets.ISO_8859_1);
        try {
            var header =
                    new FileHeader(
                            text.charAt(0),
                            text.charAt(2) == EXPIRE,
                            Long.parseLong(text.substring(4, 19).strip()),
                            Long.parseLong(text.substring(20, 35).strip()),
                            Long.parseLong(text.substring(36, 51).strip()),
                            Integer.parseInt(text.substring(52, 62).strip()),
                            Integer.parseUnsignedInt(text.substring(63, 71), 16));
            if (new String(header.toRecord(), 2, DATA, StandardCharsets.ISO_8859_1).equals(text)) {
                return header;
            }
            throw malformed(null);
        } catch (NumberFormatException e) {
            throw malformed(e);
        }
    }

    private static CorruptQueueFileException malformed(@Nullable NumberFormatException cause) {
        var problem = new CorruptQueueFileException("malformed header");
        if (cause != null) {
            problem.initCause(cause);
        }
        return problem;
    }

    private static void number(StringBuilder s, long value, int width) {
        String digits = Long.toString(value);
        s.repeat(" ", width - digits.length()).append(digits).append(' ');
    }
}
