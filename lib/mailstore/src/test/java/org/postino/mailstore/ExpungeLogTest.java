// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file of what went: believed whole or not at all.
final class ExpungeLogTest {
    private static final long VALIDITY = 1_700_000_000;

    @TempDir Path dir;

    private static List<UidRange> ranges(long... ends) {
        var builder = new UidRange.Builder();
        for (int i = 0; i < ends.length; i += 2) {
            builder.add(ends[i], ends[i + 1]);
        }
        return builder.ranges();
    }

    @Test
    void tellsWhatWentAfterAModSeq() throws IOException {
        var log = new ExpungeLog(dir);
        long length = log.add(0, VALIDITY, 100, 105, List.of(7L, 8L, 9L, 20L));
        length = log.add(length, VALIDITY, 105, 110, List.of(10L, 4_294_967_295L));
        assertEquals(
                Optional.of(ranges(7, 10, 20, 20, 4_294_967_295L, 4_294_967_295L)),
                log.since(length, VALIDITY, 100));
        assertEquals(
                Optional.of(ranges(10, 10, 4_294_967_295L, 4_294_967_295L)),
                log.since(length, VALIDITY, 105));
        assertEquals(Optional.of(List.of()), log.since(length, VALIDITY, 110));
    }

    @Test
    void doesNotReachBackBehindItsBeginning() throws IOException {
        var log = new ExpungeLog(dir);
        long length = log.add(0, VALIDITY, 100, 105, List.of(7L));
        assertEquals(Optional.empty(), log.since(length, VALIDITY, 99));
    }

    @Test
    void isNotBelievedWithoutTheIndexThatKnowsIt() throws IOException {
        var log = new ExpungeLog(dir);
        long length = log.add(0, VALIDITY, 100, 105, List.of(7L));
        assertEquals(Optional.empty(), log.since(0, VALIDITY, 100));
        assertEquals(Optional.empty(), log.since(length + 24, VALIDITY, 100));
        assertEquals(Optional.empty(), log.since(length, VALIDITY + 1, 100));
        long anew = log.add(length, VALIDITY + 1, 200, 205, List.of(1L));
        assertEquals(Optional.of(ranges(1, 1)), log.since(anew, VALIDITY + 1, 200));
        assertEquals(Optional.empty(), log.since(anew, VALIDITY + 1, 105));
    }

    @Test
    void aRecordThatTheIndexDoesNotKnowIsOverwritten() throws IOException {
        var log = new ExpungeLog(dir);
        long known = log.add(0, VALIDITY, 100, 105, List.of(7L));
        log.add(known, VALIDITY, 105, 110, List.of(8L)); // and then a crash
        long length = log.add(known, VALIDITY, 105, 111, List.of(9L));
        assertEquals(Optional.of(ranges(7, 7, 9, 9)), log.since(length, VALIDITY, 100));
    }

    @Test
    void noFlippedBitIsBelieved() throws IOException {
        var log = new ExpungeLog(dir);
        long length = log.add(0, VALIDITY, 100, 105, List.of(7L, 9L));
        Path file = dir.resolve(ExpungeLog.NAME);
        byte[] good = Files.readAllBytes(file);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, bad);
            assertEquals(Optional.empty(), log.since(length, VALIDITY, 100), "bit " + bit);
        }
    }

    @Test
    void losesItsOlderHalfWhenItIsLong() throws IOException {
        var log = new ExpungeLog(dir, 32 + 10 * 24);
        long length = 0;
        for (int i = 1; i <= 30; i++) {
            length = log.add(length, VALIDITY, 100 + i - 1, 100 + i, List.of(2L * i));
            assertTrue(length <= 32 + 10 * 24, "length " + length);
        }
        assertEquals(Optional.of(ranges(56, 56, 58, 58, 60, 60)), log.since(length, VALIDITY, 127));
        assertEquals(Optional.empty(), log.since(length, VALIDITY, 110));
    }
}
