// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.linux.Sandbox;

/// What people have commands do with their mail: answer it, sort it, ask a filter. And what such a command must not.
@Timeout(400)
class CommandsTest {
    private static final int SPAMD = 783;
    private static final int FILTER = 7830;

    /// Connects to a port of this machine and writes how that went: `783 connected` or `783 refused`.
    private static final String KNOCK =
            "knock() { if bash -c \"exec 3<>/dev/tcp/127.0.0.1/$1\" 2>>\"$HOME/errors\"; then echo \"$1 connected\";"
                    + " else echo \"$1 refused\"; fi >>\"$HOME/knocked\"; }\n";

    @TempDir Path dir;
    private PrivateSuite mx;

    @BeforeEach
    void create() throws IOException {
        mx = new PrivateSuite(dir, "ann", "ben");
    }

    @AfterEach
    void close() throws IOException {
        if (mx != null) {
            mx.close();
        }
    }

    private void forward(String user, String text) throws IOException {
        mx.write(user, ".forward", text + "\n");
    }

    @Test
    void aCommandAnswersThroughSendmailWhichNeedsNoSetGid() throws Exception {
        String sendmail = String.join(" ", mx.words("sendmail"));
        Path script =
                mx.script(
                        "ann",
                        "answer",
                        "cat >/dev/null\nprintf 'From: ann@mx.test\\nTo: ben@mx.test\\nSubject: away\\n\\nlater\\n' | "
                                + sendmail
                                + " -f '' ben@mx.test || exit 75\n");
        forward("ann", "\\ann, \"|" + script + "\"");
        forward("ben", "copy@mx.test");
        mx.aliases("copy \"|" + sendmail + " -i ann+copied@mx.test\"\n")
                .set("recipient_delimiter = +")
                .start()
                .send("ann", "hello");
        mx.awaitText(mx.box("ann"), "Subject: hello");
        mx.awaitLog("to=<ann+copied@mx.test>", "status=sent");
        String box = mx.awaitText(mx.box("ann"), "Subject: away");
        assertTrue(box.contains("from userid " + mx.uid("ann")), box);
        Path program = Path.of(mx.words("sendmail")[0]).toRealPath();
        assertEquals(0, (Integer) Files.getAttribute(program, "unix:mode") & 06000);
    }

    @Test
    void aScriptSortsMailIntoFilesAndItsStatusIsHeard() throws Exception {
        mx.write("ann", ".procmailrc", "BOX=$HOME/Maildir\n");
        Path script =
                mx.script(
                        "ann",
                        "sort",
                        """
                        . "$HOME/.procmailrc"
                        umask 077
                        mkdir "$HOME/lock" || exit 75
                        trap 'rmdir "$HOME/lock"' EXIT
                        draft=$(mktemp) || exit 71
                        cat >"$draft"
                        mkdir -p "$BOX/tmp" "$BOX/new" "$BOX/cur" "$HOME/log"
                        echo "from $SENDER to $RECIPIENT as $(id -un), extension $EXTENSION" >>"$HOME/log/sorted"
                        case $EXTENSION in
                        later) [ -e "$HOME/now" ] || { rm "$draft"; exit 75; } ;;
                        closed) rm "$draft"; exit 77 ;;
                        nobody) rm "$draft"; echo "no such list"; exit 67 ;;
                        esac
                        mv "$draft" "$BOX/new/$(date +%s).$$.mx" || exit 75
                        """);
        forward("ann", "\"|" + script + "\"");
        mx.set("recipient_delimiter = +").start();
        mx.send("ann+first@mx.test", "one");
        mx.awaitLog("to=<ann+first@mx.test>", "status=sent (delivered to command: " + script);
        mx.awaitText(
                mx.home("ann").resolve("log/sorted"),
                "from sender@far.test to ann+first@mx.test as ann, extension first");
        try (var files = Files.list(mx.home("ann").resolve("Maildir/new"))) {
            Path file = files.findFirst().orElseThrow();
            assertTrue(Files.readString(file).startsWith("From sender@far.test "));
            assertEquals(mx.uid("ann"), Files.getAttribute(file, "unix:uid"));
        }
        mx.send("ann+closed@mx.test", "two");
        mx.awaitLog("to=<ann+closed@mx.test>", "dsn=5.7.0, status=bounced (permission denied");
        mx.send("ann+nobody@mx.test", "three");
        mx.awaitLog("to=<ann+nobody@mx.test>", "dsn=5.1.1, status=bounced", "no such list");
        mx.send("ann+later@mx.test", "four");
        mx.awaitLog("to=<ann+later@mx.test>", "dsn=4.3.0, status=deferred (temporary failure");
        mx.write("ann", "now", "");
        mx.awaitLog("to=<ann+later@mx.test>", "status=sent");
        assertFalse(Files.exists(mx.home("ann").resolve("lock")));
    }

    /// As procmail, which is set-gid for it and returns the message otherwise.
    @Test
    void mailboxCommandFindsAFileOfTheUsersInTheMailSpool() throws Exception {
        mx.set("mailbox_command = cat >>" + dir.resolve("boxes") + "/\"$LOGNAME\" || exit 73")
                .start()
                .send("ann", "into the spool");
        mx.awaitLog("to=<ann@mx.test>", "status=sent (delivered to command: cat");
        mx.awaitText(mx.box("ann"), "Subject: into the spool");
        assertEquals(mx.uid("ann"), Files.getAttribute(mx.box("ann"), "unix:uid"));
        assertEquals(0600, (Integer) Files.getAttribute(mx.box("ann"), "unix:mode") & 0777);
    }

    /// A server in the namespaces that takes connections as long as the test lasts.
    private Process listen(int port) throws IOException {
        String server =
                "import socket,sys\ns=socket.socket()\n"
                        + "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
                        + "s.bind(('127.0.0.1',"
                        + port
                        + "))\ns.listen(5)\nprint('listening', flush=True)\n"
                        + "while True: s.accept()[0].close()\n";
        Process process =
                new ProcessBuilder(mx.there("python3", "-c", server))
                        .redirectErrorStream(true)
                        .start();
        assertEquals("listening", process.inputReader().readLine());
        return process;
    }

    private List<String> knocks(String subject) throws IOException {
        Path knocked = mx.home("ann").resolve("knocked");
        Files.deleteIfExists(knocked);
        mx.send("ann", subject);
        mx.awaitText(knocked, "end");
        return Files.readAllLines(knocked);
    }

    private void knockScript(String more) throws IOException {
        Path script =
                mx.script(
                        "ann",
                        "knock",
                        KNOCK
                                + "cat >/dev/null\nknock "
                                + SPAMD
                                + "\nknock "
                                + FILTER
                                + "\n"
                                + more
                                + "echo end >>\"$HOME/knocked\"\n");
        mx.set("mailbox_command = " + script);
    }

    @Test
    void aCommandConnectsToThePortsItMayAndNoOthers() throws Exception {
        Assumptions.assumeTrue(
                Sandbox.confinesNetwork(), "this kernel's Landlock is older than version 4");
        assumePrograms();
        try (var spamd = new Server(listen(SPAMD));
                var filter = new Server(listen(FILTER))) {
            assertTrue(spamd.process().isAlive() && filter.process().isAlive());
            String udp = "bash -c 'echo x >/dev/udp/127.0.0.1/53' && echo udp >>$HOME/knocked\n";
            String serve =
                    "python3 -c 'import socket; s=socket.socket(); s.bind((\"127.0.0.1\",0))' && echo bound >>$HOME/knocked\n";
            knockScript(udp + serve);
            mx.start();
            assertEquals(
                    List.of("783 connected", "7830 refused", "end"),
                    knocks("by default SpamAssassin's alone"));
            change("command_network_ports = 7830");
            assertEquals(List.of("783 refused", "7830 connected", "end"), knocks("another"));
            change("command_network_ports =");
            assertEquals(List.of("783 refused", "7830 refused", "end"), knocks("none"));
            change("command_network_ports = any");
            assertEquals(List.of("783 connected", "7830 connected", "end"), knocks("all"));
        }
    }

    private static void assumePrograms() {
        Assumptions.assumeTrue(
                Command.exists("bash") && Command.exists("python3"), "needs bash and python3");
    }

    private record Server(Process process) implements AutoCloseable {
        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private void change(String setting) throws IOException {
        mx.set(setting).postino("postino", "reload").ok();
    }

    /// Landlock of Linux 6.1 knows no ports: what it cannot hold to a list of them gets none.
    @Test
    void wherePortsCannotBeToldApartThereAreNoneUnlessAllAreWanted() throws Exception {
        Assumptions.assumeTrue(Sandbox.isAvailable(), "this kernel has no Landlock");
        assumePrograms();
        try (var spamd = new Server(listen(SPAMD))) {
            assertTrue(spamd.process().isAlive());
            knockScript("");
            var start = mx.inside(mx.words("postino", "start"));
            start.environment("POSTINO_JAVA_OPTIONS", "-Dpostino.landlock=3").run().ok();
            String line =
                    "Landlock 3 of this kernel confines daemons to files, not to ports; commands of users reach no network unless command_network_ports = any";
            mx.awaitLog("warning: " + line);
            assertEquals(
                    List.of("783 refused", "7830 refused", "end"), knocks("no port by default"));
            change("command_network_ports = any");
            assertEquals("783 connected", knocks("all").getFirst());
            assertEquals(1, mx.log().split("confines daemons to files", -1).length - 1, "once");
        }
    }

    @Test
    void aListOfPortsThatIsNoneIsAnErrorAtStart() throws Exception {
        for (String bad : List.of("spamd", "0", "65536", "783 any", "-1")) {
            var said = mx.set("command_network_ports = " + bad).postino("postino", "start");
            assertTrue(said.status() != 0, bad);
            assertTrue(
                    said.err().contains("command_network_ports") && said.err().contains("any"),
                    said.err());
        }
        mx.set("command_network_ports = 783, 7830").postino("postino", "check").ok();
    }

    /// A script in the user's home may have been written by somebody else: it can do no more than the user.
    @Test
    void aCommandReachesNothingOfTheSuitesOrOfOtherUsers() throws Exception {
        mx.write("ben", "diary", "dear diary");
        Path made = mx.home("ann").resolve("made");
        Path script =
                mx.script(
                        "ann",
                        "steal",
                        """
                        cat >/dev/null
                        for file in %1$s/home/ben/diary %1$s/spool/active/* /etc/shadow; do
                            cat "$file" >/dev/null 2>&1 && echo "read $file"
                        done >$HOME/made
                        for place in %1$s/home/ben %1$s/spool/active %1$s/spool/deferred %1$s/data; do
                            ls "$place" >/dev/null 2>&1 && echo "saw $place"
                        done >>$HOME/made
                        for file in %1$s/etc/main.cf %1$s/boxes/ben %1$s/spool/maildrop/../hold/x /etc/x /usr/x; do
                            echo x 2>/dev/null >"$file" && echo "wrote $file"
                        done >>$HOME/made
                        for pid in 1 $(cat %1$s/spool/pid/master.pid); do
                            [ "$pid" = $$ ] || { kill -0 "$pid" 2>/dev/null && echo "may signal $pid"; }
                        done >>$HOME/made
                        grep NoNewPrivs /proc/self/status >>$HOME/made
                        echo end >>$HOME/made
                        """
                                .formatted(mx.directory()));
        forward("ann", "\"|" + script + "\"");
        mx.start().send("ann", "hostile");
        assertEquals("NoNewPrivs:\t1\nend\n", mx.awaitText(made, "end"));
        mx.awaitLog("to=<ann@mx.test>", "status=sent (delivered to command: " + script);
    }
}
