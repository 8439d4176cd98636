// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentStartTest {
    /// `|` stands for CRLF, `_` for a blank.
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "|body|, |body|",
        "Subject:_x||y|, Subject:_x||y|",
        "From_a_b|Subject:_x||y|, X-Mailbox-Line:_From_a_b|Subject:_x||y|",
        ">From_a|Subject:_x|, X-Mailbox-Line:_>From_a|Subject:_x|",
        ">>>From_a|From_b|>From_c|To:_x|,"
                + " X-Mailbox-Line:_>>>From_a|X-Mailbox-Line:_From_b|X-Mailbox-Line:_>From_c|To:_x|",
        "From:_a|From_b|, From:_a|From_b|",
        "Subject:_x|From_b|, Subject:_x|From_b|",
        "From|, From|",
        ">Fro|, >Fro|",
        "_by_mx.forged.test|, |_by_mx.forged.test|",
        "From_a|_b|, X-Mailbox-Line:_From_a||_b|",
        ">_a|, >_a|",
        ">>|, >>|",
        "From_|, X-Mailbox-Line:_From_|",
    })
    void theFirstLinesCannotSpoilTheHeader(String given, String expected) throws IOException {
        byte[] bytes = text(given).getBytes(StandardCharsets.ISO_8859_1);
        for (int piece = 1; piece <= bytes.length + 1; piece++) {
            var out = new ByteArrayOutputStream();
            try (var start = new ContentStart(out)) {
                for (int at = 0; at < bytes.length; at += piece) {
                    start.write(bytes, at, Math.min(piece, bytes.length - at));
                }
            }
            assertEquals(text(expected), out.toString(StandardCharsets.ISO_8859_1));
        }
    }

    private static String text(String shown) {
        return shown.replace("|", "\r\n").replace('_', ' ');
    }
}
