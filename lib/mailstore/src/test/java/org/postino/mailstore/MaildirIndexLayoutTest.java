// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The table of the layout, field by field, in bytes that another release wrote or reads.
final class MaildirIndexLayoutTest {
    private static final MaildirIndexLayout.Header HEADER =
            new MaildirIndexLayout.Header(
                    true,
                    0x11,
                    0x22,
                    0x33,
                    0x44,
                    0x55,
                    0x66,
                    new MaildirIndex.Stamps(
                            0x77, 0x88, 0xbb, new UidList.Mark(0x99, 0xaa, 0xcc), 0xdd));

    private final MaildirFlags flags =
            new MaildirFlags(new Keywords(Path.of("none")), new MoreKeywords(Path.of("none")));

    @SuppressWarnings("ByteBufferBackingArray") // all are allocated
    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes.array());
    }

    @Test
    void aHeaderIsAsTheTableSays() {
        ByteBuffer bytes = MaildirIndexLayout.print(HEADER);
        assertEquals(
                "504f5354494e4f31"
                        + "00000001"
                        + "00000001"
                        + "0000000000000011"
                        + "0000000000000022"
                        + "0000000000000033"
                        + "0000000000000044"
                        + "0000000000000055"
                        + "0000000000000066"
                        + "0000000000000077"
                        + "0000000000000088"
                        + "0000000000000099"
                        + "00000000000000aa"
                        + "00000000000000bb"
                        + "000000cc"
                        + "00000000"
                        + "00000000000000dd"
                        + "0".repeat(16),
                hex(bytes));
        assertEquals(MaildirIndexLayout.HEADER, bytes.remaining());
        assertEquals(HEADER, MaildirIndexLayout.header(bytes));
    }

    @Test
    void anotherVersionIsNoIndex() {
        ByteBuffer bytes = MaildirIndexLayout.print(HEADER);
        assertTrue(MaildirIndexLayout.isIndex(bytes));
        assertFalse(MaildirIndexLayout.isIndex(bytes.putInt(12, 2)));
        assertFalse(MaildirIndexLayout.isIndex(ByteBuffer.allocate(MaildirIndexLayout.START)));
    }

    @Test
    void aRecordIsAsTheTableSays() {
        var m = new MaildirMessage(7, "b", ":2,RSac", false, true, seen(), 9, 0x1234, 0x5678);
        ByteBuffer bytes = MaildirIndexLayout.print(m);
        assertEquals(
                "0000000000000007"
                        + "0000000000000009"
                        + HexFormat.of().toHexDigits(1 << 10 | seen().bits())
                        + "00000005"
                        + "0000000000001234"
                        + "0000000000000000"
                        + "0000000000005678",
                hex(bytes));
        assertEquals(MaildirIndexLayout.RECORD, bytes.remaining());
    }

    private static Flags seen() {
        return Flags.of(Flag.SEEN, Flag.ANSWERED);
    }

    @Test
    void everyRecordIsReadAsItWasWritten() {
        var messages = new ArrayList<MaildirMessage>();
        long uid = 0;
        for (boolean inNew : List.of(true, false)) {
            for (boolean unclaimed : List.of(true, false)) {
                for (long size : new long[] {-1, 0, Long.MAX_VALUE}) {
                    messages.add(
                            new MaildirMessage(
                                    ++uid,
                                    "b" + uid,
                                    inNew ? "" : ":2,RS",
                                    inNew,
                                    unclaimed,
                                    inNew ? Flags.NONE : seen(),
                                    uid << 32,
                                    size,
                                    size));
                }
            }
        }
        for (MaildirMessage m : messages) {
            ByteBuffer bytes = MaildirIndexLayout.print(m);
            assertFalse(MaildirIndexLayout.isOdd(bytes, 0));
            assertEquals(m.uid(), MaildirIndexLayout.uid(bytes, 0));
            assertEquals(m, MaildirIndexLayout.message(bytes, 0, m.base(), flags));
        }
    }

    @Test
    void aNameThatDoesNotFollowFromTheFlagsIsOdd() {
        for (String suffix : List.of(":2,SR", ":1,x", "")) {
            var m = new MaildirMessage(1, "b", suffix, false, false, seen(), 1, 1, 1);
            assertTrue(MaildirIndexLayout.isOdd(MaildirIndexLayout.print(m), 0), suffix);
        }
    }

    @Test
    void anyByteOfARecordChangesItsMix() {
        ByteBuffer bytes =
                MaildirIndexLayout.print(
                        new MaildirMessage(1, "b", "", true, false, Flags.NONE, 1, 1, 1));
        long before = MaildirIndexLayout.mix(bytes, 0);
        for (int i = 0; i < MaildirIndexLayout.RECORD; i++) {
            bytes.put(i, (byte) (bytes.get(i) ^ 1));
            assertNotEquals(before, MaildirIndexLayout.mix(bytes, 0));
            bytes.put(i, (byte) (bytes.get(i) ^ 1));
        }
    }
}
