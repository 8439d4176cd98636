// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;
import org.postino.kit.PrivateAccounts;
import org.postino.kit.Wire;

/// Mail for accounts of the system, through a suite whose programs have users of their own.
@Timeout(400)
class SystemMailTest {
    private static final int POSTINO = 61_300;
    private static final int ANN = 61_400;
    private static final int BEN = 61_401;

    @TempDir Path dir;
    private final int[] ports = new int[3];
    private @Nullable PrivateAccounts accounts;

    @BeforeEach
    void create() throws IOException {
        PrivateAccounts.assumePossible();
        Files.setAttribute(dir, "unix:mode", 0755);
        for (String name : List.of("etc", "spool", "data", "accounts", "boxes")) {
            Files.createDirectory(dir.resolve(name));
        }
        Files.setAttribute(dir.resolve("boxes"), "unix:gid", 8);
        Files.setAttribute(dir.resolve("boxes"), "unix:mode", 02775);
        Path ann = PrivateAccounts.home(dir, "ann", ANN);
        Path ben = PrivateAccounts.home(dir, "ben", BEN);
        accounts =
                PrivateAccounts.create(dir.resolve("accounts"))
                        .suite(POSTINO)
                        .add("ann", ANN, ann, PrivateAccounts.SECRET)
                        .add("ben", BEN, ben, PrivateAccounts.SECRET);
    }

    private void start(String... settings) throws IOException {
        for (int i = 0; i < ports.length; i++) {
            ports[i] = FreePort.find();
        }
        var lines =
                new ArrayList<>(
                        List.of(
                                "queue_directory = " + dir.resolve("spool"),
                                "data_directory = " + dir.resolve("data"),
                                "maillog_file = " + log(),
                                "maillog_file_prefixes = " + dir,
                                "myhostname = mx.test",
                                "mydestination = mx.test",
                                "inet_interfaces = loopback-only",
                                "mail_owner = postino",
                                "recipient_delimiter = +",
                                "alias_maps = texthash:" + dir.resolve("etc/aliases"),
                                "mail_spool_directory = " + dir.resolve("boxes"),
                                "auth_userdb = passwd",
                                "auth_passdb = shadow",
                                "deliver_lock_attempts = 1",
                                "minimal_backoff_time = 1s",
                                "maximal_backoff_time = 1s",
                                "queue_run_delay = 1s"));
        lines.addAll(List.of(settings));
        Files.write(dir.resolve("etc/main.cf"), lines);
        Files.writeString(dir.resolve("etc/aliases"), "both ann, ben\n");
        Files.writeString(
                dir.resolve("etc/master.cf"),
                """
                127.0.0.1:%d inet n - n - - smtpd
                127.0.0.1:%d inet n - n - - imapd
                127.0.0.1:%d inet n - n - - pop3d
                pickup unix n - n 60 1 pickup
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                bounce unix - - n - 0 bounce
                auth unix - - n - 0 auth
                auth-worker unix - n n - - auth-worker
                local unix - - n - - local
                smtp unix - - n - - smtp
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
                """
                        .formatted(ports[0], ports[1], ports[2]));
        inside("start").ok();
    }

    private Command.Result inside(String verb) throws IOException {
        var all = accounts;
        Assumptions.assumeTrue(all != null, "no accounts");
        var words = new ArrayList<String>();
        words.add(Instance.imageDirectory().resolve("bin/postino").toString());
        words.addAll(List.of("-c", dir.resolve("etc").toString(), verb));
        return new Command(all.command(words).toArray(String[]::new)).run();
    }

    @AfterEach
    void stop() throws IOException {
        if (Files.exists(dir.resolve("etc/main.cf"))) {
            inside("stop");
        }
    }

    private Path log() {
        return dir.resolve("mail.log");
    }

    private void awaitLog(String text) {
        Await.until(
                "\"" + text + "\" in the log",
                () -> Files.exists(log()) && Files.readString(log()).contains(text));
    }

    private Wire wire(int port) throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private void send(String to) throws IOException {
        try (Wire wire = wire(ports[0])) {
            wire.line();
            for (String line :
                    List.of("HELO c", "MAIL FROM:<s@else.test>", "RCPT TO:<" + to + ">", "DATA")) {
                wire.send(line + "\r\n");
                wire.line();
            }
            wire.send("Subject: for " + to + "\r\n\r\nFrom me\r\n.\r\n");
            String queued = wire.line();
            assertTrue(queued.startsWith("250 "), queued);
        }
    }

    private static String ids(Path file) throws IOException {
        var about = Files.readAttributes(file, "unix:uid,gid,mode");
        return about.get("uid")
                + ":"
                + about.get("gid")
                + " "
                + Integer.toOctalString((Integer) about.get("mode") & 07777);
    }

    @Test
    void mailboxesInTheSpoolAreFilledReadAndLocked() throws Exception {
        start();
        Path lock = Files.writeString(dir.resolve("boxes/ann.lock"), "");
        Files.setAttribute(lock, "unix:mode", 0);
        send("ann+x@mx.test");
        awaitLog("unable to lock for exclusive access");
        Files.delete(lock);
        awaitLog("to=<ann+x@mx.test>, relay=local, delay=");
        awaitLog("status=sent (delivered to mailbox)");
        assertEquals(ANN + ":8 600", ids(dir.resolve("boxes/ann")));
        send("root@mx.test");
        Path root = dir.resolve("boxes/root");
        Await.until("root's mailbox", () -> Files.exists(root) && Files.size(root) > 0);
        assertEquals((POSTINO + 5) + ":8 600", ids(root));
        try (Wire imap = wire(ports[1])) {
            imap.line();
            imap.send(
                    "a LOGIN ann secret\r\nb SELECT INBOX\r\nc CREATE saved\r\nd COPY 1 saved\r\n");
            imap.send("e STORE 1 +FLAGS (\\Deleted)\r\nf EXPUNGE\r\ng LOGOUT\r\n");
            for (String tag : List.of("a", "b", "c", "d", "e", "f")) {
                assertEquals(tag + " OK", tagged(imap, tag));
            }
        }
        assertEquals(0, Files.size(dir.resolve("boxes/ann")));
        assertEquals(ANN + ":" + ANN + " 600", ids(dir.resolve("home/ann/mail/saved")));
        try (var files = Files.list(dir.resolve("boxes"))) {
            assertEquals(2, files.count(), "no lock is left");
        }
    }

    private static String tagged(Wire wire, String tag) throws IOException {
        String line = wire.line();
        while (!line.startsWith(tag + " ")) {
            line = wire.line();
        }
        return line.substring(0, Math.min(4, line.length()));
    }

    @Test
    void aMaildirInAClosedHomeWakesAClientThatIdles() throws Exception {
        start("home_mailbox = Maildir/");
        send("ann@mx.test");
        awaitLog("status=sent (delivered to maildir)");
        try (Wire imap = wire(ports[1])) {
            imap.line();
            imap.send("a LOGIN ann secret\r\nb SELECT INBOX\r\nc IDLE\r\n");
            assertEquals("a OK", tagged(imap, "a"));
            assertEquals("b OK", tagged(imap, "b"));
            assertTrue(imap.line().startsWith("+"));
            send("both@mx.test");
            assertEquals("* 2 EXISTS", imap.line());
            imap.send("DONE\r\n");
            assertEquals("c OK", tagged(imap, "c"));
        }
        assertEquals(ANN + ":" + ANN + " 700", ids(dir.resolve("home/ann/Maildir")));
        assertFalse(Files.readString(log()).contains("seen late"));
    }

    @Test
    void forwardFilesAndCommandsActAsTheirUser() throws Exception {
        start("fallback_transport = discard:", "local_recipient_maps =");
        Path ann = dir.resolve("home/ann");
        Path said = ann.resolve("said");
        Path forward =
                Files.writeString(
                        ann.resolve(".forward"),
                        "\\ann, "
                                + ann
                                + "/copy, ben\n\"|(id -u; id -g; grep Cap /proc/self/status; cat) >"
                                + said
                                + "\"\n");
        PrivateAccounts.own(forward, ANN);
        Files.writeString(dir.resolve("home/ben/.forward"), "/" + dir + "/home/ann/stolen\n");
        PrivateAccounts.own(dir.resolve("home/ben/.forward"), BEN);
        send("ann@mx.test");
        awaitLog("status=sent (forwarded as ");
        awaitLog("dsn=5.2.0, status=bounced (cannot append message to file ");
        assertEquals(ANN + ":" + ANN + " 600", ids(ann.resolve("copy")));
        assertEquals(ANN + ":8 600", ids(dir.resolve("boxes/ann")));
        List<String> lines = Files.readAllLines(said);
        assertEquals(List.of(ANN + "", ANN + ""), lines.subList(0, 2));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
            assertTrue(lines.contains(set + ":\t0000000000000000"), lines.toString());
        }
        assertFalse(Files.exists(ann.resolve("stolen")));
        send("stranger@mx.test");
        awaitLog("to=<stranger@mx.test>, relay=none");
    }
}
