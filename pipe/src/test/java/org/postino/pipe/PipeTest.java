// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.MasterCf;
import org.postino.kit.QuietDaemon;
import org.postino.linux.AsUser;
import org.postino.linux.Processes;
import org.postino.linux.Users;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.suite.LocalParams;

/// Deliveries by rows of pipe(8). The words about outcomes, and the arguments, are those of Postfix 3.7 with the same rows.
@Timeout(120)
class PipeTest {
    private static final String MISCONFIGURED = "deferred 4.3.5 mail system configuration error";
    private static final String TEXT = "Subject: t\r\n\r\nline\r\n.dot\r\nFrom me\r\nlast\r\n";

    @TempDir Path dir;
    private final Map<String, String> settings = new HashMap<>();
    private String user = "nobody";

    @BeforeEach
    void prepare() throws IOException {
        if (!AsUser.isPossible()) {
            user = Users.nameOf(Processes.ownUid());
        }
        for (Path p = dir; p != null && p.getNameCount() > 1; p = p.getParent()) {
            if (p.startsWith("/tmp")) {
                Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        settings.put("queue_directory", dir.toString());
        settings.put("recipient_delimiter", "+");
        settings.put("myhostname", "mx.test");
        Path out = Files.createDirectories(dir.resolve("out"));
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /// The words of a row, read as master.cf is.
    private List<String> words(String row) throws Exception {
        return MasterCf.row("filter unix - n n - - pipe " + row.replace("USER", user), 1).args();
    }

    private Daemon daemon(String row) throws Exception {
        return new QuietDaemon("filter", Config.of(settings, LocalParams.ALL), dir, words(row));
    }

    private List<String> deliver(String row, String sender, String... recipients) throws Exception {
        return deliverText(row, TEXT, sender, recipients);
    }

    /// The outcomes, as `sent 2.0.0 delivered via filter service`.
    private List<String> deliverText(
            String row, String content, String sender, String... recipients) throws Exception {
        var spool = new Spool(Spool.Layout.flat(dir), Clock.systemUTC());
        spool.createDirectories();
        var fresh = spool.create(QueueName.ACTIVE);
        try (var channel = fresh.channel()) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(new Envelope(sender, Instant.now(), "TRACE", Map.of()));
            for (String recipient : recipients) {
                writer.recipient(Recipient.of(recipient, "First@Orig.test", "", ""));
            }
            writer.beginContent();
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            writer.content(bytes, 0, bytes.length);
            writer.finish();
        }
        List<Recipient> all;
        try (var open = QueueFile.open(fresh.path(), false)) {
            all = open.recipients();
        }
        var request =
                new DeliveryRequest(
                        QueueId.parse(String.valueOf(fresh.path().getFileName())).orElseThrow(),
                        QueueName.ACTIVE,
                        "TRACE",
                        sender,
                        "nextHop.Test",
                        all,
                        1234,
                        Instant.now(),
                        Instant.now(),
                        Map.of(
                                Envelope.CLIENT_ADDRESS, "192.0.2.1",
                                Envelope.CLIENT_NAME, "client.test",
                                Envelope.ENVID, "e1"));
        var texts = new ArrayList<String>();
        for (var result :
                DeliveryServer.deliver(
                        Pipe.start(daemon(row)), request, fresh.path(), Clock.systemUTC())) {
            var dsn = result.outcome().dsn();
            texts.add(result.outcome().word() + " " + dsn.status() + " " + dsn.reason());
        }
        return texts;
    }

    private String shell(String script) {
        return "user=USER argv=/bin/sh -c {" + script + "}";
    }

    private void outcome(String wanted, String row) throws Exception {
        assertEquals(List.of(wanted), deliver(row, "s@x.test", "a@b.test"), row);
    }

    @Test
    void theEndOfTheCommandIsTheOutcome() throws Exception {
        outcome("sent 2.0.0 delivered via filter service", shell("exit 0"));
        outcome(
                "sent 2.0.0 delivered via filter service (said more)",
                shell("cat >/dev/null; echo said; echo more"));
        outcome("bounced 5.1.1 user unknown", shell("exit 67"));
        outcome("bounced 5.1.1 user unknown. Command output: x", shell("echo x; exit 67"));
        outcome("deferred 4.3.0 temporary failure", shell("exit 75"));
        outcome(
                "bounced 5.3.0 Command died with status 99: \"/bin/sh\". Command output: hello there",
                shell("echo hello; echo there; exit 99"));
        outcome(
                "deferred 4.3.0 Command died with signal 9: \"/bin/sh\". Command output: died",
                shell("echo died; kill -9 $$$$"));
    }

    @Test
    void aStatusInFrontOfTheOutputTakesPrecedence() throws Exception {
        outcome(
                "bounced 5.7.1 not wanted here second",
                shell("echo 5.7.1 not wanted here; echo second; exit 69"));
        outcome("deferred 4.2.2 full", shell("echo 4.2.2 full; exit 67"));
        outcome("sent 2.0.0 delivered via filter service (5.7.1 no)", shell("echo 5.7.1 no"));
        outcome(
                "bounced 5.1.1 user unknown. Command output: 5.7.1x",
                shell("echo 5.7.1x; exit 67"));
    }

    @Test
    void aCommandThatDoesNotEndIsKilledAndTriedAgain() throws Exception {
        settings.put("filter_time_limit", "1s");
        outcome(
                "deferred 4.3.0 Command time limit exceeded: \"/bin/sh\". Command output: slowly",
                shell("echo slowly; sleep 1000"));
    }

    @Test
    void inputAndOutputHaveNoBoundButOurs() throws Exception {
        String large = "x".repeat(70) + "\r\n";
        String content = "Subject: l\r\n\r\n" + large.repeat(20_000);
        assertEquals(
                List.of("sent 2.0.0 delivered via filter service"),
                deliverText(shell("exit 0"), content, "s@x.test", "a@b.test"));
        String said =
                deliverText(
                                shell("head -c 50000000 /dev/zero | tr '\\\\0' x"),
                                content,
                                "s@x.test",
                                "a@b.test")
                        .getFirst();
        assertTrue(said.startsWith("sent") && said.length() < 10_000, "" + said.length());
    }

    @Test
    void whatCannotBeStartedIsTriedAgain() throws Exception {
        outcome(MISCONFIGURED, "user=nosuchuser argv=/bin/true");
        Assumptions.assumeTrue(AsUser.isPossible(), "acts as other users: needs root");
        outcome(
                "deferred 4.3.0 cannot run command: setpriv: failed to execute /no/such/file:"
                        + " No such file or directory",
                "user=USER argv=/no/such/file");
        outcome(
                "deferred 4.3.0 cannot run command: setpriv: cannot enter /nonexistent",
                "user=USER directory=/nonexistent argv=/bin/true");
    }

    @Test
    void aMessageThatIsTooLargeForTheRowIsReturned() throws Exception {
        outcome("bounced 5.2.3 message too large", "size=10 user=USER argv=/bin/true");
        outcome("sent 2.0.0 delivered via filter service", "size=9999 user=USER argv=/bin/true");
    }

    /// Has the command write its arguments, one in brackets each.
    private String arguments(String flags, String words) {
        return flags
                + " user=USER argv=/bin/sh -c {printf '[%s]' \"$$@\" >"
                + dir.resolve("out/args")
                + "} sh "
                + words;
    }

    private String args() throws IOException {
        return Files.readString(dir.resolve("out/args"));
    }

    @Test
    void anArgumentWithARecipientStandsThereForEach() throws Exception {
        String macros =
                "$sender - $nexthop!rmail ($recipient) ${user} ${extension} ${mailbox} ${domain}"
                        + " $(size) ${client_address} ${client_hostname} ${sasl_method} ${envelope_id} $$ {a b}";
        deliver(arguments("", macros), "s@x.test", "U+ext@args.Test", "q r@args.test");
        assertEquals(
                "[s@x.test][-][nextHop.Test!rmail][(U+ext@args.Test)][(q r@args.test)][U][q r][ext][]"
                        + "[U+ext][q r][args.Test][args.test][1234][192.0.2.1][client.test][][e1][$][a b]",
                args());
    }

    @Test
    void anArgumentStaysWhereItStandsIfItIsEmpty() throws Exception {
        deliver(arguments("", "-m ${extension} ${user} end"), "s@x.test", "@args.test");
        assertEquals("[-m][][][end]", args());
    }

    @Test
    void flagsFoldAndQuoteAddresses() throws Exception {
        deliver(
                arguments(
                        "flags=qhu",
                        "$sender $recipient $original_recipient $nexthop $user $domain"),
                "a b@X.test",
                "U+ext@qargs.Test",
                "q r@qargs.test");
        assertEquals(
                "[\"a b\"@X.test][u+ext@qargs.test][\"q r\"@qargs.test][first@orig.test][first@orig.test]"
                        + "[nexthop.test][u][q r][qargs.test][qargs.test]",
                args());
    }

    @Test
    void theNullSenderHasTheWordOfTheRow() throws Exception {
        deliver(arguments("", "-f $sender"), "", "a@b.test");
        assertEquals("[-f][MAILER-DAEMON]", args());
        deliver(arguments("null_sender=", "-f $sender -- $recipient"), "", "a@b.test");
        assertEquals("[-f][][--][a@b.test]", args());
    }

    @Test
    void noAddressBecomesAnOption() throws Exception {
        assertEquals(
                List.of(
                        "bounced 5.1.3 bad address syntax",
                        "sent 2.0.0 delivered via filter service"),
                deliver(
                        arguments("", "-f $sender $recipient"),
                        "s@x.test",
                        "-bv@b.test",
                        "a@b.test"));
        assertEquals("[-f][s@x.test][a@b.test]", args());
        assertEquals(
                List.of("bounced 5.1.7 bad sender address syntax"),
                deliver(arguments("", "-f $sender"), "-oQ/x@x.test", "a@b.test"));
        deliver(arguments("", "-f $sender -- $recipient"), "s@x.test", "-bv@b.test");
        assertEquals("[-f][s@x.test][--][-bv@b.test]", args());
        deliver(arguments("", "-d$user"), "s@x.test", "-bv@b.test");
        assertEquals("[-d-bv]", args());
    }

    /// What the command reads, with `|` for LF and `<` for CR.
    private String input(String row, String content, String sender, String recipient)
            throws Exception {
        String command = " user=USER argv=/bin/sh -c {cat >" + dir.resolve("out/input") + "}";
        deliverText(row + command, content, sender, recipient);
        return Files.readString(dir.resolve("out/input")).replace("\n", "|").replace("\r", "<");
    }

    @Test
    void theMessageIsAsTheFlagsWant() throws Exception {
        assertEquals(
                "Subject: t||line|.dot|From me|last|", input("", TEXT, "s@x.test", "a@b.test"));
        assertEquals(
                "Subject: t<|<|line<|..dot<|>From me<|last<|<|",
                input("flags=B.> eol=\\r\\n", TEXT, "s@x.test", "a@b.test"));
        String head = input("flags=DRFO", TEXT, "s@x.test", "a@b.test");
        assertTrue(head.startsWith("From s@x.test  "), head);
        assertTrue(
                head.contains(
                        "|Return-Path: <s@x.test>|X-Original-To: First@Orig.test|Delivered-To: a@b.test|Subject: t|"),
                head);
        assertTrue(
                input("flags=R", TEXT, "", "a@b.test").startsWith("Return-Path: <MAILER-DAEMON>|"));
        assertTrue(
                input("flags=FR null_sender=", TEXT, "", "a@b.test")
                        .matches("From MAILER-DAEMON  [^|]*\\|Return-Path: <>\\|Subject.*"));
        assertEquals("a\\1b\\1", input("eol=\\\\1", "a\nb", "s@x.test", "a@b.test"));
    }

    @Test
    void lineEndsAndBeginningsAreFoundWhereverTheyStand() throws Exception {
        assertEquals(
                "a<b|Fro|From|>From |..|Fr<|",
                input("flags=.>", "a\rb\nFro\r\nFrom\nFrom \n.\nFr\r", "s@x.test", "a@b.test"));
    }

    @Test
    void aFieldForOneRecipientMeansACommandForEach() throws Exception {
        String row =
                "flags=D user=USER argv=/bin/sh -c {head -1 >>" + dir.resolve("out/heads") + "}";
        assertEquals(2, deliver(row, "s@x.test", "a@b.test", "c@d.test").size());
        assertEquals(
                "Delivered-To: a@b.test\nDelivered-To: c@d.test\n",
                Files.readString(dir.resolve("out/heads")));
    }

    @Test
    void aMessageThatComesRoundAgainIsReturned() throws Exception {
        String content = "Delivered-To: A@b.test\r\nSubject: t\r\n\r\n";
        assertEquals(
                List.of("bounced 5.4.6 mail forwarding loop for a@B.test"),
                deliverText("flags=D user=USER argv=/bin/true", content, "s@x.test", "a@B.test"));
    }

    @Test
    void theCommandIsItsUserAlone() throws Exception {
        Assumptions.assumeTrue(AsUser.isPossible(), "acts as other users: needs root");
        settings.put("export_environment", "MAIL_CONFIG=/x");
        deliver(
                "user=USER argv=sh -c {pwd >out/place; cd out; id -un >who; id -G | wc -w >>who;"
                        + " env >environment; cat /etc/shadow >secret}",
                "s@x.test",
                "a@b.test");
        assertEquals("nobody\n1\n", Files.readString(dir.resolve("out/who")));
        assertEquals(dir + "\n", Files.readString(dir.resolve("out/place")));
        assertEquals("", Files.readString(dir.resolve("out/secret")));
        String environment = Files.readString(dir.resolve("out/environment"));
        assertTrue(environment.contains("MAIL_CONFIG=/x\n"), environment);
        assertTrue(environment.contains("PATH=/usr/local/bin:/usr/bin:/bin\n"), environment);
    }

    @Test
    void noCommandRunsAsRootOrAsAUserOfTheSuite() throws Exception {
        assertThrows(FatalException.class, () -> Pipe.start(daemon("user=root argv=/bin/true")));
        Assumptions.assumeTrue(AsUser.isPossible(), "acts as other users: needs root");
        settings.put("mail_owner", "daemon");
        outcome(MISCONFIGURED, "user=daemon argv=/bin/true");
        outcome(MISCONFIGURED, "user=nobody:root argv=/bin/true");
    }
}
