// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.MainCf;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.config.Problem;

class ConfigTest {
    @TempDir Path dir;

    private Config load(String text, String... overrides) throws IOException, ConfigException {
        Files.writeString(dir.resolve("main.cf"), text);
        return Config.load(dir, List.of(overrides), AllParams.tables());
    }

    private List<String> problems(String text, String... overrides) {
        var e = assertThrows(ConfigException.class, () -> load(text, overrides));
        return e.problems().stream().map(p -> p.toString().replace(dir + "/", "")).toList();
    }

    @Test
    void theLastAssignmentWins() throws Exception {
        assertEquals("b", load("relayhost = a\nrelayhost = b\n").get(MainParams.RELAYHOST));
        assertEquals("c", load("relayhost = a\n", "relayhost = c").get(MainParams.RELAYHOST));
    }

    @Test
    void aLineThatBeginsWithABlankContinuesTheOneBefore() throws Exception {
        var config = load("# top\nmydestination = a,\n# comment\n\n   b\n\tc # not a comment\n\n");
        assertEquals("a, b c # not a comment", config.settings().values().iterator().next().text());
        assertEquals(
                List.of("a", "b", "c", "#", "not", "a", "comment"),
                config.get(MainParams.MYDESTINATION));
    }

    @Test
    void valuesReferToOthersAndToDefaultsOfOtherPrograms() throws Exception {
        Files.writeString(
                dir.resolve("main.cf"),
                "myhostname = mx.example.com\nhere = $mydomain\nmyorigin = $here\nrelayhost = $smtp_helo_name\n");
        var config = Config.load(dir, List.of(), new AllParams.Others());
        assertEquals("example.com", config.get(MainParams.MYORIGIN));
        assertEquals("mx.example.com", config.get(MainParams.RELAYHOST));
        assertEquals("localhost.example.com", config.get(MainParams.MYDESTINATION).get(1));
        assertEquals("mx.example.com ESMTP Postino", config.text("smtpd_banner"));
    }

    /// The default of postscreen_dnsbl_max_ttl puts an h behind the value of its old name; 3.7 read "1hh" as an hour.
    @ParameterizedTest
    @CsvSource({"1h, PT1H", "1, PT1H", "2d, PT48H"})
    void ofTwoUnitsTheFirstCounts(String old, Duration wanted) throws Exception {
        var config = load("postscreen_dnsbl_ttl = " + old + "\n");
        assertEquals(wanted, config.get(PostscreenParams.POSTSCREEN_DNSBL_MAX_TTL));
    }

    @Test
    void allProblemsAreReportedWithTheirLines() {
        assertEquals(
                List.of(
                        "main.cf, line 1: a logical line must not start with whitespace",
                        "main.cf, line 2: missing '=' after parameter name: \"no equals\"",
                        "main.cf, line 3: parameter message_size_limit = many: must be a whole number not less than 0",
                        "main.cf, line 4: parameter smtpd_helo_required = perhaps: must be \"yes\" or \"no\"",
                        "main.cf, line 5: parameter queue_run_delay = 5y: must be a time: digits and one of s, m, h, d, w",
                        "main.cf, line 6: parameter mynetworks_style = wide: must be one of: host, subnet, class",
                        "main.cf, line 7: parameter relayhost = ${x: has a \"{\" without \"}\"",
                        "main.cf, line 8: parameter mydestination = {a: has a \"{\" without \"}\""),
                problems(
                        """
                         lead
                        no equals
                        message_size_limit = many
                        smtpd_helo_required = perhaps
                        queue_run_delay = 5y
                        mynetworks_style = wide
                        relayhost = ${x
                        mydestination = {a
                        """));
    }

    @Test
    void aValueThatRefersToItselfIsRefused() {
        var problems = problems("a = $b\nb = ${a}\nrelayhost = $a\n");
        assertEquals(
                List.of(
                        "main.cf, line 3: parameter relayhost = $a: refers to itself: relayhost -> a -> b -> a"),
                problems);
    }

    @Test
    void aDefaultThatDependsOnTheValueThatRefersToItIsNoEndlessLoop() {
        assertEquals(
                List.of(
                        "main.cf, line 1: parameter myhostname = $mydomain: refers to itself: myhostname -> mydomain -> myhostname"),
                problems("myhostname = $mydomain\n").stream()
                        .filter(p -> p.contains("line 1"))
                        .toList());
        assertTrue(
                problems("inet_interfaces = $mynetworks\n")
                        .getFirst()
                        .contains("refers to itself"));
    }

    @Test
    void aBadOptionIsReportedAsOne() {
        assertEquals(
                List.of("-o: parameter soft_bounce = si: must be \"yes\" or \"no\""),
                problems("", "soft_bounce=si"));
    }

    @Test
    void aMissingFileIsReported() {
        var e =
                assertThrows(
                        ConfigException.class,
                        () -> Config.load(dir.resolve("none"), List.of(), MainParams.ALL));
        assertTrue(e.toString().endsWith("main.cf: cannot be read: no such file"), e::toString);
    }

    @Test
    void unitsAreKept() throws Exception {
        var config = load("queue_run_delay = 2m\nmaximal_queue_lifetime = 1\n");
        assertEquals(Duration.ofMinutes(2), config.get(QmgrParams.QUEUE_RUN_DELAY));
        assertEquals(Duration.ofDays(1), config.get(QmgrParams.MAXIMAL_QUEUE_LIFETIME));
        assertEquals(Duration.ofSeconds(300), config.get(SmtpdParams.SMTPD_TIMEOUT));
    }

    @Test
    void aTransportHasItsOwnLimits() {
        var config =
                Config.of(
                        Map.of("slow_destination_concurrency_limit", "1", "x_y", "z"),
                        QmgrParams.ALL);
        var limit = QmgrParams.DEFAULT_DESTINATION_CONCURRENCY_LIMIT;
        assertEquals(1, config.get(limit, "slow"));
        assertEquals(2, config.get(limit, "local"));
        assertEquals(20, config.get(limit, "smtp"));
        assertEquals(20, config.get(limit, "other"));
    }

    @Test
    void everyDefaultIsGood() {
        var config = Config.of(Map.of("myhostname", "mx.example.com"), AllParams.tables());
        for (var table : AllParams.TABLES) {
            for (var p : table.params()) {
                assertNotNull(config.get(p), p.name());
            }
        }
    }

    @Test
    void anOldCompatibilityLevelGetsOldDefaults() {
        var old = Config.of(Map.of("myhostname", "h.d"));
        var now = Config.of(Map.of("myhostname", "h.d", "compatibility_level", "3.11"));
        assertTrue(old.get(MainParams.APPEND_DOT_MYDOMAIN));
        assertFalse(now.get(MainParams.APPEND_DOT_MYDOMAIN));
        assertEquals(List.of(), now.get(MainParams.RELAY_DOMAINS));
    }

    @Test
    void misspeltNamesAreRefusedWithTheNearestKnownOneAndUnknownOnesWarnedOf() {
        String text =
                """
                queue_run_dely = 5s
                mine = 1
                smtpd_restriction_classes = greet
                greet = permit
                relayhost = $mine
                slow_destination_recipient_limit = 3
                zzz = 1
                slow_time_limit = 3600
                command_time_limit = 10s
                far_time_limit = 3600
                """;
        var main = MainCf.parse("main.cf", text.getBytes(StandardCharsets.UTF_8));
        var master =
                MasterCf.parse(
                        "master.cf",
                        """
                        slow unix - - n - - smtp -o smtp_helo_nam=x -o { own = a b }
                          -o relayhost=$own
                        far unix - - n - - pipe user=a argv=b
                        """
                                .getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(
                        "main.cf, line 1: unknown parameter queue_run_dely; did you mean queue_run_delay?",
                        "master.cf, line 1: unknown parameter smtp_helo_nam; did you mean smtp_helo_name?"),
                ConfigCheck.refused(main, master).stream().map(Problem::toString).toList());
        assertEquals(
                List.of(
                        "main.cf, line 7: unknown parameter zzz: it has no effect",
                        "main.cf, line 8: parameter slow_time_limit is not supported by this version: it has no effect"),
                ConfigCheck.withoutEffect(main, master).stream().map(Problem::toString).toList());
    }

    private String locationProblems(String location) throws IOException, ConfigException {
        return ConfigCheck.values(load("mail_location = " + location + "\n"), "main.cf", true)
                .stream()
                .map(Problem::toString)
                .filter(text -> text.contains("mail_location"))
                .collect(Collectors.joining());
    }

    @Test
    void aMailLocationOfAnotherFormatIsAProblemAtOnce() throws IOException, ConfigException {
        for (String bad :
                List.of(
                        "mdbox:~/mdbox",
                        "sdbox:~/dbox",
                        "imapc:",
                        "Maildir:~/x",
                        "maildir:",
                        "mbox::INBOX=/var/mail/%u",
                        "maildir:~/Maildir:LAYOUT=fs",
                        "maildir:~/Maildir:INDEX=MEMORY",
                        "maildir:/srv/%q/%n")) {
            assertTrue(locationProblems(bad).contains(bad), bad);
        }
        for (String good :
                List.of(
                        "",
                        "~/Maildir",
                        "maildir:~/Maildir",
                        "mbox:~/mail:INBOX=/var/mail/%u",
                        "maildir:/srv/%d/%n:LAYOUT=maildir++",
                        "maildir:/srv/%2.256Nu/%Lu:INBOX=/in/%u:CONTROL=/c/%u:INDEX=/i/%u",
                        "mbox:~/mail:LAYOUT=fs")) {
            assertEquals("", locationProblems(good));
        }
        assertEquals(
                "main.cf, line 1: mail_location = mdbox:~/mdbox: the format mdbox is not supported;"
                        + " maildir:PATH and mbox:PATH:INBOX=FILE are known",
                locationProblems("mdbox:~/mdbox"));
    }

    @Test
    void anOldNameWorksAndIsTold() {
        var main =
                MainCf.parse(
                        "main.cf",
                        "smtpd_use_tls = yes\nrelayhost =\n".getBytes(StandardCharsets.UTF_8));
        var master =
                MasterCf.parse(
                        "master.cf",
                        "x inet n - n - - smtpd -o virtual_maps=\n"
                                .getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(
                        "main.cf, line 1: support for parameter \"smtpd_use_tls\" will be removed; instead, specify \"smtpd_tls_security_level\"",
                        "master.cf, line 1: support for parameter \"virtual_maps\" will be removed; instead, specify \"virtual_alias_maps\""),
                OldNames.warnings(main, master).stream().map(Problem::toString).toList());
        assertEquals(List.of(), ConfigCheck.refused(main, master));
        assertEquals(List.of(), ConfigCheck.withoutEffect(main, master));
    }

    @Test
    void aParameterOfPostfixThatIsNotThereYetIsAnErrorOnlyIfItProtects() {
        var main =
                MainCf.parse(
                        "main.cf",
                        """
                        local_login_sender_maps = regexp:/x
                        biff = no
                        best_mx_transport = local
                        smtpd_tls_req_ccert = no
                        openssl_path =
                        """
                                .getBytes(StandardCharsets.UTF_8));
        var master =
                MasterCf.parse(
                        "master.cf",
                        "smtp inet n - n - - smtpd -o local_login_sender_maps=x -o local_login_sender_maps=\n"
                                .getBytes(StandardCharsets.UTF_8));
        String protects =
                " is not supported by this version, and without it less is protected: take it out if you can do without";
        assertEquals(
                List.of(
                        "main.cf, line 1: parameter local_login_sender_maps" + protects,
                        "master.cf, line 1: parameter local_login_sender_maps" + protects),
                ConfigCheck.refused(main, master).stream().map(Problem::toString).toList());
        assertEquals(
                List.of(
                        "main.cf, line 3: parameter best_mx_transport is not supported by this version: it has no effect"),
                ConfigCheck.withoutEffect(main, master).stream().map(Problem::toString).toList());
    }

    @Test
    void aRestrictionThatAsksVerifyNeedsItsRow() {
        var main =
                MainCf.parse(
                        "main.cf",
                        "smtpd_recipient_restrictions = reject_unverified_recipient\n"
                                .getBytes(StandardCharsets.UTF_8));
        String smtp = "smtp inet n - n - - smtpd -o x=reject_unverified_sender\n";
        var without = MasterCf.parse("master.cf", smtp.getBytes(StandardCharsets.UTF_8));
        var with =
                MasterCf.parse(
                        "master.cf",
                        (smtp + "verify unix - - n - 1 verify\n").getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of("main.cf, line 1", "master.cf, line 1"),
                ProbeCheck.warnings(main, without).stream()
                        .map(p -> p.file() + ", line " + p.line())
                        .toList());
        assertEquals(List.of(), ProbeCheck.warnings(main, with));
    }

    @Test
    void aProtectionIsRefusedAlsoWhereAnotherValueUsesIt() {
        var main =
                MainCf.parse(
                        "main.cf",
                        "local_login_sender_maps = hash:/x\nbest_mx_transport = $local_login_sender_maps\n"
                                .getBytes(StandardCharsets.UTF_8));
        var master = MasterCf.parse("master.cf", new byte[0]);
        assertEquals(
                List.of(1), ConfigCheck.refused(main, master).stream().map(Problem::line).toList());
    }

    @Test
    void aLaterAssignmentThatMakesAnEarlierOneVoidIsToldOf() {
        var main =
                MainCf.parse("main.cf", "a = 1\nb = 2\na = 3\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of("main.cf, line 3: overriding line 1: a = 1"),
                ConfigCheck.overridden(main).stream().map(Problem::toString).toList());
    }

    @Test
    void aTableInsideAnotherMustBeOfAKnownTypeToo() throws Exception {
        var config =
                load(
                        """
                        virtual_alias_maps = proxy:mysql:/x
                        transport_maps = unionmap:{hash:/a, ldap:/b}
                        mydestination = a.test, sqlite:/d
                        relay_domains = proxy:hash:/e, static:ok
                        """);
        assertEquals(
                List.of(1, 2, 3),
                ConfigCheck.values(config, "main.cf", true).stream()
                        .map(Problem::line)
                        .sorted()
                        .toList());
    }

    @Test
    void aTableOfARestrictionMustBeOfAKnownType() throws IOException {
        for (String item :
                List.of(
                        "check_recipient_access pgsql:/c",
                        "check_recipient_access proxy:hush:/c",
                        "hush:/c",
                        "check_ccert_access { hush:/c, { search_order = pubkey_fingerprint } }")) {
            var problems = problems("smtpd_recipient_restrictions = " + item + ", reject\n");
            assertEquals(1, problems.size(), item);
            assertTrue(problems.getFirst().contains("unsupported table type"), problems.getFirst());
        }
    }

    @Test
    void aBadValueDoesNotHideWhatIsWrongWithOthers() {
        var main =
                MainCf.parse(
                        "main.cf",
                        "message_size_limit = 20M\nmynetworks = 10.0.0.0/33\n"
                                .getBytes(StandardCharsets.UTF_8));
        var config = Config.unchecked(dir, main.settings(), AllParams.tables());
        assertEquals(
                List.of(2),
                ConfigCheck.values(config, "main.cf", false).stream().map(Problem::line).toList());
    }

    @Test
    void namesThatAreNotSupportedAreNotDeclared() {
        for (var name : AllParams.names()) {
            assertFalse(UnsupportedNames.contains(name), name);
        }
    }

    @Test
    void theOriginMayStandInAFile() throws Exception {
        Path file = dir.resolve("mailname");
        Files.writeString(file, "example.org\n");
        assertEquals("example.org", load("myorigin = " + file + "\n").get(MainParams.MYORIGIN));
        assertTrue(problems("myorigin = /none/mailname\n").getFirst().contains("no such file"));
    }

    @Test
    void theLogFileMustLieWhereItMay() throws Exception {
        var config = load("maillog_file = /home/x\nmaillog_file_prefixes = /var, /dev/stdout\n");
        assertEquals(1, ConfigCheck.values(config, "main.cf", true).size());
        assertEquals(
                List.of(),
                ConfigCheck.values(load("maillog_file = /var/log/mail.log\n"), "main.cf", true));
    }

    @Test
    void valuesThatContradictEachOtherAreReported() throws Exception {
        var config =
                load(
                        "minimal_backoff_time = 2h\nvirtual_alias_maps = mysql:/x\nmynetworks = 10.0.0.1/8\n");
        assertEquals(
                List.of(2, 3, 1),
                ConfigCheck.values(config, "main.cf", true).stream().map(Problem::line).toList());
    }

    @Test
    void listsThatLeaveNoCipherAreErrors() throws Exception {
        assertEquals(
                List.of(
                        "main.cf, line 2: parameter smtpd_tls_mandatory_ciphers: no cipher is left of \"RC4\""),
                ConfigCheck.values(
                                load(
                                        "tls_high_cipherlist = RC4\nsmtpd_tls_mandatory_ciphers = high\n"),
                                "main.cf",
                                true)
                        .stream()
                        .map(Problem::toString)
                        .toList());
        assertEquals(
                List.of(),
                ConfigCheck.values(
                        load(
                                "smtpd_tls_exclude_ciphers = aNULL, eNULL, EXPORT, DES, RC4, MD5, PSK\n"),
                        "main.cf",
                        true));
    }

    @Test
    void aMailboxLimitBelowTheMessageLimitIsSaidWhereItMatters() throws Exception {
        String raised = "message_size_limit = 100000000\n";
        assertEquals(
                List.of(
                        "main.cf, line 1: mailbox_size_limit is smaller than message_size_limit: local will not run, and its mail is deferred"),
                unusable(raised));
        assertEquals(List.of(), unusable(raised + "mydestination =\n"));
        assertEquals(List.of(), unusable(raised + "mailbox_size_limit = 0\n"));
        assertEquals(
                List.of(
                        "main.cf, line 3: virtual_mailbox_limit is smaller than message_size_limit: virtual will not run, and its mail is deferred"),
                unusable(
                        "mydestination =\nvirtual_mailbox_domains = v.test\nmessage_size_limit = 0\n"));
        assertEquals(List.of(), unusable("message_size_limit = 51200000\n"));
    }

    private List<String> unusable(String text) throws Exception {
        var config = load(text);
        assertEquals(List.of(), ConfigCheck.values(config, "main.cf", true));
        return ConfigCheck.unusable(config, "main.cf").stream().map(Problem::toString).toList();
    }
}
