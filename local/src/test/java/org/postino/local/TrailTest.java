// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postino.kit.HostileText;
import org.postino.util.Printable;

final class TrailTest {
    @Test
    void addressesCannotAddFieldsToTheMessage() {
        for (String text : HostileText.texts(3, 300)) {
            String address = text + "@b.test";
            String trail =
                    new String(
                            LocalMessage.trail(address, address, address), StandardCharsets.UTF_8);
            List<String> lines = List.of(trail.split("\n", -1));
            assertEquals(4, lines.size(), trail);
            assertTrue(lines.get(0).startsWith("Return-Path: <"), trail);
            assertTrue(lines.get(1).startsWith("X-Original-To: "), trail);
            assertTrue(lines.get(2).startsWith("Delivered-To: "), trail);
            lines.forEach(line -> assertEquals(Printable.text(line), line));
        }
    }
}
