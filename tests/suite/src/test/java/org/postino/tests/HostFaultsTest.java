// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.NameServer;
import org.postino.kit.PrivateAccounts;

/// What a machine may lack when the suite starts, or lose while it runs: it works all the same or says plainly why not, and
/// no letter is lost.
@Timeout(400)
class HostFaultsTest {
    /// Takes every letter of its clients, and writes their subjects to a file.
    private static final String SINK =
            """
            import socket, sys, threading
            out = open(sys.argv[2], 'a')
            def serve(c):
                f = c.makefile('rwb')
                def say(text):
                    f.write(text + b'\\r\\n'); f.flush()
                say(b'220 far.test')
                for line in f:
                    word = line.strip().upper()
                    if word == b'DATA':
                        say(b'354 go on')
                        for line in f:
                            if line == b'.\\r\\n': break
                            if line.startswith(b'Subject:'): out.write(line.decode()); out.flush()
                    say(b'221 bye' if word == b'QUIT' else b'250 yes')
                    if word == b'QUIT': break
                c.close()
            s = socket.socket()
            s.bind((sys.argv[1], 25)); s.listen(5)
            print('listening', flush=True)
            while True:
                threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
            """;

    @TempDir Path dir;
    private final List<Process> helpers = new ArrayList<>();
    private PrivateSuite mx;

    @BeforeEach
    void create() throws IOException {
        mx = new PrivateSuite(dir, "ann", "ben");
    }

    @AfterEach
    void close() throws IOException {
        for (Process helper : helpers) {
            helper.descendants().forEach(ProcessHandle::destroyForcibly);
            helper.destroyForcibly();
        }
        if (mx != null) {
            mx.close();
        }
    }

    /// Starts a program in the namespaces that runs until the test ends, and waits until it has said this.
    private void helper(String ready, String... words) throws IOException {
        Process process = new ProcessBuilder(mx.there(words)).redirectErrorStream(true).start();
        helpers.add(process);
        var lines = process.inputReader();
        var said = new ArrayList<String>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.contains(ready)) {
                return;
            }
        }
        throw new IOException(said.toString());
    }

    private static void assumePython() {
        Assumptions.assumeTrue(Command.exists("python3"), "python3 is not installed");
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void aResolvConfThatComesLaterIsRead() throws Exception {
        assumePython();
        mx.etcOfItsOwn();
        mx.shell("rm -f /etc/resolv.conf").ok();
        mx.start().send("x@far.test", "patience");
        mx.awaitLog("to=<x@far.test>", "dsn=4.4.3, status=deferred");
        mx.shell("touch /etc/resolv.conf && chmod 0 /etc/resolv.conf").ok();
        mx.send("y@far.test", "more patience");
        mx.awaitLog("to=<y@far.test>", "dsn=4.4.3, status=deferred");
        Path zones = Files.createDirectory(dir.resolve("zones"));
        Files.writeString(zones.resolve("far.test.zone"), "@ MX 10 mail\nmail A 127.0.0.9\n");
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        helper(
                "listening",
                java,
                "-cp",
                classes,
                NameServer.class.getName(),
                zones.toString(),
                "127.0.0.53");
        Path arrived = dir.resolve("arrived");
        helper("listening", "python3", "-c", SINK, "127.0.0.9", arrived.toString());
        mx.shell("rm /etc/resolv.conf; echo nameserver 127.0.0.53 >/etc/resolv.conf").ok();
        mx.awaitLog("to=<x@far.test>", "status=sent");
        mx.awaitLog("to=<y@far.test>", "status=sent");
        mx.awaitText(arrived, "Subject: patience");
        mx.awaitText(arrived, "Subject: more patience");
        assertFalse(mx.log().contains("status=bounced"), mx.log());
    }

    private String greeting(String address) throws IOException {
        return mx.inside(
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/"
                                + address
                                + "/25 && read -r -u 3 line && echo \"$line\"")
                .run()
                .out();
    }

    @Test
    void withIpv6SwitchedOffIpv4IsServed() throws Exception {
        Assumptions.assumeTrue(
                Command.exists("bash") && Files.exists(Path.of("/proc/net/if_inet6")),
                "needs bash, and a kernel with IPv6");
        mx.shell(
                        "mount -o remount,rw /proc/sys 2>/dev/null; echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6")
                .ok();
        mx.set("inet_protocols = all", "inet_interfaces = all").start();
        assertTrue(greeting("127.0.0.1").startsWith("220 mx.test"), mx.log());
        mx.send("ann@mx.test", "over IPv4");
        mx.awaitText(mx.box("ann"), "Subject: over IPv4");
        mx.postino("postino", "stop").ok();
        mx.set("inet_interfaces = loopback-only").start();
        assertTrue(greeting("127.0.0.1").startsWith("220 mx.test"), mx.log());
        mx.postino("postino", "stop").ok();
        for (String interfaces : List.of("all", "loopback-only")) {
            mx.set("inet_protocols = ipv6", "inet_interfaces = " + interfaces);
            var said = mx.postino("postino", "start");
            assertNotEquals(0, said.status());
            assertTrue(said.err().contains("master.cf, line 1: "), said.err());
            assertTrue(said.err().contains("inet_protocols wants"), said.err());
            assertFalse(said.err().contains("Exception"), said.err());
        }
    }

    /// Postfix has a host name or does not start; ours is one of this machine alone then, and says so.
    @Test
    void aMachineWithoutANameIsLocalhost() throws Exception {
        assumePython();
        mx.unset("myhostname").set("mydestination = $myhostname");
        for (String name : List.of("(none)", "")) {
            mx.inside("python3", "-c", "import socket, sys; socket.sethostname(sys.argv[1])", name)
                    .run()
                    .ok();
            var said = mx.postino("postino", "check");
            assertEquals(0, said.status(), said.err());
            assertTrue(
                    said.err()
                            .contains(
                                    "warning: "
                                            + dir
                                            + "/etc/main.cf: myhostname is localhost.localdomain, which other mail servers cannot look up"),
                    said.err());
        }
        mx.start().send("ann", "from nobody's machine");
        mx.awaitText(mx.box("ann"), "Delivered-To: ann@localhost.localdomain");
        var said = mx.set("myhostname = (none)").postino("postino", "check");
        assertNotEquals(0, said.status());
        assertTrue(
                said.err().contains("parameter myhostname: \"(none)\" is not the name of a host"),
                said.err());
    }

    @Test
    void aFullMailSpoolKeepsTheMailboxWholeAndTheLetterWaits() throws Exception {
        mx.shell("mount -t tmpfs -o size=24k,mode=2775,gid=8 none " + dir + "/boxes").ok();
        mx.start().send("ann@mx.test", "first");
        mx.awaitLog("to=<ann@mx.test>", "status=sent");
        String before = box();
        mx.inside(mx.words("sendmail", "-i", "-f", "s@far.test", "ann@mx.test"))
                .input("Subject: big\n\n" + "line of the big one\n".repeat(2000))
                .run()
                .ok();
        String line = mx.awaitLog("to=<ann@mx.test>", "status=deferred");
        assertTrue(
                line.endsWith(
                        "dsn=4.3.1, status=deferred (cannot update mailbox "
                                + mx.box("ann")
                                + " for user ann. No space left on device)"),
                line);
        assertEquals(before, box(), "cut back to what it was");
        assertEquals("ann\n", mx.shell("ls " + dir + "/boxes").out(), "no lock is left");
        mx.shell("mount -o remount,size=1m " + dir + "/boxes").ok();
        mx.awaitLog("removed");
        Await.until("it is delivered", () -> box().contains("Subject: big"));
        assertEquals(2000, count(box(), "line of the big one"));
        assertTrue(box().startsWith(before));
    }

    private String box() throws IOException {
        return mx.shell("cat " + mx.box("ann")).out();
    }

    /// Both kinds of locks, held by somebody else who is alive.
    @Test
    void aMailboxThatSomebodyElseHasLockedIsWaitedFor() throws Exception {
        assumePython();
        mx.set("deliver_lock_attempts = 2").start().send("ann@mx.test", "first");
        mx.awaitText(mx.box("ann"), "Subject: first");
        long size = Files.size(mx.box("ann"));
        helper(
                "locked",
                "python3",
                "-c",
                "import fcntl, sys, time\nf = open(sys.argv[1], 'r+'); fcntl.lockf(f, fcntl.LOCK_EX)\n"
                        + "print('locked', flush=True)\nwhile True: time.sleep(1000)",
                mx.box("ann").toString());
        mx.send("ann@mx.test", "second");
        String line = mx.awaitLog("to=<ann@mx.test>", "status=deferred");
        assertTrue(line.contains("dsn=4.2.0"), line);
        assertTrue(line.contains("unable to lock for exclusive access"), line);
        double waited = Double.parseDouble(line.replaceAll(".* delays=[^,]*/([0-9.]+),.*", "$1"));
        assertTrue(waited >= 1.9, "waited for " + waited + " s: " + line);
        assertEquals(size, Files.size(mx.box("ann")));
        assertFalse(Files.exists(mx.box("ann.lock")), "the other lock was given back");
        end(helpers.removeLast());
        mx.awaitText(mx.box("ann"), "Subject: second");
        Path lock = Files.writeString(mx.box("ben.lock"), ProcessHandle.current().pid() + "\n");
        mx.send("ben@mx.test", "third");
        line = mx.awaitLog("to=<ben@mx.test>", "dsn=4.2.0, status=deferred");
        assertTrue(line.contains("unable to lock for exclusive access"), line);
        assertTrue(Files.exists(lock));
        Files.delete(lock);
        mx.awaitText(mx.box("ben"), "Subject: third");
    }

    private static void end(Process helper) throws Exception {
        helper.descendants().forEach(ProcessHandle::destroyForcibly);
        helper.destroyForcibly();
        helper.waitFor();
    }

    /// The answer to a POP3 login.
    private String login(String user, String password) throws IOException {
        return mx.inside(
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/127.0.0.1/110; read -r -u 3 x; printf 'USER %s\\r\\nPASS %s\\r\\nQUIT\\r\\n' \"$0\" \"$1\" >&3;"
                                + " read -r -u 3 x; read -r -u 3 x; echo \"$x\"",
                        user,
                        password)
                .run()
                .out()
                .strip();
    }

    @Test
    void accountsThatMayNotLogInAreRefusedForAReasonAndGetTheirMail() throws Exception {
        Assumptions.assumeTrue(
                Command.exists("bash")
                        && Files.exists(Path.of("/lib/x86_64-linux-gnu/security/pam_faillock.so")),
                "needs bash and pam_faillock");
        mx.shell("mount -t tmpfs -o mode=755 none /run").ok();
        mx.accounts()
                .service(
                        "postino",
                        """
                        auth required pam_faillock.so preauth deny=2 unlock_time=600
                        auth [success=1 default=ignore] pam_unix.so
                        auth [default=die] pam_faillock.so authfail deny=2 unlock_time=600
                        auth required pam_faillock.so authsucc
                        account required pam_faillock.so
                        account required pam_unix.so
                        """);
        String hash = PrivateAccounts.SECRET.substring(0, PrivateAccounts.SECRET.indexOf(':'));
        mx.set("auth_passdb = pam", "auth_failure_delay = 1s").start();
        assertEquals("+OK Logged in.", login("ann", "secret"));

        mx.accounts().shadow("ann", "!" + hash + ":1::::::");
        String no = login("ann", "secret");
        assertEquals("-ERR [AUTH] Authentication failed.", no);
        mx.awaitLog("auth[", "pam(ann): the password is locked");

        mx.accounts().shadow("ann", hash + ":1:::::0:");
        assertTrue(login("ann", "secret").startsWith("-ERR [AUTH]"));
        mx.awaitLog("auth[", "pam(ann): ", "account has expired");
        mx.send("ann@mx.test", "still for ann");
        mx.awaitText(mx.box("ann"), "Subject: still for ann");

        assertEquals("+OK Logged in.", login("ben", "secret"));
        long began = System.nanoTime();
        assertEquals(no, login("ben", "wrong"));
        assertTrue(System.nanoTime() - began > 900_000_000L, "guessing is slow");
        assertEquals(no, login("ben", "wrong again"));
        assertEquals(no, login("ben", "and again"));
        mx.awaitLog("auth[", "pam(ben): ", "locked due to 2 failed logins");
        assertEquals(no, login("ben", "secret"), "what was remembered does not count");
        mx.shell("faillock --user ben --reset").ok();
        assertEquals("+OK Logged in.", login("ben", "secret"));
        assertFalse(mx.log().contains("secret"), "no password in the log");
    }

    @Test
    void checkSaysWhichPasswordsAreMissing() throws Exception {
        var said =
                mx.set("auth_passdb = pam:postino-nowhere, passwd-file")
                        .postino("postino", "check")
                        .ok()
                        .err();
        assertTrue(
                said.contains(
                        "warning: auth_passdb names the PAM service postino-nowhere, but there is no /etc/pam.d/postino-nowhere"),
                said);
        assertTrue(said.contains("warning: " + dir + "/etc/passwd: no such file"), said);
        mx.set("auth_passdb = shadow");
        assertFalse(mx.postino("postino", "check").ok().err().contains("auth_passdb"));
    }

    @Test
    void aKernelWithoutLandlockIsSaidOnce() throws Exception {
        mx.inside(mx.words("postino", "start"))
                .environment("POSTINO_JAVA_OPTIONS", "-Dpostino.landlock=0")
                .run()
                .ok();
        mx.send("ann@mx.test", "unconfined");
        mx.awaitText(mx.box("ann"), "Subject: unconfined");
        assertEquals(
                1,
                count(
                        mx.log(),
                        "warning: this kernel has no Landlock: daemons are confined by their user ids"));
    }
}
