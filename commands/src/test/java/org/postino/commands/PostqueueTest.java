// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.QueueEntry;
import org.postino.queue.QueueEntry.Waiting;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;

final class PostqueueTest {
    private static final Path GOLDEN = Path.of("src/test/resources/org/postino/commands");

    @TempDir Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void tableWithShortIds() throws IOException {
        var report = new QueueReport.Table(print(out), false, TimeZone.getTimeZone("UTC"));
        queue("3F0D620A3E", "3F0D620A40", "3F0D620A41", "D4008202F6A04").forEach(report::entry);
        report.end();
        assertEquals(golden("postqueue-p-short.ref"), text(out));
    }

    @Test
    void tableWithLongIds() throws IOException {
        var report = new QueueReport.Table(print(out), true, TimeZone.getTimeZone("UTC"));
        queue("4QpKwc3Vjvz1Xk", "4QpKwc3Vjvz1Xm", "4QpKwc3Vjvz1Xn", "4QpKwc3Vjvz1Xp")
                .forEach(report::entry);
        report.end();
        assertEquals(golden("postqueue-p-long.ref"), text(out));
    }

    @Test
    void jsonLines() throws IOException {
        var report = new QueueReport.Json(print(out));
        queue("3F0D620A3E", "3F0D620A40", "3F0D620A41", "D4008202F6A04").forEach(report::entry);
        report.end();
        assertEquals(golden("postqueue-j.ref"), text(out));
    }

    @Test
    void emptyQueueIsReadFromTheSpoolWhenNobodyAnswers() throws IOException {
        for (QueueName q : QueueName.values()) {
            Files.createDirectories(directory.resolve("spool").resolve(q.directory()));
        }
        assertEquals(0, postqueue("-c", config(), "-p"));
        assertEquals("Mail queue is empty\n", text(out));
        assertEquals(
                "postqueue: warning: Mail system is down -- accessing queue directly\n", text(err));
    }

    @Test
    void whoMayNotReadTheSpoolIsToldThatTheSystemIsDown() throws IOException {
        assertEquals(69, postqueue("-c", config(), "-p"));
        assertEquals(
                "postqueue: fatal: Queue report unavailable - mail system is down\n", text(err));
    }

    @Test
    void nothingIsFlushedWhenNobodyAnswers() throws IOException {
        assertEquals(69, postqueue("-f", "-c" + config()));
        assertEquals(
                "postqueue: fatal: Cannot flush mail queue - mail system is down\n", text(err));
    }

    @Test
    void oneThingAtATime() throws IOException {
        for (String[] args : new String[][] {{}, {"-p", "-f"}, {"-x"}, {"-i"}, {"word"}, {"-pj"}}) {
            assertEquals(64, postqueue(args));
        }
        assertTrue(text(err).startsWith("postqueue: fatal: usage: postqueue "));
    }

    @Test
    void nonsenseIsNotSentToTheQueueManager() throws IOException {
        assertEquals(64, postqueue("-c", config(), "-i", "../../etc"));
        assertEquals(64, postqueue("-c", config(), "-s", "a b"));
    }

    @Test
    void mailqIsPostqueueUnderAnotherName() {
        assertEquals(List.of("-p", "-c", "/x"), Mailq.arguments("-C", "/x"));
        assertEquals(List.of("-p", "-c/x", "-v"), Mailq.arguments("-C/x", "-v"));
    }

    private static List<QueueEntry> queue(String a, String b, String c, String d) {
        var arrival = Instant.parse("2026-03-01T12:00:07Z");
        return List.of(
                new QueueEntry(
                        new QueueId(a),
                        QueueName.ACTIVE,
                        false,
                        332,
                        arrival,
                        "root@example.com",
                        List.of(new Waiting("user@example.com", "user@example.com", ""))),
                new QueueEntry(
                        new QueueId(b),
                        QueueName.DEFERRED,
                        false,
                        12345,
                        arrival.plusSeconds(864_000),
                        "",
                        List.of(
                                new Waiting("one@y.test", "alias@y.test", "host is down"),
                                new Waiting("two@y.test", "two@y.test", "host is down"),
                                new Waiting("odd user@y.test", "odd user@y.test", ""),
                                new Waiting(
                                        "four@y.test",
                                        "four@y.test",
                                        "connect to mx.example.com[2001:db8:1234:5678::1]:25:"
                                                + " Connection timed out, and then some"))),
                new QueueEntry(
                        new QueueId(c),
                        QueueName.HOLD,
                        false,
                        1,
                        arrival,
                        "a\"b@x.test",
                        List.of(new Waiting("u@y.test", "u@y.test", ""))),
                new QueueEntry(
                        new QueueId(d),
                        QueueName.DEFERRED,
                        true,
                        1024,
                        arrival,
                        "a@x.test",
                        List.of(new Waiting("u@y.test", "u@y.test", "said \"no\""))));
    }

    private String config() throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "queue_directory = " + directory.resolve("spool") + "\nmyhostname = mx.test\n");
        return directory.toString();
    }

    private int postqueue(String... args) {
        return Postqueue.run(args, print(out), print(err));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }

    private static String golden(String name) throws IOException {
        return Files.readString(GOLDEN.resolve(name));
    }
}
