// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CallerTest {
    @TempDir Path dir;
    private Path passwd = Path.of("");

    @BeforeEach
    void write() throws IOException {
        passwd = dir.resolve("passwd");
        Files.writeString(
                passwd,
                """
                root:x:0:0:root:/root:/bin/sh
                broken:x:7
                alice:x:4294967000:1000:& Müller,Room 5,,:/home/alice:/bin/sh
                twin:x:4294967000:1000:Another:/home/twin:/bin/sh
                plain:x:4000001:1::/:/bin/sh
                """,
                StandardCharsets.UTF_8);
    }

    @Test
    void theFirstLineWithTheNumberTells() throws IOException {
        Caller alice = Caller.find(passwd, Integer.parseUnsignedInt("4294967000"));
        assertEquals("alice", alice.name());
        assertEquals("Alice Müller", alice.fullName());
        assertEquals("alice(4294967000)", alice.toString());
    }

    @Test
    void aUserWithoutAFullNameHasNone() throws IOException {
        assertEquals(new Caller("plain", 4_000_001, ""), Caller.find(passwd, 4_000_001));
    }

    @Test
    void whoStandsNowhereIsANumber() throws IOException {
        assertEquals(new Caller("4000002", 4_000_002, ""), Caller.find(passwd, 4_000_002));
        Path none = dir.resolve("none");
        assertEquals(new Caller("4000002", 4_000_002, ""), Caller.find(none, 4_000_002));
    }

    @Test
    void aNameThatIsNotUtf8IsKept() throws IOException {
        Files.write(passwd, "bob:x:4000003:1:B\u00f6b:/:\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("B\udcf6b", Caller.find(passwd, 4_000_003).fullName());
    }
}
