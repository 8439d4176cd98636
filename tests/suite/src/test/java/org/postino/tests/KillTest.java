// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// kill -9 at any time: what was acknowledged arrives.
class KillTest {
    private static final int LETTERS = 1000;
    private static final int CLIENTS = 8;

    @TempDir Path dir;
    private Instance mx;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user("bob@mx.test", "secret")
                .set(
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 2s",
                        "queue_run_delay = 1s",
                        "transport_retry_time = 1s")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    @Test
    void noAcknowledgedLetterIsLostWhenEachDaemonIsKilledInTurn() throws Exception {
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(this::sendUntilDone));
        }
        int killed = 0;
        List<String> victims = List.of("Virtual", "Cleanup", "Qmgr", "Smtpd", "Local", "Auth");
        for (int round = 0; round < victims.size(); round++) {
            int mark = acknowledged.size() + LETTERS / 10;
            Await.until(
                    "letters before the kill",
                    Duration.ofSeconds(90),
                    () -> acknowledged.size() >= Math.min(mark, LETTERS),
                    () -> acknowledged.size() + " acknowledged");
            for (ProcessHandle victim : mx.children(victims.get(round))) {
                killed += victim.destroyForcibly() ? 1 : 0;
            }
        }
        for (Thread client : clients) {
            client.join();
        }
        assertTrue(killed >= 3, "only " + killed + " daemons were there to be killed");
        assertEquals(LETTERS, acknowledged.size());
        Await.until(
                "every acknowledged letter is in the mailbox",
                Duration.ofSeconds(120),
                () -> arrived().containsAll(acknowledged),
                () -> missing());
        mx.awaitEmptyQueue();
    }

    private void sendUntilDone() {
        for (int n = next.getAndIncrement(); n < LETTERS; n = next.getAndIncrement()) {
            String subject = "letter-" + n + "-";
            while (!sent(subject)) {
                Thread.onSpinWait();
            }
            acknowledged.add(subject);
        }
    }

    /// Whether the server said 250 to the whole letter; a broken session is tried again, as a real client does.
    private boolean sent(String subject) {
        try (Wire smtp = mx.wire(25)) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            smtp.linesTo("250 ");
            smtp.send("MAIL FROM:<a@client.test>\r\nRCPT TO:<bob@mx.test>\r\nDATA\r\n");
            smtp.linesTo("250 ");
            smtp.linesTo("250 ");
            smtp.linesTo("354 ");
            String reply = smtp.ask("Subject: " + subject + "\r\n\r\ntext\r\n.");
            return reply != null && reply.startsWith("250 ");
        } catch (IOException e) {
            return false;
        }
    }

    private Set<String> arrived() throws IOException {
        Set<String> subjects = ConcurrentHashMap.newKeySet();
        for (Path letter : mx.inbox("bob@mx.test")) {
            for (String line : Files.readAllLines(letter, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Subject: ")) {
                    subjects.add(line.substring(9));
                    break;
                }
            }
        }
        return subjects;
    }

    private String missing() {
        try {
            var left = new ArrayList<>(acknowledged);
            left.removeAll(arrived());
            return left.size() + " missing: " + left.subList(0, Math.min(5, left.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
