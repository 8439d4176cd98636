// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Wire;

/// The answers of clamd, and the time that it has for them.
@Timeout(60)
final class ClamdInspectorTest {
    private static final String TEMPORARY = "451 4.7.1 Service unavailable - try again later";

    @TempDir Path directory;

    /// A clamd that answers as it is told; an empty text is no answer.
    private static final class FakeClamd implements Closeable {
        private final ServerSocket socket =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private volatile String answer = "stream: OK";
        private final AtomicInteger parts = new AtomicInteger();

        FakeClamd() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket one = socket.accept();
                    Thread.ofVirtual().start(() -> serve(one));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void serve(Socket one) {
            try (one) {
                var in = new DataInputStream(one.getInputStream());
                in.skipNBytes("zINSTREAM\0".length());
                for (int length = in.readInt(); length > 0; length = in.readInt()) {
                    in.skipNBytes(length);
                    parts.incrementAndGet();
                }
                if (!answer.isEmpty()) {
                    one.getOutputStream()
                            .write((answer + "\0").getBytes(StandardCharsets.ISO_8859_1));
                }
                in.read(); // until it is closed
            } catch (IOException e) {
                parts.set(-1); // smtpd gave it up
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private SmtpdStage stage(FakeClamd clamd) throws IOException {
        var stage = new SmtpdStage(directory);
        stage.param("smtpd_clamd_servers", "inet:127.0.0.1:" + clamd.socket.getLocalPort());
        stage.param("smtpd_clamd_time_limit", "1s");
        return stage;
    }

    private static Wire begin(SmtpdStage stage) throws IOException {
        var wire = new Wire(stage.connect());
        String said = String.valueOf(wire.line());
        for (String command :
                new String[] {
                    "HELO c.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob@local.test>", "DATA"
                }) {
            wire.send(command + "\r\n");
            said = String.valueOf(wire.line());
        }
        assertTrue(said.startsWith("354 "), said);
        return wire;
    }

    private static String send(SmtpdStage stage) throws IOException {
        try (Wire wire = begin(stage)) {
            wire.send("Subject: x\r\n\r\nx\r\n.\r\n");
            return String.valueOf(wire.line());
        }
    }

    @Test
    void itsAnswerIsOneOfThree() throws IOException {
        try (var clamd = new FakeClamd();
                var stage = stage(clamd)) {
            assertTrue(send(stage).startsWith("250 2.0.0 Ok"));
            clamd.answer = "stream: Harmless.Test FOUND";
            assertEquals("550 5.7.1 Message contains a virus: Harmless.Test", send(stage));
            for (String other : new String[] {"NOK", "x ERROR", "", "x".repeat(2000) + " FOUND"}) {
                clamd.answer = other;
                assertEquals(TEMPORARY, send(stage));
            }
        }
    }

    /// The limit is clamd's: meanwhile, other messages that it does not answer come to it several times.
    @Test
    void aClientMayBeSlowerThanClamdMay() throws IOException {
        try (var clamd = new FakeClamd();
                var stage = stage(clamd)) {
            try (Wire slow = begin(stage)) {
                slow.send("Subject: x\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(1000));
                Await.until("clamd has some of it", () -> clamd.parts.get() > 0);
                clamd.answer = "";
                for (int i = 0; i < 3; i++) {
                    assertEquals(TEMPORARY, send(stage));
                }
                clamd.answer = "stream: OK";
                slow.send(".\r\n");
                assertTrue(String.valueOf(slow.line()).startsWith("250 2.0.0 Ok"));
            }
        }
    }
}
