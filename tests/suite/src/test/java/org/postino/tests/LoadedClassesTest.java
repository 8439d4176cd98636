// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;
import org.postino.suite.Programs;

/// Large libraries cost memory and time: nobody loads one before a session needs it.
class LoadedClassesTest {
    private static final List<String> LARGE =
            List.of(
                    "picocli.",
                    "com.fasterxml.",
                    "org.apache.lucene.",
                    "org.bouncycastle.",
                    "jnr.",
                    "com.kenai.jffi.");

    private static final List<String> MAINS =
            Programs.words().stream()
                    .map(word -> Programs.find(word).orElseThrow().mainClass())
                    .toList();

    @TempDir Path dir;

    @Test
    void noDaemonLoadsALargeLibraryBeforeItsFirstSession() throws IOException {
        Path loaded = Files.createDirectories(dir.resolve("mx/data/crash"));
        Path mxDir = dir.resolve("mx");
        try (Instance mx = Instance.create(mxDir)) {
            // Where a Java machine may write about its own end, every daemon may.
            String option =
                    "-Xlog:class+load:file=" + loaded.resolve("classes.%p") + ":none:filecount=0";
            mx.command("postino", "start").environment("POSTINO_JAVA_OPTIONS", option).run().ok();
            for (int port : List.of(25, 110, 143)) {
                try (var wire = mx.wire(port)) {
                    assertTrue(!String.valueOf(wire.line()).isEmpty(), "a greeting");
                }
            }
            mx.command("sendmail", "-f", "bob@mx.test", "nobody@mx.test")
                    .input("Subject: x\n\ntext\n")
                    .run()
                    .ok();
            Await.until("many daemons were there", () -> programs(mx).size() >= 7);
            mx.stop();
            var found = new ArrayList<String>();
            for (Path file : logs(loaded)) {
                String text = Files.readString(file);
                assertTrue(text.contains("org.postino."), file + " has no classes");
                LARGE.stream()
                        .filter(library -> text.contains("\n" + library))
                        .forEach(library -> found.add(main(text) + " loads " + library));
            }
            assertEquals(List.of(), found);
            assertTrue(logs(loaded).size() >= 7, logs(loaded).toString());
        }
    }

    /// What the training run has not used starts from the jars, which takes it longer.
    @Test
    void theClassArchiveHasThePrograms() throws IOException {
        Path list = Instance.imageDirectory().resolveSibling("classes.lst");
        var archived = new HashSet<>(Files.readAllLines(list, StandardCharsets.ISO_8859_1));
        var missing = new TreeSet<String>();
        for (String main : MAINS) {
            if (!archived.contains(main.replace('.', '/'))) {
                missing.add(main.substring(main.lastIndexOf('.') + 1));
            }
        }
        // They want another row, or root.
        assertEquals(Set.of("AuthWorker", "Postscreen"), missing);
    }

    private static Set<String> programs(Instance mx) throws IOException {
        var programs = new HashSet<String>();
        for (String line : mx.command("postino", "status").run().out().split("\n")) {
            String[] words = line.split("\\s+");
            if (words.length > 4 && words[4].matches("\\d+")) {
                programs.add(words[2]);
            }
        }
        return programs;
    }

    private static List<Path> logs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith("classes.")).toList();
        }
    }

    /// The class with the main method: enough to say which daemon it was.
    private static String main(String text) {
        return text.lines()
                .filter(line -> line.startsWith("org.postino."))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .filter(MAINS::contains)
                .findFirst()
                .orElse("a daemon");
    }
}
