// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.util.ByteReader;

final class ReplyReaderTest {
    private static ReplyReader reader(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ReplyReader(new ByteReader(new ByteArrayInputStream(bytes), 16));
    }

    @Test
    void aReplyReadsBackAsItWasPrinted() throws IOException {
        for (Reply reply :
                List.of(
                        Replies.OK,
                        Replies.START_DATA,
                        Replies.queued("4ABC"),
                        new Reply(250, null, List.of("mx.test", "SIZE 100", "DSN")),
                        new Reply(550, Replies.BAD_SENDER.status(), List.of("one", "two")))) {
            assertEquals(reply, reader(reply.print()).read());
        }
    }

    @Test
    void anEnhancedStatusThatContradictsTheCodeIsText() throws IOException {
        Reply reply = reader("550 4.1.1 no\r\n").read();
        assertNull(reply.status());
        assertEquals("4.1.1 no", reply.text());
    }

    @Test
    void whatAServerSaysIsMadeHarmless() throws IOException {
        assertEquals("a?b", reader("550 a\u001bb\n").read().text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello\r\n", "25\r\n", "199 x\r\n", "600 x\r\n", "250x\r\n", "\r\n"})
    void whatIsNotSmtpIsAnError(String text) {
        assertThrows(ReplyFormatException.class, () -> reader(text).read());
    }

    @Test
    void severalCodesInOneReplyAreAnError() {
        assertThrows(ReplyFormatException.class, () -> reader("250-a\r\n251 b\r\n").read());
    }

    @Test
    void aServerThatLeavesIsALostConnection() {
        assertThrows(EOFException.class, () -> reader("").read());
        assertThrows(EOFException.class, () -> reader("250-a\r\n").read());
        assertThrows(EOFException.class, () -> reader("250 a").read());
    }

    @Test
    void theCodeOfALongReplyCounts() throws IOException {
        ReplyReader reader =
                reader(
                        "550 5.1.1 "
                                + "x".repeat(4100)
                                + "\r\n"
                                + "550-5.1.1 no\r\n".repeat(300)
                                + "550 5.1.1 end\r\n"
                                + "250 "
                                + "x".repeat(2043)
                                + "\u00fc\u00fc\r\n"
                                + "221 Bye\r\n");
        Reply reply = reader.read();
        assertEquals("5.1.1", String.valueOf(reply.status()));
        assertEquals(2038, reply.text().length());
        reply = reader.read();
        assertEquals(550, reply.code());
        assertEquals(256, reply.lines().size());
        assertEquals("x".repeat(2043), reader.read().text());
        assertEquals(221, reader.read().code());
    }

    @Test
    void aReplyWithoutEndIsAnError() {
        assertThrows(ReplyFormatException.class, () -> reader("250-a\r\n".repeat(200_000)).read());
        assertThrows(ReplyFormatException.class, () -> reader("250 a".repeat(300_000)).read());
    }
}
