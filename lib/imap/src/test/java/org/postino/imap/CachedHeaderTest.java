// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CachedHeaderTest {
    @Test
    void longFieldsOfTheWayAreLeftOut() {
        assertTrue(CachedHeader.has(List.of("Subject", "X-Anything")));
        assertFalse(CachedHeader.has(List.of("Subject", "received")));
        byte[] header = "Received: a\r\n b\r\nTo: c\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "To: c\r\n\r\n",
                new String(CachedHeader.of(header).orElseThrow(), StandardCharsets.US_ASCII));
        assertTrue(
                CachedHeader.of(
                                ("X: " + "x".repeat(9_000) + "\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII))
                        .isEmpty());
    }
}
