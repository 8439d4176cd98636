// SPDX-License-Identifier: Apache-2.0

package org.postino.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.kit.NameServer;

/// The lab of `tests/lab`, up once, with all its lessons. Needs root, for its hosts are namespaces.
class LabTest {
    private static final Path HERE = Instance.root().resolve("tests/lab");

    @TempDir static Path dir;

    @BeforeAll
    static void up() throws IOException {
        assumeTrue(isRoot(), "the lab needs root");
        assumeTrue(Command.exists("ip"), "ip is not installed");
        Command.Result namespaces =
                new Command("unshare", "--net", "--mount", "--uts", "--pid", "--fork", "true")
                        .run();
        assumeTrue(namespaces.status() == 0, "no namespaces here: " + namespaces.err().strip());
        lab(dir, "up").run().ok();
    }

    @AfterAll
    static void down() throws IOException {
        if (Files.exists(dir.resolve(".lab"))) {
            lab(dir, "down").run().ok();
            assertEquals(List.of(), processesOf(dir));
        }
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static Command lab(Path directory, String... words) throws IOException {
        var all = new ArrayList<>(List.of(HERE + "/lab", "-d", directory.toString()));
        all.addAll(List.of(words));
        String kit =
                Path.of(
                                NameServer.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                        .toString();
        return new Command(all.toArray(String[]::new))
                .environment("POSTINO_KIT", kit)
                .environment("POSTINO_IMAGE", Instance.imageDirectory().toString())
                .limit(Duration.ofMinutes(5));
    }

    /// Processes that bear the lab's directory in their command line.
    private static List<String> processesOf(Path directory) {
        return ProcessHandle.allProcesses()
                .map(p -> p.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory + "/"))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> lessons() throws IOException {
        List<Path> files;
        try (var all = Files.list(HERE.resolve("lessons"))) {
            files = all.sorted().toList();
        }
        assertFalse(files.isEmpty());
        return files.stream()
                .map(file -> {
                    String name =
                            String.valueOf(file.getFileName())
                                    .replaceFirst("^\\d+-", "")
                                    .replace(".lesson", "");
                    return DynamicTest.dynamicTest(name, () -> play(name));
                });
    }

    private static void play(String name) throws IOException {
        String shown = lab(dir, "demo", name).run().ok().out();
        shown.lines()
                .filter(line -> line.contains("(skipped: "))
                .forEach(line -> abort(line.strip()));
    }

    @Test
    void theHostsAreThere() throws IOException {
        String table = lab(dir, "status").run().ok().out();
        assertTrue(table.contains("mail.red.lab      running"), table);
        assertTrue(table.contains("stranger.lab      there"), table);
    }

    @Test
    void aSecondLabDoesNotDisturbTheFirst() throws IOException {
        String name = lab(dir, "enter", "mail.red.lab", "hostname").run().ok().out();
        assertEquals("mail.red.lab", name.strip());
        Path second = dir.resolve("second");
        Command.Result refused = lab(second, "status").run();
        assertTrue(refused.out().contains("not there"), refused.out());
    }

    @Test
    void ifItCannotComeUpNothingIsLeft() throws IOException {
        Path image = Files.createDirectories(dir.resolve("image"));
        Files.createSymbolicLink(
                image.resolve("runtime"), Instance.imageDirectory().resolve("runtime"));
        Files.createSymbolicLink(image.resolve("lib"), Instance.imageDirectory().resolve("lib"));
        Files.createDirectory(image.resolve("bin"));
        Path broken = Files.writeString(image.resolve("bin/postino"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path other = dir.resolve("other");
        Command.Result result =
                lab(other, "up").environment("POSTINO_IMAGE", image.toString()).run();
        assertEquals(1, result.status(), result.out() + result.err());
        assertTrue(result.err().contains("ending what was started"), result.err());
        assertEquals(List.of(), processesOf(other));
    }

    @Test
    void strangersToTheMachineAreToldWhatIsNeeded() throws IOException {
        assumeTrue(Command.exists("setpriv"), "setpriv is not installed");
        Command.Result result =
                new Command(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                HERE + "/lab",
                                "up")
                        .run();
        assertEquals(1, result.status());
        assertTrue(result.err().contains("needs root"), result.err());
        assertTrue(lab(dir, "help").run().ok().out().contains("usage: lab"));
    }
}
