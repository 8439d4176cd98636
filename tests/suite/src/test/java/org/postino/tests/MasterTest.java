// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;
import org.postino.kit.Wire;

/// Starting, idling, reloading, stopping: nobody outside notices.
class MasterTest {
    @TempDir Path dir;
    private Instance mx;

    @BeforeEach
    void create() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user("bob@mx.test", "secret");
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    @Test
    void anUnusedServiceCostsNoProcess() throws IOException {
        mx.set("max_idle = 1s").start();
        assertEquals(0, mx.children("Imapd").size());
        try (Wire imap = mx.wire(143)) {
            imap.linesTo("* OK");
            assertEquals(1, mx.children("Imapd").size());
        }
        Await.until("imapd has left", () -> mx.children("Imapd").isEmpty());
        try (Wire imap = mx.wire(143)) {
            imap.linesTo("* OK");
        }
    }

    @Test
    void reloadUnderLoadRefusesAndBreaksNoSession() throws Exception {
        // A client that has gone counts until its session has ended; the 51st would make room.
        mx.set("client_newcomer_limit = 200").start();
        var failure = new AtomicReference<Throwable>();
        var done = new AtomicBoolean();
        var sent = new AtomicInteger();
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < 50; i++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (!done.get()) {
                                        mx.send("a@b.test", "bob@mx.test", "Subject: x\n\ntext");
                                        sent.incrementAndGet();
                                    }
                                } catch (IOException | AssertionError e) {
                                    failure.compareAndSet(null, e);
                                }
                            }));
        }
        for (int round = 0; round < 3; round++) {
            int mark = sent.get() + 60;
            Await.until("load", () -> sent.get() >= mark || failure.get() != null);
            mx.reload();
        }
        done.set(true);
        for (Thread client : clients) {
            client.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("a session broke after " + sent + " letters", failure.get());
        }
        mx.awaitEmptyQueue();
        assertEquals(sent.get(), mx.inbox("bob@mx.test").size());
    }

    @Test
    void aSessionOutlivesAReload() throws IOException {
        mx.start();
        try (Wire smtp = mx.wire(25)) {
            smtp.linesTo("220 ");
            smtp.ask("HELO client.test");
            mx.reload();
            assertEquals("250 2.1.0 Ok", smtp.ask("MAIL FROM:<a@b.test>"));
            assertEquals("250 2.1.5 Ok", smtp.ask("RCPT TO:<bob@mx.test>"));
            smtp.ask("DATA");
            assertTrue(
                    String.valueOf(smtp.ask("Subject: x\r\n\r\ntext\r\n."))
                            .startsWith("250 2.0.0 "));
            smtp.ask("QUIT");
        }
        mx.awaitEmptyQueue();
    }

    @Test
    void stopLeavesNoProcessAndStartGoesOn() throws IOException {
        mx.start();
        try (Wire imap = mx.wire(143)) {
            imap.linesTo("* OK");
        }
        var before = mx.processes();
        assertTrue(before.size() >= 3, "master, qmgr, imapd: " + before);
        mx.stop();
        Await.until("all have ended", () -> before.stream().noneMatch(ProcessHandle::isAlive));
        mx.start();
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: again\n\ntext");
        mx.awaitLog(id + ": removed");
    }

    @Test
    void daemonsFollowAMasterThatWasKilled() throws IOException {
        mx.start();
        mx.send("a@b.test", "bob@mx.test", "Subject: x\n\ntext");
        var all = mx.processes();
        ProcessHandle.of(mx.masterProcess()).orElseThrow().destroyForcibly();
        Await.until("the orphans have ended", () -> all.stream().noneMatch(ProcessHandle::isAlive));
        mx.start();
        String id = mx.send("a@b.test", "bob@mx.test", "Subject: y\n\ntext");
        mx.awaitLog(id + ": removed");
    }

    @Test
    void statusSaysWhatRuns() throws IOException {
        assertFalse(mx.command("postino", "status").run().status() == 0);
        mx.start();
        String table = mx.command("postino", "status").run().ok().out();
        assertTrue(table.contains("qmgr"), table);
        String json = mx.command("postino", "status", "-j").run().ok().out();
        assertTrue(json.strip().startsWith("{") || json.strip().startsWith("["), json);
    }
}
