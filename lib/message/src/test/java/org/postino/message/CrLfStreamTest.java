// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrLfStreamTest {
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "a, aR",
        "aN, aR",
        "aNb, aRbR",
        "aCN, aR",
        "aCNbCN, aRbR",
        "aCb, aRbR",
        "aC, aR",
        "aCCNb, aRbR",
        "NN, RR",
        "CC, R",
        "aNCN, aRR",
        "aCNN, aRR",
        "CNCN, RR",
    })
    void everyLineEndBecomesCrLf(String given, String expected) throws Exception {
        assertBecomes(given, expected, false);
    }

    @ParameterizedTest
    @CsvSource({
        "aCb, aCbR",
        "aCCb, aCCbR",
        "CaN, CaR",
        "aCNb, aRbR",
        "aCCNb, aRbR",
        "aC, aR",
        "aCbCNcN, aCbRcR",
        "CC, R",
    })
    void orAStrayCrIsKept(String given, String expected) throws Exception {
        assertBecomes(given, expected, true);
    }

    private static void assertBecomes(String given, String expected, boolean keeps)
            throws Exception {
        byte[] bytes =
                given.replace('C', '\r').replace('N', '\n').getBytes(StandardCharsets.US_ASCII);
        for (int size = 1; size <= bytes.length + 1; size++) {
            var collected = new ByteArrayOutputStream();
            var stream = keeps ? CrLfStream.keepingCr(collected) : new CrLfStream(collected);
            for (int i = 0; i < bytes.length; i += size) {
                stream.write(bytes, i, Math.min(size, bytes.length - i));
            }
            stream.finish();
            assertEquals(
                    expected.replace("R", "\r\n").replace('C', '\r'),
                    collected.toString(StandardCharsets.US_ASCII));
        }
    }
}
