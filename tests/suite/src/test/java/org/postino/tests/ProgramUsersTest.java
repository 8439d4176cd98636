// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.PrivateAccounts;
import org.postino.kit.TrustingTls;
import org.postino.kit.Wire;
import org.postino.tls.SelfSigned;

/// Whole instances whose programs run as users of their own, as on a machine where the package is installed.
@Timeout(300)
class ProgramUsersTest {
    private static final int POSTINO = 61100;
    private static final int SMTPD = POSTINO + 1;
    private static final int SMTP = POSTINO + 2;
    private static final int IMAPD = POSTINO + 3;
    private static final int POP3D = POSTINO + 4;
    private static final int LOCAL = POSTINO + 5;
    private static final int AUTH = POSTINO + 6;
    private static final int ALICE = 61201;
    private static final int VIRTUAL_MAIL = 61202;

    @TempDir Path dir;
    private PrivateAccounts accounts;
    private final List<Instance> running = new ArrayList<>();

    @BeforeEach
    void makeAccounts() throws IOException {
        PrivateAccounts.assumePossible();
        Assumptions.assumeTrue(
                Command.exists("setpriv") && Command.exists("perl"),
                "setpriv(1) and perl(1) are not installed");
        for (Path p = Instance.imageDirectory(); p != null; p = p.getParent()) {
            Path at = p;
            int mode = (Integer) Files.getAttribute(p, "unix:mode");
            Assumptions.assumeTrue((mode & 1) != 0, () -> at + " is closed to other users");
        }
        Files.setAttribute(dir, "unix:mode", 0755);
        Path alice = PrivateAccounts.home(dir, "alice", ALICE);
        accounts =
                PrivateAccounts.create(Files.createDirectory(dir.resolve("etc")))
                        .suite(POSTINO)
                        .add("alice", ALICE, alice, PrivateAccounts.LOCKED);
    }

    @AfterEach
    void stop() throws IOException {
        for (Instance instance : running) {
            instance.stop();
        }
    }

    /// An instance whose files are root's; a directory of virtual users' mail is theirs.
    private Instance instance(String name) throws IOException {
        var instance = Instance.create(dir.resolve(name), name + ".test");
        Files.setAttribute(instance.directory(), "unix:mode", 0755);
        PrivateAccounts.own(instance.directory().resolve("mail"), VIRTUAL_MAIL);
        Files.setAttribute(instance.directory().resolve("mail"), "unix:mode", 0711);
        instance.set("mail_owner = postino", "auth_userdb = passwd-file, passwd");
        return instance;
    }

    private void start(Instance instance) throws IOException {
        var words = new ArrayList<String>();
        words.add(Instance.imageDirectory().resolve("bin/postino").toString());
        words.addAll(List.of("-c", instance.directory().toString(), "start"));
        new Command(accounts.command(words).toArray(String[]::new)).run().ok();
        running.add(instance);
    }

    private static Command as(int uid, int gid, int group, String... words) {
        var all = new ArrayList<String>();
        all.addAll(List.of("setpriv", "--reuid", "" + uid, "--regid", "" + gid));
        all.addAll(List.of("--groups", "" + group, "--"));
        all.addAll(List.of(words));
        return new Command(all.toArray(String[]::new));
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    @Test
    void lettersGoFromEndToEndAndEveryProgramIsItsOwnUser() throws IOException {
        Instance mx = instance("mx").user("vera@mx.test", "secret");
        start(mx);
        Instance out = instance("out");
        Path passwords = Files.writeString(out.directory().resolve("sasl"), passwordOf(mx));
        Files.setAttribute(passwords, "unix:mode", 0600);
        out.command("postmap", passwords.toString()).run().ok();
        assertEquals(0600, mode(Path.of(passwords + ".db")));
        out.set(
                "relayhost = [127.0.0.1]:" + mx.port(587),
                "smtp_sasl_auth_enable = yes",
                "smtp_sasl_password_maps = hash:" + passwords,
                "smtp_sasl_security_options = noanonymous",
                "smtp_tls_security_level = encrypt");
        start(out);

        out.send("root@out.test", "alice@mx.test", "Subject: far\n\nto a user of the system");
        out.send("root@out.test", "vera@mx.test", "Subject: far\n\nto a virtual user");
        out.awaitLog("to=<alice@mx.test>, relay=127.0.0.1");
        Path inbox = dir.resolve("home/alice/Maildir/new");
        Await.until("alice has mail", () -> Files.isDirectory(inbox) && !list(inbox).isEmpty());
        Await.until("vera has mail", () -> !mx.inbox("vera@mx.test").isEmpty());
        assertEquals(ALICE, owner(list(inbox).getFirst()));
        assertEquals(VIRTUAL_MAIL, owner(mx.inbox("vera@mx.test").getFirst()));
        readWithImapAndPop3(mx);

        assertEquals(
                Map.of(
                        "Master", 0,
                        "Qmgr", POSTINO,
                        "Smtpd", SMTPD,
                        "Cleanup", POSTINO,
                        "Auth", AUTH,
                        "Local", LOCAL,
                        "Imapd", IMAPD,
                        "Pop3d", POP3D),
                users(mx, "Master", "Qmgr", "Smtpd", "Cleanup", "Auth", "Local", "Imapd", "Pop3d"));
        assertEquals(Map.of("Smtp", SMTP), users(out, "Smtp"));
        mx.awaitEmptyQueue();
        out.awaitEmptyQueue();
    }

    private static String passwordOf(Instance mx) {
        return "[127.0.0.1]:" + mx.port(587) + " vera@mx.test:secret\n";
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode") & 07777;
    }

    private static void readWithImapAndPop3(Instance mx) throws IOException {
        try (Wire imap = mx.wire(143)) {
            imap.line();
            imap.send("a LOGIN vera@mx.test secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY[TEXT]\r\n");
            assertTrue(imap.linesTo("c ").contains("to a virtual user"));
        }
        try (Wire pop3 = mx.wire(110)) {
            pop3.line();
            pop3.ask("USER vera@mx.test");
            assertTrue(String.valueOf(pop3.ask("PASS secret")).startsWith("+OK"));
            assertTrue(String.valueOf(pop3.ask("STAT")).startsWith("+OK 1 "));
        }
    }

    /// The real user numbers of an instance's programs.
    private static Map<String, Integer> users(Instance instance, String... programs)
            throws IOException {
        var users = new TreeMap<String, Integer>();
        for (String program : programs) {
            for (ProcessHandle process : instance.children(program)) {
                users.put(program, owner(Path.of("/proc/" + process.pid())));
            }
        }
        return users;
    }

    @Test
    void aDeliveryAgentOpensAMessageByNameAndCanDoNoMore() throws IOException {
        Instance mx = instance("mx");
        start(mx);
        Path active = mx.spool().resolve("active");
        Path message = Files.writeString(active.resolve("4dQx"), "message");
        PrivateAccounts.own(message, POSTINO);
        Files.setAttribute(message, "unix:mode", 0760);
        assertEquals(0, agent("cat " + message + " && printf X 1<>" + message));
        assertEquals("Xessage", Files.readString(message));
        for (String forbidden :
                List.of(
                        "ls " + active,
                        "echo > " + active + "/new",
                        "rm " + message,
                        "mv " + message + " " + active + "/other",
                        "ls " + mx.spool().resolve("incoming"),
                        "ls " + mx.spool().resolve("private"),
                        "cat " + mx.directory().resolve("tls.pem"))) {
            assertFalse(agent(forbidden) == 0, forbidden);
        }
        Files.delete(message);
    }

    private static int agent(String script) throws IOException {
        return as(SMTP, SMTP, POSTINO, "sh", "-c", script).run().status();
    }

    @Test
    void whoHasNoBusinessWithAServiceIsSentAway() throws IOException {
        Instance mx = instance("mx");
        start(mx);
        Path cleanup = mx.spool().resolve("public/cleanup");
        assertEquals("closed", ask(IMAPD, cleanup, 60));
        String line = mx.awaitLog("refused a connection from user");
        assertTrue(line.contains("/cleanup["), line);
        assertTrue(line.contains("(uid " + IMAPD + ")"), line);
        assertEquals("open", ask(SMTPD, cleanup, 2));
        assertEquals("closed", ask(ALICE, mx.spool().resolve("private/auth"), 60));
        assertEquals("greeted", ask(IMAPD, mx.spool().resolve("private/auth"), 60));
        assertEquals("Permission denied", ask(IMAPD, mx.spool().resolve("private/local"), 60));
        assertEquals("Permission denied", ask(POSTINO, mx.spool().resolve("private/master"), 60));
        mx.set("auth_client_users = alice");
        mx.reload();
        assertEquals("greeted", ask(ALICE, mx.spool().resolve("private/auth"), 60));
    }

    /// What becomes of a connection that says nothing for some seconds.
    private static String ask(int uid, Path socket, int patience) throws IOException {
        String script =
                "use IO::Socket::UNIX; use IO::Select;"
                        + "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or print $! and exit;"
                        + "my @r = IO::Select->new($s)->can_read($ARGV[1]) or print 'open' and exit;"
                        + "print sysread($s, my $b, 1) ? 'greeted' : 'closed';";
        return as(uid, uid, uid, "perl", "-e", script, socket.toString(), "" + patience)
                .run()
                .out();
    }

    @Test
    void aKeyThatOnlyRootMayReadIsUsedAndRenewed() throws IOException {
        Instance mx = instance("mx");
        Path live = Files.createDirectories(mx.directory().resolve("live"));
        certificate(live, "first.test");
        mx.set("smtpd_tls_chain_files = " + live.resolve("chain.pem"));
        start(mx);
        assertEquals("CN=first.test", subject(mx));
        try (Socket before = mx.connect(993)) {
            certificate(live, "second.test");
            mx.awaitLog("chain.pem has changed");
            Await.until("the new certificate", () -> subject(mx).equals("CN=second.test"));
            assertTrue(before.isConnected());
        }
    }

    @Test
    void aBrokenKeyLeavesTheOldOneInForceAlsoForTheNextProcess() throws IOException {
        Instance mx = instance("mx");
        Path live = Files.createDirectories(mx.directory().resolve("live"));
        certificate(live, "first.test");
        mx.set("smtpd_tls_chain_files = " + live.resolve("chain.pem"));
        start(mx);
        assertEquals("CN=first.test", subject(mx));
        replace(live, "broken", "half a key");
        mx.awaitLog("chain.pem has changed");
        Await.until(
                "the next process",
                () ->
                        subject(mx).equals("CN=first.test")
                                && String.join("\n", mx.logLines())
                                        .contains(": keeping the old certificate: "));
        assertEquals("CN=first.test", subject(mx));
        certificate(live, "third.test");
        Await.until("the new certificate", () -> subject(mx).equals("CN=third.test"));
    }

    @Test
    void certificatesOfSingleNamesMayBeRootsAlone() throws IOException {
        Instance mx = instance("mx");
        Path live = Files.createDirectories(mx.directory().resolve("live"));
        certificate(live, "usual.test");
        key(live.resolve("table.test.pem"), "table.test");
        Path names = Files.createDirectories(mx.directory().resolve("names"));
        Files.setAttribute(names, "unix:mode", 0700);
        key(names.resolve("one.test.pem"), "one.test");
        Path table = mx.directory().resolve("sni");
        Files.writeString(table, "table.test " + live.resolve("table.test.pem") + "\n");
        mx.set(
                "smtpd_tls_chain_files = " + live.resolve("chain.pem"),
                "tls_server_sni_maps = texthash:" + table,
                "tls_server_sni_directory = " + names);
        start(mx);
        for (int port : List.of(993, 995, 465)) {
            assertEquals("CN=usual.test", subject(mx, port, "none.test"));
            assertEquals("CN=table.test", subject(mx, port, "table.test"));
            assertEquals("CN=one.test", subject(mx, port, "one.test"));
        }
        key(names.resolve("two.test.pem"), "two.test");
        Await.until("a new file", () -> subject(mx, 993, "two.test").equals("CN=two.test"));
    }

    private static String subject(Instance mx, int port, String name) throws IOException {
        try (var tls = (SSLSocket) TrustingTls.over(mx.connect(port), name)) {
            return tls.getSession().getPeerPrincipal().getName();
        }
    }

    /// As certbot does: another file, and a link that is put in the place of the one before.
    private static void certificate(Path live, String name) throws IOException {
        replace(live, name, SelfSigned.pem(name, List.of(), Clock.systemUTC()));
    }

    private static void key(Path file, String name) throws IOException {
        write(file, SelfSigned.pem(name, List.of(), Clock.systemUTC()));
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", 0600);
    }

    private static void replace(Path live, String name, String text) throws IOException {
        Path file = live.resolve(name + ".pem");
        write(file, text);
        Path link = Files.createSymbolicLink(live.resolve("new"), file);
        Files.move(link, live.resolve("chain.pem"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String subject(Instance mx) throws IOException {
        try (var tls = (SSLSocket) TrustingTls.over(mx.connect(993))) {
            return tls.getSession().getPeerPrincipal().getName();
        }
    }
}
