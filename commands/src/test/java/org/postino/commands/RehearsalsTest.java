// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RehearsalsTest {
    private static String shown(boolean json, String... fields) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var io = new Cli.Io("postexplain", stream, stream, InputStream.nullInputStream());
        new Rehearsals(json, io).step(fields);
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void whatATableSaidStandsThereWithoutMark() {
        assertEquals("hash:/x \"k\": v", shown(false, "table", "hash:/x", "k", "=v"));
        assertEquals(
                "{\"step\": \"table\", \"table\": \"hash:/x\", \"key\": \"k\", \"result\": \"v\"}",
                shown(true, "table", "hash:/x", "k", "=v"));
        assertEquals(
                "{\"step\": \"table\", \"table\": \"hash:/x\", \"key\": \"k\", \"result\": null}",
                shown(true, "table", "hash:/x", "k", "-"));
        assertEquals(
                "{\"step\": \"table\", \"table\": \"hash:/x\", \"key\": \"k\", \"failed\": \"no such file\"}",
                shown(true, "table", "hash:/x", "k", "!no such file"));
    }
}
