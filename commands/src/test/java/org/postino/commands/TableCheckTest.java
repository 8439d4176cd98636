// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.suite.AllParams;

class TableCheckTest {
    @TempDir Path dir;

    @Test
    void anActionThatCannotBeCarriedOutIsSaidBeforeAClientMeetsIt() throws IOException {
        Path access = dir.resolve("access");
        Files.writeString(
                access,
                """
                a.test OK
                b.test filter smtp-amavis:[127.0.0.1]:10024
                c.test
                  FILTER amavis
                d.test 550 no
                e.test strict, permit
                f.test rejct
                /g h/ whatever
                h.test sleep soon
                i.test reject_rbl_client zen.test, reject
                j.test check_client_access hash:/x
                """);
        var config =
                Config.of(
                        Map.of(
                                "alias_maps",
                                "",
                                "smtpd_restriction_classes",
                                "strict",
                                "strict",
                                "reject",
                                "smtpd_sender_restrictions",
                                "check_sender_access proxy:texthash:" + access),
                        AllParams.tables());
        assertEquals(
                List.of(
                        access
                                + ", line 3: FILTER without transport:nexthop: clients that meet it hear 451 4.3.5",
                        access
                                + ", line 7: unknown restriction rejct, did you mean reject?: clients that meet it hear 451 4.3.5",
                        access
                                + ", line 9: sleep needs a number of seconds: clients that meet it hear 451 4.3.5",
                        access
                                + ", line 11: a table may not be named here: name a restriction class: clients that meet it hear 451 4.3.5"),
                TableCheck.warnings(config, _ -> ""));
    }

    @Test
    void anActionOfHeaderChecksThatCannotBeCarriedOutIsSaid() throws IOException {
        Path patterns = dir.resolve("patterns");
        Files.writeString(
                patterns,
                """
                /^Subject: x\\/ y/i REJECT no
                if /^X/
                !/x/ DEFER later
                /^X-To: (.*)/ REDIRECT $1
                endif
                %y%
                  REPLACE this line
                """);
        var config =
                Config.of(
                        Map.of(
                                "alias_maps",
                                "",
                                "header_checks",
                                "regexp:" + patterns,
                                "body_checks",
                                "regexp:" + patterns),
                        AllParams.tables());
        String defer = patterns + ", line 3: no action is called DEFER: mail that meets it passes";
        assertEquals(
                List.of(
                        defer,
                        patterns
                                + ", line 6: REPLACE without a header field: mail that meets it passes",
                        defer),
                TableCheck.warnings(config, _ -> ""));
    }

    @Test
    void aTableThatIsNotThereIsSaidOnceWithItsRemedy() throws IOException {
        Path there = Files.writeString(dir.resolve("transport"), "example.test smtp:\n");
        String missing = "hash:" + dir.resolve("aliases");
        var config =
                Config.of(
                        Map.of(
                                "alias_maps",
                                missing,
                                "local_recipient_maps",
                                "unix:passwd.byname $alias_maps",
                                "transport_maps",
                                "texthash:" + there,
                                "canonical_maps",
                                "inline:{a=b} regexp:{{/x/ y}} proxy:static:c",
                                "recipient_bcc_maps",
                                "proxy:cidr:" + dir.resolve("nets")));
        assertEquals(
                List.of(
                        "alias_maps: table "
                                + missing
                                + ": open "
                                + dir.resolve("aliases.db")
                                + ": No such file or directory: mail that needs it waits; postalias "
                                + missing
                                + " makes it",
                        "recipient_bcc_maps: table cidr:"
                                + dir.resolve("nets")
                                + ": open "
                                + dir.resolve("nets")
                                + ": No such file or directory"),
                TableCheck.warnings(config, _ -> ""));
    }

    @Test
    void tablesOfRestrictionsAreTriedAsThoseOfParametersAre() throws IOException {
        Path nets = Files.writeString(dir.resolve("nets"), "192.0.2.1 OK\n");
        String missing = "hash:" + dir.resolve("senders");
        String certificates = "texthash:" + dir.resolve("certificates");
        var config =
                Config.of(
                        Map.of(
                                "alias_maps",
                                "",
                                "smtpd_restriction_classes",
                                "strict",
                                "strict",
                                "check_sender_access proxy:" + missing,
                                "smtpd_client_restrictions",
                                "cidr:" + nets + " check_ccert_access " + certificates,
                                "smtpd_sender_restrictions",
                                "check_sender_access inline:{a=OK DUNNO}, check_sender_access fail:x",
                                "smtpd_recipient_restrictions",
                                "check_recipient_access regexp:{{/(/ OK}}, reject"),
                        AllParams.tables());
        assertEquals(
                List.of(
                        "smtpd_client_restrictions: table "
                                + certificates
                                + ": open "
                                + dir.resolve("certificates")
                                + ": No such file or directory",
                        "smtpd_sender_restrictions: table inline:{a=OK DUNNO}: missing '=' after parameter name: \"DUNNO\"",
                        "regexp map regexp:{{/(/ OK}}, line 1: Unmatched ( or \\(: skipping this rule",
                        "strict: table "
                                + missing
                                + ": open "
                                + dir.resolve("senders.db")
                                + ": No such file or directory: mail that needs it waits; postmap "
                                + missing
                                + " makes it"),
                TableCheck.warnings(config, _ -> ""));
    }
}
