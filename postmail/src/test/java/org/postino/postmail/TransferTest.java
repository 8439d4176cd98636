// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.mailstore.Cached;
import org.postino.mailstore.Flag;
import org.postino.mailstore.Flags;

class TransferTest {
    private static final String FIELDS = "mailbox flags hdr.subject date.received.unixtime body";

    @TempDir Path dir;
    private MailRig rig;

    @BeforeEach
    void fill() throws IOException {
        rig = new MailRig(dir);
        rig.store(
                "ann",
                store -> {
                    store.create("Work.Plans");
                    Instant then = Instant.parse("2020-03-01T12:00:00Z");
                    Flags seen =
                            Flags.of(Flag.SEEN).plus(Flags.parse(List.of("odd")).orElseThrow());
                    store.append("INBOX", seen, then, MailRig.letter("one", "From the first"));
                    store.append(
                            "Work.Plans", Flags.of(Flag.DRAFT), then, MailRig.letter("two", "x"));
                });
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private String mail(String user) {
        return rig.run("fetch", "-u", user, FIELDS, "ALL").ok().replace(" \\Recent", "");
    }

    @Test
    void aMaildirGoesOutAndComesInWithFlagsAndDates() {
        String there = "maildir:" + dir.resolve("copy");
        rig.run("export", "-u", "ann", "-s", there).ok();
        rig.run("import", "-u", "ben", there, "", "ALL").ok();
        assertEquals(mail("ann"), mail("ben"));
        rig.run("import", "-u", "ben", "-s", there, "Old.Mail", "SUBJECT", "two").ok();
        assertEquals(
                "Old.Mail.Work.Plans 1\n", rig.run("search", "-u", "ben", "MAILBOX", "Old*").ok());
        assertEquals("Old.Mail.Work.Plans\n", rig.run("mailbox", "list", "-s", "-u", "ben").ok());
    }

    @Test
    void mboxesGoOutAndComeInAndSoDoesOneFile() {
        String there = "mbox:" + dir.resolve("boxes") + ":INBOX=" + dir.resolve("in.mbox");
        rig.run("export", "-u", "ann", there).ok();
        assertTrue(Files.isRegularFile(dir.resolve("boxes/Work/Plans")));
        rig.run("import", "-u", "ben", there, "", "ALL").ok();
        assertEquals(mail("ann"), mail("ben"));
        rig.run("import", "-u", "ben", "mbox:" + dir.resolve("in.mbox"), "One", "ALL").ok();
        assertEquals("One.INBOX 1\n", rig.run("search", "-u", "ben", "MAILBOX", "One*").ok());
    }

    @Test
    void placesThatAreNoneAreTold() {
        var missing = rig.run("import", "-u", "ann", "maildir:" + dir.resolve("no"), "", "ALL");
        assertEquals(68, missing.status());
        assertTrue(Files.notExists(dir.resolve("no")));
        assertEquals(64, rig.run("import", "-u", "ann", "dbox:/x", "", "ALL").status());
        assertEquals(64, rig.run("import", "-u", "ann", "maildir:/x", "").status());
    }

    @Test
    void anIndexedMessageIsInTheCache() throws IOException {
        rig.run("index", "-u", "ann", "*").ok();
        rig.store(
                "ann",
                store -> {
                    try (var inbox = store.open("INBOX", true)) {
                        for (var part :
                                List.of(
                                        Cached.Part.HEADER,
                                        Cached.Part.ENVELOPE,
                                        Cached.Part.STRUCTURE,
                                        Cached.Part.PREVIEW)) {
                            assertNotNull(inbox.cached(1).get(part), part.name());
                        }
                    }
                });
        assertEquals(68, rig.run("index", "-u", "ann", "None").status());
    }

    @Test
    void theIndexerIsTold() throws Exception {
        Path socket = dir.resolve("spool/private/indexer");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            var asked = new ArrayBlockingQueue<String>(9);
            var indexer =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (String answer : List.of("indexed", "failed")) {
                                    answer(server, asked, answer);
                                }
                            });
            assertEquals("", rig.run("index", "-u", "ann", "INBOX").ok());
            var failed = rig.run("index", "-u", "ann", "INBOX");
            assertTrue(failed.err().contains("INBOX: no room"), failed.err());
            assertEquals(75, failed.status());
            indexer.join(Duration.ofSeconds(30));
            assertEquals(List.of("ann INBOX", "ann INBOX"), List.copyOf(asked));
        }
    }

    private static void answer(ServerSocketChannel server, Queue<String> asked, String answer) {
        try (var c = IpcConnection.over(server.accept())) {
            var request = Objects.requireNonNull(c.receive());
            asked.add(request.text("user") + " " + request.text("mailbox"));
            c.send(Message.of(answer).with("messages", 1L).with("reason", "no room").build());
            c.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
