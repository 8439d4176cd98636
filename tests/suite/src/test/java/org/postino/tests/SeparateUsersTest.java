// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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

/// The whole suite as root starts it: every program as its own user, in its sandbox, for accounts of the system. It stands in
/// `/srv`, which with the accounts is there for its processes alone.
@Timeout(400)
class SeparateUsersTest {
    private static final int POSTINO = 61_000;
    private static final int ALICE = 61_100;
    private static final int BOB = 61_101;
    private static final int VMAIL = 61_200;

    @TempDir Path dir;
    private final int[] ports = new int[4];
    private @Nullable PrivateAccounts accounts;

    @BeforeEach
    void create() throws IOException {
        PrivateAccounts.assumePossible();
        Files.setAttribute(dir, "unix:mode", 0755);
        for (String name : List.of("etc", "spool", "data", "log", "accounts", "image", "boxes")) {
            Files.createDirectory(dir.resolve(name));
        }
        PrivateAccounts.home(dir, "alice", ALICE);
        PrivateAccounts.home(dir, "bob", BOB);
        PrivateAccounts.home(dir, "vmail", VMAIL);
        Files.setAttribute(dir.resolve("boxes"), "unix:gid", 8);
        Files.setAttribute(dir.resolve("boxes"), "unix:mode", 02775);
        accounts =
                PrivateAccounts.create(dir.resolve("accounts"))
                        .suite(POSTINO)
                        .add("alice", ALICE, Path.of("/srv/home/alice"), PrivateAccounts.SECRET)
                        .add("bob", BOB, Path.of("/srv/home/bob"), PrivateAccounts.SECRET)
                        .service("postino", "@include common-auth\n@include common-account\n");
        configuration();
        inside("postino", "-c", "/srv/etc", "start").ok();
    }

    private void configuration() throws IOException {
        for (int i = 0; i < ports.length; i++) {
            ports[i] = FreePort.find();
        }
        Files.write(
                dir.resolve("etc/main.cf"),
                List.of(
                        "queue_directory = /srv/spool",
                        "data_directory = /srv/data",
                        "maillog_file = /srv/log/mail.log",
                        "maillog_file_prefixes = /srv",
                        "myhostname = mx.test",
                        "mydestination = mx.test",
                        "inet_interfaces = loopback-only",
                        "mail_owner = postino",
                        "alias_maps = texthash:/srv/etc/aliases",
                        "mail_spool_directory = /srv/boxes",
                        "mail_location = mbox:~/mail:INBOX=/srv/boxes/%u",
                        "virtual_mailbox_domains = virtual.test",
                        "virtual_mailbox_base = /srv/home/vmail",
                        "virtual_mailbox_maps = texthash:/srv/etc/virtual",
                        "virtual_uid_maps = static:" + VMAIL,
                        "virtual_gid_maps = static:" + VMAIL,
                        "transport_maps = inline:{ elsewhere.test=relay:[127.0.0.1]:"
                                + ports[3]
                                + " }",
                        "mynetworks = 127.0.0.0/8",
                        "smtpd_recipient_restrictions = check_recipient_access texthash:/srv/etc/filtered",
                        "auth_passdb = "
                                + (Files.exists(Path.of("/etc/pam.d/common-auth"))
                                        ? "pam"
                                        : "shadow")));
        Files.writeString(dir.resolve("etc/aliases"), "postmaster alice\n");
        Files.writeString(
                dir.resolve("etc/virtual"), "carol@virtual.test carol/\ndora@virtual.test dora/\n");
        Files.writeString(dir.resolve("etc/filtered"), "dora@virtual.test FILTER spamassassin:\n");
        var rows = new ArrayList<String>();
        for (String row : Files.readAllLines(Instance.root().resolve("conf/master.cf"))) {
            if (!row.contains(" inet ") && !row.startsWith("  -o")) {
                rows.add(row);
            }
        }
        rows.add(
                "spamassassin unix - n n - - pipe user=alice argv=/srv/home/alice/spamc -f -e"
                        + " /srv/image/bin/sendmail -C /srv/etc -oi -f ${sender} ${recipient}");
        rows.add("127.0.0.1:" + ports[0] + " inet n - n - - smtpd");
        rows.add("127.0.0.1:" + ports[1] + " inet n - n - - imapd");
        rows.add("127.0.0.1:" + ports[2] + " inet n - n - - pop3d");
        Files.write(dir.resolve("etc/master.cf"), rows);
    }

    /// Runs a command of the image where the suite is.
    private Command.Result inside(String... words) throws IOException {
        PrivateAccounts all = Objects.requireNonNull(accounts);
        String place =
                "mount --bind "
                        + dir
                        + " /srv && mount --bind "
                        + Instance.imageDirectory()
                        + " /srv/image && exec \"$@\"";
        var command = new ArrayList<>(List.of("sh", "-c", place, "sh"));
        command.add("/srv/image/bin/" + words[0]);
        command.addAll(List.of(words).subList(1, words.length));
        return new Command(all.command(command).toArray(String[]::new)).run();
    }

    @AfterEach
    void stop() throws IOException {
        if (accounts != null && Files.exists(dir.resolve("spool/pid/master.pid"))) {
            inside("postino", "-c", "/srv/etc", "stop");
        }
    }

    private void send(String to, String text) throws IOException {
        try (var smtp = new Wire(new Socket(InetAddress.getLoopbackAddress(), ports[0]))) {
            smtp.linesTo("220 ");
            smtp.send("EHLO client.test\r\n");
            smtp.linesTo("250 ");
            expect("250", smtp.ask("MAIL FROM:<bob@mx.test>"));
            expect("250", smtp.ask("RCPT TO:<" + to + ">"));
            expect("354", smtp.ask("DATA"));
            expect("250", smtp.ask("Subject: x\r\n\r\n" + text + "\r\n."));
        }
    }

    private static void expect(String start, @Nullable String reply) {
        assertTrue(
                reply != null && reply.startsWith(start),
                () -> "expected " + start + ", got " + reply);
    }

    private void awaitLog(String text) {
        Await.until(
                text,
                Duration.ofSeconds(90),
                () -> Files.readString(dir.resolve("log/mail.log")).contains(text),
                () -> {
                    try {
                        return "\n" + Files.readString(dir.resolve("log/mail.log"));
                    } catch (IOException e) {
                        return e.toString();
                    }
                });
    }

    @Test
    void aLetterReachesAnAccountOfTheSystemAndIsReadByPop3AndImap() throws IOException {
        send("postmaster@mx.test", "first letter");
        awaitLog("status=sent (delivered to mailbox)");
        Path box = dir.resolve("boxes/alice");
        assertEquals(ALICE, Files.getAttribute(box, "unix:uid"));
        try (var pop = new Wire(new Socket(InetAddress.getLoopbackAddress(), ports[2]))) {
            expect("+OK", pop.line());
            expect("+OK", pop.ask("USER alice"));
            expect("+OK", pop.ask("PASS secret"));
            expect("+OK 1 ", pop.ask("STAT"));
            expect("+OK", pop.ask("RETR 1"));
            assertTrue(pop.linesToDot().contains("first letter"));
            expect("+OK", pop.ask("QUIT"));
        }
        try (var imap = new Wire(new Socket(InetAddress.getLoopbackAddress(), ports[1]))) {
            expect("* OK", imap.line());
            imap.send("a LOGIN alice secret\r\n");
            imap.linesTo("a OK");
            imap.send("b SELECT INBOX\r\n");
            assertTrue(imap.linesTo("b ").contains("1 EXISTS"));
            imap.send("c CREATE Sent\r\nd LOGOUT\r\n");
            imap.linesTo("c OK");
        }
        assertEquals(ALICE, Files.getAttribute(dir.resolve("home/alice/mail"), "unix:uid"));
    }

    @Test
    void aUsersCommandRunsAsTheUserWithNothingElse() throws IOException {
        forward(
                "\"|cat >letter; id >who; cat /proc/self/status >status;"
                        + " cat /etc/shadow /srv/spool/active/* /srv/home/alice/x 2>/dev/null | wc -c >seen\"\n");
        send("bob@mx.test", "for a command");
        awaitLog("status=sent (delivered to command");
        Path home = dir.resolve("home/bob");
        assertTrue(Files.readString(home.resolve("letter")).contains("for a command"));
        assertEquals(
                "uid=" + BOB + "(bob) gid=" + BOB + "(bob) groups=" + BOB + "(bob)",
                Files.readString(home.resolve("who")).strip());
        String status = Files.readString(home.resolve("status"), StandardCharsets.UTF_8);
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
            assertTrue(status.contains(set + ":\t0000000000000000"), status);
        }
        assertEquals("0", Files.readString(home.resolve("seen")).strip());
    }

    @Test
    void aUsersCommandMaySendMail() throws IOException {
        forward("\"|/srv/image/bin/sendmail -C /srv/etc carol@virtual.test\"\n");
        send("bob@mx.test", "sent on");
        awaitLog("to=<carol@virtual.test>, relay=virtual");
        Path box = dir.resolve("home/vmail/carol/new");
        try (var letters = Files.list(box)) {
            Path letter = letters.findFirst().orElseThrow();
            assertEquals(VMAIL, Files.getAttribute(letter, "unix:uid"));
            assertTrue(Files.readString(letter).contains("sent on"));
        }
    }

    @Test
    void aLetterIsRelayedAndANotificationComesBack() throws IOException {
        try (var other = new ServerSocket(ports[3], 5, InetAddress.getLoopbackAddress())) {
            send("dave@elsewhere.test", "for others");
            try (var wire = new Wire(other.accept())) {
                wire.send("220 other.test ESMTP\r\n");
                expect("EHLO", wire.line());
                wire.send("250 other.test\r\n");
                expect("MAIL", wire.line());
                wire.send("250 ok\r\n");
                expect("RCPT", wire.line());
                wire.send("550 5.1.1 unknown\r\n");
                awaitLog("status=bounced");
            }
        }
        awaitLog("to=<bob@mx.test>, relay=local");
        Await.until("notification", () -> Files.exists(dir.resolve("boxes/bob")));
    }

    /// The row of the tutorials for SpamAssassin, with a stand-in for spamc(1).
    @Test
    void aFilterGetsAMessageAndGivesItBack() throws IOException {
        Path spamc = dir.resolve("home/alice/spamc");
        Files.write(
                spamc,
                List.of(
                        "#!/bin/sh",
                        "[ \"$1 $2\" = '-f -e' ] || exit 64",
                        "shift 2",
                        "{ echo X-Spam-Status: No, as=$(id -un)-$(id -G), in=$(pwd); cat; } | \"$@\""));
        PrivateAccounts.own(spamc, ALICE);
        Files.setAttribute(spamc, "unix:mode", 0755);
        send("dora@virtual.test", "to be filtered");
        awaitLog("to=<dora@virtual.test>, relay=spamassassin");
        awaitLog("status=sent (delivered via spamassassin service)");
        awaitLog("to=<dora@virtual.test>, relay=virtual");
        try (var letters = Files.list(dir.resolve("home/vmail/dora/new"))) {
            String letter = Files.readString(letters.findFirst().orElseThrow());
            assertTrue(
                    letter.contains("X-Spam-Status: No, as=alice-" + ALICE + ", in=/srv/spool"),
                    letter);
            assertTrue(letter.contains("Return-Path: <bob@mx.test>"), letter);
            assertTrue(letter.contains("to be filtered"), letter);
        }
    }

    /// Writes bob's `.forward`.
    private void forward(String text) throws IOException {
        PrivateAccounts.own(Files.writeString(dir.resolve("home/bob/.forward"), text), BOB);
    }
}
