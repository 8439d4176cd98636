// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.ConfigException;

class RelaySafetyTest {
    @TempDir Path dir;

    private Config config(String relay) throws IOException, ConfigException {
        Files.writeString(
                dir.resolve("main.cf"),
                "compatibility_level = 3.11\nsmtpd_recipient_restrictions =\nsmtpd_relay_restrictions = "
                        + relay
                        + "\n");
        return Config.load(dir, List.of(), AllParams.tables());
    }

    @Test
    void somethingMustStopStrangers() throws Exception {
        for (String list : List.of("", "permit", "Permit, reject", "warn_if_reject reject")) {
            assertTrue(RelaySafety.problem(config(list)).isPresent(), list);
        }
        for (String list :
                List.of(
                        "reject",
                        "permit_mynetworks, defer_unauth_destination",
                        "Permit_Mynetworks, Reject_Unauth_Destination")) {
            assertEquals(Optional.empty(), RelaySafety.problem(config(list)), list);
        }
    }

    @Test
    void theRowOfAServerThatWillNotRunIsTold() throws Exception {
        var _ = config("permit_mynetworks, permit");
        Files.writeString(
                dir.resolve("master.cf"),
                "smtp inet n - n - - smtpd\n587 inet n - n - - smtpd -o smtpd_relay_restrictions=reject\n");
        List<String> warnings =
                Plan.load(dir).warnings().stream()
                        .map(w -> w.where().toString())
                        .filter(w -> w.contains("smtpd"))
                        .toList();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(
                warnings.getFirst()
                        .contains("master.cf, line 1: smtp: smtpd will not run: in parameter"),
                warnings.toString());
    }
}
