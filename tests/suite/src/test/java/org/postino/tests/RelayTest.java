// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Instance;

/// Two instances: one hands its outbound letters to the other.
class RelayTest {
    @TempDir Path dir;
    private Instance out;
    private Instance in;

    @BeforeEach
    void start() throws IOException {
        out = Instance.create(dir.resolve("out"), "out.test");
        in = Instance.create(dir.resolve("in"), "in.test");
        out.user("alice@out.test", "a")
                .set(
                        "relayhost = [127.0.0.1]:" + in.port(25),
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 2s",
                        "queue_run_delay = 1s",
                        "transport_retry_time = 1s")
                .start();
        in.user("bob@in.test", "b");
    }

    @AfterEach
    void stop() throws IOException {
        out.close();
        in.close();
    }

    @Test
    void aLetterGoesThroughASecondInstance() throws IOException {
        in.start();
        String id = out.send("alice@out.test", "bob@in.test", "Subject: far\n\ntext\n.dot");
        String line = out.awaitLog(id + ": to=<bob@in.test>");
        assertTrue(line.contains("status=sent (250 2.0.0 Ok: queued as "), line);
        in.awaitLog("status=sent");
        String letter = Files.readString(in.inbox("bob@in.test").getFirst());
        assertEquals(2, letter.split("\nReceived: |^Received: ", -1).length - 1, letter);
    }

    @Test
    void aRelayThatIsDownIsTriedAgain() throws IOException {
        String id = out.send("alice@out.test", "bob@in.test", "Subject: patience\n\ntext");
        String line = out.awaitLog(id + ": to=<bob@in.test>");
        assertTrue(line.contains("status=deferred (connect to 127.0.0.1[127.0.0.1]:"), line);
        out.awaitLog("]: connect to 127.0.0.1[127.0.0.1]:");
        String queue = out.command("postqueue", "-p").run().ok().out();
        assertTrue(queue.contains(id) && queue.contains("bob@in.test"), queue);
        assertTrue(queue.contains("Connection refused"), queue);
        in.start();
        out.command("postqueue", "-f").run().ok();
        in.awaitLog("status=sent");
        out.awaitEmptyQueue();
    }

    @Test
    void anUnknownRecipientThereComesBackHere() throws IOException {
        in.start();
        out.send("alice@out.test", "nobody-here@in.test", "Subject: lost\n\ntext");
        out.awaitLog("sender non-delivery notification");
        out.awaitEmptyQueue();
        String report = Files.readString(out.inbox("alice@out.test").getFirst());
        assertTrue(report.contains("Remote-MTA: dns; 127.0.0.1"), report);
        assertTrue(report.contains("550 5.1.1 <nobody-here@in.test>"), report);
    }
}
