// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.ConfigException;
import org.postino.config.MainParams;
import org.postino.config.Problem;

class PlanTest {
    private static final String MAIN_CF =
            "inet_interfaces = loopback-only\nmyhostname = mx.example.test\nmail_name = Checked\n";
    private static final String MASTER_CF =
            """
            127.0.0.1:10025 inet n - n - - smtpd
            127.0.0.1:10587 inet n - n - - smtpd -o syslog_name=submission
            """;

    @TempDir Path dir;
    private final List<String> readings = new ArrayList<>();

    /// An editor that writes both files anew as soon as one of them has been read.
    private byte[] readAndEdit(Path file) throws IOException {
        readings.add(file.getFileName().toString());
        byte[] read = Files.readAllBytes(file);
        Files.writeString(dir.resolve("main.cf"), MAIN_CF.replace("Checked", "Edited"));
        Files.writeString(dir.resolve("master.cf"), MASTER_CF.replace("submission", "edited"));
        return read;
    }

    @Test
    void daemonsGetTheBytesThatWereChecked() throws Exception {
        Files.writeString(dir.resolve("main.cf"), MAIN_CF);
        Files.writeString(dir.resolve("master.cf"), MASTER_CF);
        Plan plan = Plan.load(dir, this::readAndEdit);
        assertEquals(MAIN_CF, new String(plan.mainCf().bytes(), UTF_8));
        assertEquals("Checked", plan.config().get(MainParams.MAIL_NAME));
        assertEquals(
                List.of("Checked", "Checked"),
                plan.services().stream()
                        .filter(s -> s.program().word().equals("smtpd"))
                        .map(s -> s.config().get(MainParams.MAIL_NAME))
                        .toList());
        assertEquals(List.of("main.cf", "master.cf"), readings);
    }

    @Test
    void aCleanupThatIsNotThereIsToldBeforeMailWaitsForIt() throws Exception {
        Files.writeString(dir.resolve("main.cf"), MAIN_CF);
        String rows =
                """
                127.0.0.1:10587 inet n - n - - smtpd -o cleanup_service_name=sub
                cleanup unix n - n - 0 cleanup
                """;
        Files.writeString(dir.resolve("master.cf"), rows);
        assertEquals(List.of(true), warned());
        Files.writeString(dir.resolve("master.cf"), rows + "sub unix - - n - 0 cleanup\n");
        assertEquals(List.of(true), warned());
        Files.writeString(
                dir.resolve("master.cf"),
                rows + "sub unix n - n - 0 cleanup -o header_checks=pcre:/etc/sub\n");
        assertEquals(List.of(), warned());
    }

    private List<Boolean> warned() throws Exception {
        return Plan.load(dir).warnings().stream()
                .map(note -> note.toString().contains("cleanup_service_name is sub, and no row"))
                .toList();
    }

    @Test
    void filesThatCannotBeReadAreNamedOnce() {
        var refused = assertThrows(ConfigException.class, () -> Plan.load(dir));
        assertEquals(
                List.of(
                        dir.resolve("main.cf") + ": cannot be read: no such file",
                        dir.resolve("master.cf") + ": cannot be read: no such file"),
                refused.problems().stream().map(Problem::toString).toList());
    }
}
