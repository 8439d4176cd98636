// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;
import org.postino.milter.MilterParams;

/// Lists of milters as main.cf may and may not have them.
class MilterListTest {
    private static String problem(String list) {
        try {
            Config.of(Map.of("smtpd_milters", list), MilterParams.ALL);
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "inet:127.0.0.1:8891; ''",
                "inet:[::1]:8891, unix:/run/opendkim/opendkim.sock local:opendkim/o.sock; ''",
                "{ inet:mx:1, connect_timeout=1s, default_action=accept, protocol=2 }; ''",
                "{ local:a/b, content_timeout=10m, command_timeout=5s }; ''",
                "inet:x:y; the port of a milter is a number, not \"y\"",
                "8891@localhost; a milter is inet:host:port or unix:path, not \"8891@localhost\"",
                "{ inet:mx:1, timeout=1s }; a milter has no attribute \"timeout=1s\"",
                "{ inet:mx:1, protocol=5 }; protocol of a milter must be one of: 2, 3, 4, 6",
            })
    void aListIsReadOrSaysWhatIsWrong(String list, String wrong) {
        String said = problem(list);
        assertTrue(said.endsWith(wrong) && said.isEmpty() == wrong.isEmpty(), said);
    }
}
