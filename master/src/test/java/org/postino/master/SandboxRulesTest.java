// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.linux.Sandbox;
import org.postino.linux.Sandbox.Access;
import org.postino.linux.Sandbox.Ports;
import org.postino.linux.Sandbox.Rule;
import org.postino.suite.Plan;

class SandboxRulesTest {
    @TempDir Path dir;

    private Sandbox sandbox(String program, String main, String row) throws Exception {
        Files.writeString(
                dir.resolve("main.cf"), "queue_directory = " + dir + "/q\ndns_servers =\n" + main);
        Files.writeString(dir.resolve("master.cf"), row + "\n");
        Plan plan = Plan.load(dir);
        var service =
                plan.services().stream()
                        .filter(s -> s.program().word().equals(program))
                        .findFirst()
                        .orElseThrow();
        return new SandboxRules(plan, service, service.program().policy()).sandbox(1);
    }

    @Test
    void smtpdMayConnectWhereMainCfItsRowAndTheTableOfMiltersSay() throws Exception {
        Path table = dir.resolve("milters");
        Files.writeString(
                table,
                """
                192.0.2.1 { inet:127.0.0.1:8891, default_action=accept }, inet:[::1]:8892
                192.0.2.2 DISABLE
                #192.0.2.3 unix:8893
                """);
        assertEquals(
                Ports.of(Set.of(53, 8890, 8891, 8892, 10023)),
                sandbox(
                                "smtpd",
                                "smtpd_milters = inet:127.0.0.1:8890\n"
                                        + ("smtpd_milter_maps = proxy:cidr:"
                                                + table
                                                + ", cidr:/none\n"),
                                "smtp inet n - n - - smtpd -o { smtpd_client_restrictions = check_policy_service inet:127.0.0.1:10023 }")
                        .connect());
    }

    @Test
    void whatTheRowOfACommandNamesCanBeExecuted() throws Exception {
        String row = " unix - n n - - pipe user=nobody argv=";
        Path program = dir.resolve("filter.sh");
        assertTrue(
                sandbox("pipe", "", "filter" + row + program + " -f ${sender}")
                        .rules()
                        .contains(new Rule(program, Access.EXECUTE)));
        assertTrue(
                sandbox("pipe", "", "filter" + row + "/etc/postfix/filter.sh ${sender}")
                        .rules()
                        .contains(new Rule(Path.of("/etc/postfix"), Access.EXECUTE)));
    }
}
