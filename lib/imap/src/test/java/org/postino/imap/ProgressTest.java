// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How often INPROGRESS is told (RFC 9585).
final class ProgressTest {
    @Test
    void itIsToldEveryTenSecondsWithWhatIsDone() throws IOException {
        var clock = new AtomicLong(5);
        var told = new ArrayList<Long>();
        var progress = new Progress(told::add, clock::get);
        for (int i = 0; i < 25; i++) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            progress.step();
        }
        assertEquals(List.of(10L, 20L), told);
    }
}
