// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrayLineEndsTest {
    private static final String STRAY = "A: b\rc\r\n\r\nx\ny\rz\r\r\n";

    @TempDir Path dir;

    private static String through(String text, int step) throws IOException {
        var out = new ByteArrayOutputStream();
        var stray = new StrayLineEnds(out::write);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i += step) {
            stray.content(bytes, i, Math.min(step, bytes.length - i));
        }
        stray.end();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc",
        "<r><n>, <r><n>",
        "a<r>b<n>c<r><n>, a b c<r><n>",
        "<n><r>, '  '",
        "a<r><r><n><n>b, a <r><n> b",
        "<r><n><r><n>a<r>, '<r><n><r><n>a '",
    })
    void eachBecomesASpaceWhateverThePieces(String text, String expected) throws IOException {
        for (int step : new int[] {1, 2, 3, 100}) {
            assertEquals(ends(expected), through(ends(text), step), "step " + step);
        }
    }

    private static String ends(String text) {
        return text.replace("<r>", "\r").replace("<n>", "\n");
    }

    @Test
    void aMessageIsStoredWithoutThem() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals(
                    "A: b c\r\n\r\nx y z \r\n",
                    rig.stored(Rig.from("a@x.test"), STRAY, "b@y.test"));
        }
    }

    @Test
    void unlessMainCfWantsThem() throws Exception {
        try (var rig = new Rig(dir, Map.of("cleanup_replace_stray_cr_lf", "no"))) {
            assertEquals(STRAY, rig.stored(Rig.from("a@x.test"), STRAY, "b@y.test"));
        }
    }
}
