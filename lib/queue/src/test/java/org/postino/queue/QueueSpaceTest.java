// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QueueSpaceTest {
    @Test
    void theReasonIsToldInPostfixsWords() {
        var space = new QueueSpace(Path.of("/nonexistent"), 5000, 1000);
        String start = "not enough free space in mail queue: ";
        assertEquals(
                Optional.of(start + "1499 bytes < 1.5*message size limit"),
                space.shortage(0, 1499));
        assertEquals(
                Optional.of(start + "7 bytes < 1.5*message size limit"),
                new QueueSpace(Path.of("/"), 0, Long.MAX_VALUE).shortage(0, 7));
        assertEquals(
                Optional.of(start + "4999 bytes < queue_minfree of 5000 bytes"),
                space.shortage(0, 4999));
        assertEquals(
                Optional.of(start + "5000 bytes < the 5001 bytes of the message"),
                space.shortage(5001, 5000));
        assertEquals(Optional.empty(), space.shortage(5000, 5000));
        assertEquals(Optional.empty(), space.shortage());
        assertEquals(Optional.empty(), new QueueSpace(Path.of("/"), 0, 0).shortage(0, 0));
    }
}
