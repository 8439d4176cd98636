// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lets [Explain] judge sessions by a main.cf of the test's own.
class RehearsalTest {
    private static final String MAIN_CF =
            """
            compatibility_level = 3.11
            myhostname = mx.test
            mydomain = test
            mydestination = mx.test
            mynetworks = 10.9.0.0/16
            local_recipient_maps = inline:{alice=1}
            alias_maps =
            alias_database =
            smtpd_peername_lookup = no
            smtpd_restriction_classes = strict
            strict = check_helo_access inline:{{bad.example=REJECT not here}}
            smtpd_recipient_restrictions =
                permit_mynetworks, warn_if_reject reject_non_fqdn_sender,
                check_sender_access inline:{a@example.org=strict}
            """;

    @TempDir Path dir;

    private List<String> explain(int status, String... facts) throws Exception {
        Files.writeString(dir.resolve("main.cf"), MAIN_CF);
        var arguments = new ArrayList<String>(List.of(dir.toString(), "smtp"));
        arguments.addAll(List.of("-o", "queue_directory=" + dir));
        arguments.addAll(List.of(facts));
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertEquals(status, Explain.run(arguments, out));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void assertContains(List<String> steps, String... wanted) {
        int at = 0;
        for (String step : wanted) {
            int found = steps.subList(at, steps.size()).indexOf(step);
            assertTrue(found >= 0, step + " in " + String.join("\n", steps));
            at += found + 1;
        }
    }

    @Test
    void whatIsAskedStandsBelowWhoAsks() throws Exception {
        var steps =
                explain(
                        0,
                        "client=192.0.2.1",
                        "helo=bad.example",
                        "sender=a@example.org",
                        "recipient=alice@mx.test");
        assertContains(
                steps,
                "command\tconnect from unknown[192.0.2.1]",
                "reply\t220 mx.test ESMTP Postino",
                "command\tEHLO bad.example",
                "reply\t250 mx.test",
                "command\tMAIL FROM:<a@example.org>",
                "reply\t250 2.1.0 Ok",
                "command\tRCPT TO:<alice@mx.test>",
                "list\tsmtpd_relay_restrictions",
                "list\tsmtpd_recipient_restrictions",
                "ask\tpermit_mynetworks",
                "verdict\tdunno",
                "ask\treject_non_fqdn_sender",
                "verdict\tdunno",
                "ask\tcheck_sender_access inline:{a@example.org=strict}",
                "table\tinline:{a@example.org=strict}\ta@example.org\t=strict",
                "ask\tcheck_helo_access inline:{{bad.example=REJECT not here}}",
                "table\tinline:{{bad.example=REJECT not here}}\tbad.example\t=REJECT not here",
                "verdict\t554 5.7.1 <bad.example>: Helo command rejected: not here",
                "reply\t554 5.7.1 <bad.example>: Helo command rejected: not here");
        assertTrue(steps.stream().noneMatch(s -> s.startsWith("command\tDATA")), steps.toString());
    }

    @Test
    void aSessionThatPassesGoesToItsEnd() throws Exception {
        var steps =
                explain(
                        0,
                        "client=10.9.1.1",
                        "name=pc.test",
                        "helo=pc",
                        "sender=x@elsewhere.example",
                        "recipient=nobody@mx.test",
                        "recipient=alice@mx.test");
        assertContains(
                steps,
                "command\tconnect from pc.test[10.9.1.1]",
                "ask\tpermit_mynetworks",
                "verdict\tpermit",
                "list\tsmtpd_reject_unlisted_recipient",
                "reply\t550 5.1.1 <nobody@mx.test>: Recipient address rejected: User unknown in local recipient table",
                "command\tRCPT TO:<alice@mx.test>",
                "reply\t250 2.1.5 Ok",
                "command\tDATA",
                "command\tend of the message",
                "reply\t250 2.0.0 Ok: queued as 00000000");
    }

    @Test
    void aTableThatFailsLeavesNoVerdict() throws Exception {
        var steps =
                explain(
                        0,
                        "-o",
                        "smtpd_helo_restrictions=check_helo_access hash:" + dir + "/none",
                        "client=192.0.2.1",
                        "helo=h.example",
                        "sender=",
                        "recipient=alice@mx.test");
        assertContains(
                steps,
                "list\tsmtpd_helo_restrictions",
                "ask\tcheck_helo_access hash:" + dir + "/none",
                "verdict\tundecided",
                "reply\t451 4.3.0 <h.example>: Temporary lookup failure");
    }

    private static final String[] SESSION = {
        "client=192.0.2.1", "helo=h.example", "sender=a@b.example", "recipient=alice@mx.test"
    };

    private List<String> session(String... more) throws Exception {
        var all = new ArrayList<String>(List.of(more));
        all.addAll(List.of(SESSION));
        return explain(0, all.toArray(new String[0]));
    }

    /// Nobody is there who could be asked: all of them are named only.
    @Test
    void othersWhoHaveASayAreNamed() throws Exception {
        var steps =
                session(
                        "-o", "smtpd_milters=inet:127.0.0.1:1, unix:/none",
                        "-o", "smtpd_clamd_servers=inet:127.0.0.1:2",
                        "-o", "smtpd_clamd_default_action=tempfail",
                        "-o", "smtpd_spamd_servers=inet:127.0.0.1:3",
                        "-o", "smtpd_proxy_filter=127.0.0.1:4",
                        "-o", "smtpd_client_message_rate_limit=7");
        assertContains(
                steps,
                "milter\tinet:127.0.0.1:1\tCONNECT [192.0.2.1]\tnot asked",
                "milter\tunix:/none\tCONNECT [192.0.2.1]\tnot asked",
                "milter\tinet:127.0.0.1:1\tHELO h.example\tnot asked",
                "note\tMessage delivery request rate: would count for 192.0.2.1, limit 7",
                "milter\tinet:127.0.0.1:1\tMAIL <a@b.example>\tnot asked",
                "milter\tinet:127.0.0.1:1\tRCPT <alice@mx.test>\tnot asked",
                "milter\tinet:127.0.0.1:1\tthe message\tnot asked",
                "note\tclamd at inet:127.0.0.1:2 would see the message; not asked",
                "note\tspamd at inet:127.0.0.1:3 would see the message; not asked",
                "note\tthe filter before the queue, 127.0.0.1:4, would answer in our place",
                "reply\t250 2.0.0 Ok: queued as 00000000");
    }

    @Test
    void miltersAreAskedIfThatIsWished() throws Exception {
        var steps =
                session(
                        "milters=yes",
                        "-o",
                        "smtpd_milters={inet:127.0.0.1:1, default_action=reject}");
        assertContains(
                steps,
                "log\twarning: connect to Milter service inet:127.0.0.1:1: Connection refused",
                "milter\tinet:127.0.0.1:1\tCONNECT [192.0.2.1]\t550 5.5.0 Service unavailable",
                "log\tNOQUEUE: milter-reject: CONNECT from unknown[192.0.2.1]: 550 5.5.0 Service unavailable; proto=SMTP",
                "reply\t554 mx.test ESMTP not accepting connections");
    }

    /// The memory of clients is asked, and remembers nothing.
    @Test
    void theMemoryOfClientsRemembersNothing() throws Exception {
        try (var stage = new SmtpdStage(dir)) {
            stage.anvil();
            String[] options = {
                "-o", "data_directory=" + dir,
                "-o", "smtpd_greylist_enable=yes",
                "-o", "smtpd_client_volume_limits=messages/hour=1"
            };
            for (int i = 0; i < 2; i++) {
                assertContains(
                        session(options),
                        "list\tsmtpd_greylist_enable",
                        "anvil\tgreylist 192.0.2.0/24 <a@b.example> <alice@mx.test>\tmust come again, in 300 seconds");
            }
            options[3] = "smtpd_greylist_enable=no";
            for (int i = 0; i < 2; i++) {
                assertContains(session(options), "anvil\tvolume of 192.0.2.1\twould count");
            }
        }
    }

    @Test
    void theRepliesAreThoseThatClientsSee() throws Exception {
        var steps =
                session(
                        "-o", "smtpd_reject_footer=\\c. Call us.",
                        "-o",
                                "smtpd_command_filter=regexp:{{/^MAIL FROM:<a@b.example>/ MAIL FROM:<c@d.example>}}",
                        "-o",
                                "smtpd_sender_restrictions=check_sender_access inline:{c@d.example=REJECT}");
        assertContains(
                steps,
                "reply\t554 5.7.1 <c@d.example>: Sender address rejected: Access denied. Call us.");
        assertContains(
                session("-o", "smtpd_tls_security_level=encrypt"),
                "reply\t530 5.7.0 Must issue a STARTTLS command first");
    }

    @Test
    void aBadMainCfIsTold() throws Exception {
        var steps =
                explain(
                        1,
                        "-o",
                        "smtpd_helo_required=perhaps",
                        "client=192.0.2.1",
                        "recipient=a@b");
        assertTrue(steps.getFirst().startsWith("fatal\t"), steps.toString());
    }
}
