// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private final StatusReport report =
            new StatusReport(
                    Path.of("/srv/a \"b\""),
                    List.of(
                            "master\t-\tmaster\trunning\t100\t0\t1\t93784\troot",
                            "127.0.0.1:10025\tinet\tsmtpd\trunning\t1234\t12\t3\t61\tpostino-smtpd",
                            "auth\tunix\tauth\tlistening\t-\t0\t0\t0\t-",
                            "not a row"));

    @Test
    void theTableAlignsItsColumns() {
        assertEquals(
                """
                SERVICE          TYPE  PROGRAM  STATE       PID  SESSIONS  STARTS  UPTIME  USER
                master           -     master   running     100         0       1   1d02h  root
                127.0.0.1:10025  inet  smtpd    running    1234        12       3   1m01s  postino-smtpd
                auth             unix  auth     listening     -         0       0       -  -
                """,
                report.text());
    }

    @Test
    void jsonIsOneObject() {
        assertEquals(
                "{\"config_directory\": \"/srv/a \\\"b\\\"\", \"services\": ["
                        + "{\"service\": \"master\", \"type\": \"-\", \"program\": \"master\", \"state\": \"running\","
                        + " \"pid\": 100, \"sessions\": 0, \"starts\": 1, \"uptime\": 93784, \"user\": \"root\"}, "
                        + "{\"service\": \"127.0.0.1:10025\", \"type\": \"inet\", \"program\": \"smtpd\", \"state\": \"running\","
                        + " \"pid\": 1234, \"sessions\": 12, \"starts\": 3, \"uptime\": 61, \"user\": \"postino-smtpd\"}, "
                        + "{\"service\": \"auth\", \"type\": \"unix\", \"program\": \"auth\", \"state\": \"listening\","
                        + " \"pid\": null, \"sessions\": 0, \"starts\": 0, \"uptime\": 0, \"user\": \"-\"}]}\n",
                report.json());
    }
}
