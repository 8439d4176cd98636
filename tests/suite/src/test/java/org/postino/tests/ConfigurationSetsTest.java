// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.kit.Instance;

/// `postino check` finds nothing that would keep the suite from starting in sets of main.cf, master.cf and tables as installations of
/// Postfix have them: the directories of `sets`, each of one kind of server.
class ConfigurationSetsTest {
    @TempDir Path dir;

    @TestFactory
    Stream<DynamicTest> everySetCanStart() throws IOException {
        Path sets = Instance.root().resolve("tests/suite/src/test/resources/sets");
        List<Path> all;
        try (Stream<Path> found = Files.list(sets)) {
            all = found.sorted().toList();
        }
        assertFalse(all.isEmpty());
        return all.stream().map(set -> dynamicTest("" + set.getFileName(), () -> check(set)));
    }

    private void check(Path set) throws IOException {
        Path there = dir.resolve("" + set.getFileName());
        new Command("cp", "-r", set.toString(), there.toString()).run().ok();
        for (String name : List.of("spool", "data", "log")) {
            Files.createDirectory(there.resolve(name));
        }
        Files.write(
                there.resolve("main.cf"),
                List.of(
                        "queue_directory = " + there.resolve("spool"),
                        "data_directory = " + there.resolve("data"),
                        "maillog_file = " + there.resolve("log/mail.log"),
                        "maillog_file_prefixes = " + there,
                        "mail_owner = " + System.getProperty("user.name")),
                StandardOpenOption.APPEND);
        var checked = Instance.image("postino", "-c", there.toString(), "check").run();
        List<String> bad =
                checked.err()
                        .lines()
                        .filter(line -> line.matches("postino: (fatal|error): .*"))
                        .toList();
        assertEquals(List.of(), bad);
        assertEquals(0, checked.status(), checked.err());
    }
}
