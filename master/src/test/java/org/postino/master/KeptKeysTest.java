// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postino.linux.MemoryFile;
import org.postino.tls.SelfSigned;

class KeptKeysTest {
    private static final Path KEY = Path.of("/etc/tls.pem");
    private static final Path TABLE = Path.of("/etc/access");

    private final List<String> warnings = new ArrayList<>();
    private final KeptKeys keys = new KeptKeys(warnings::add);

    private static SealedFiles.Item item(Path file, String stamp, String content)
            throws IOException {
        return new SealedFiles.Item(
                file,
                stamp,
                Set.of(),
                true,
                MemoryFile.of("test", content.getBytes(StandardCharsets.US_ASCII)),
                stamp);
    }

    private static String pem() {
        return SelfSigned.pem("mx.test", List.of(), Clock.systemUTC());
    }

    /// The stamps of the contents that a daemon gets when its files are these.
    private String given(SealedFiles.Item... items) {
        return String.join(
                " ",
                keys.judge("smtp", Set.of(KEY), List.of(items)).stream()
                        .map(SealedFiles.Item::contentStamp)
                        .toList());
    }

    @Test
    void aBrokenKeyIsNotTakenOverAndAGoodOneIs() throws IOException {
        assertEquals("1 a", given(item(KEY, "1", pem()), item(TABLE, "a", "x")));
        assertEquals("1 b", given(item(KEY, "2", "rubbish"), item(TABLE, "b", "y")));
        assertEquals(
                List.of("smtp: keeping the old certificate: no private key in [/etc/tls.pem]"),
                warnings);
        assertEquals(Set.of("1"), keys.stamps());
        assertEquals("3 b", given(item(KEY, "3", pem()), item(TABLE, "b", "y")));
        assertEquals(1, warnings.size());
    }

    @Test
    void whatChangesFurtherIsStillNoticed() throws IOException {
        given(item(KEY, "1", pem()));
        var given = keys.judge("smtp", Set.of(KEY), List.of(item(KEY, "2", "rubbish")));
        assertEquals("2", given.getFirst().stamp());
        assertEquals("1", given.getFirst().contentStamp());
    }

    @Test
    void whatARowHasAtFirstIsNotLookedAt() throws IOException {
        assertEquals("1", given(item(KEY, "1", "rubbish")));
        assertEquals(List.of(), warnings);
    }
}
