// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Each row of docs/rfc.md names classes and files that exist where it says.
class RfcTest {
    private static final Path ROOT = Path.of(System.getProperty("postino.root", ".."));

    /// A name in a row, and the word before it, which may be the module.
    private static final Pattern NAME = Pattern.compile("(?:\\b([a-z][a-z0-9-]*) )?`([^`]+)`");

    @Test
    void everyRowNamesWhatExists() throws IOException {
        var missing = new ArrayList<String>();
        int rows = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/rfc.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| RFC ")) {
                rows++;
                look(line.substring(line.lastIndexOf('|', line.length() - 2) + 1), missing);
            }
        }
        assertTrue(rows > 40, "there are only " + rows + " rows");
        assertEquals(List.of(), missing);
    }

    private static void look(String cell, List<String> missing) throws IOException {
        String module = "";
        var names = NAME.matcher(cell);
        while (names.find()) {
            String word = names.group(1);
            if (word != null && Files.isDirectory(ROOT.resolve(word).resolve("src/main"))) {
                module = word;
            }
            String name = names.group(2);
            if (!exists(module, name)) {
                missing.add(module + " " + name);
            }
        }
    }

    /// @param name a file from the top of the sources, `room.Class`, or a class of the module
    private static boolean exists(String module, String name) throws IOException {
        if (name.contains("/")) {
            return Files.exists(ROOT.resolve(name));
        }
        String[] parts = name.split("\\.");
        boolean inRoom = Character.isLowerCase(name.charAt(0));
        if (!inRoom && module.isEmpty()) {
            return false;
        }
        Path sources = ROOT.resolve(inRoom ? "lib/" + parts[0] : module).resolve("src/main/java");
        String file = (inRoom ? parts[1] : parts[0]) + ".java";
        try (var files = Files.walk(sources)) {
            return files.anyMatch(f -> f.getFileName().toString().equals(file));
        }
    }
}
