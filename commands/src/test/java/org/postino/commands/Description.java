// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postino.config.Param;

/// The words about a parameter: the doc comment in front of its declaration. It has three paragraphs, the last of them
/// indented. They stand in the sources alone, as no program needs them (ADR 20).
///
/// @param what what the parameter does
/// @param when when to change it
/// @param example lines of main.cf; empty for a name that has no effect
record Description(String what, String when, List<String> example) {
    private static final Pattern DECLARATION =
            Pattern.compile(
                    "(?m)(?:((?:^ *///.*\\n)+)\\s*public static final [^=;]*=\\s*T\\s*\\.\\s*\\w+"
                            + "|((?:^ *// .*\\n|^ *//\\n)+)\\s*none)\\(\\s*\"([^\"]+)\"");

    /// The descriptions in all classes `*Params` of lib, by the parameter's name.
    ///
    /// @param root the top of the sources
    static Map<String, Description> read(Path root) throws IOException {
        var found = new HashMap<String, Description>();
        try (var files = Files.walk(root.resolve("lib"))) {
            for (Path file : files.filter(Description::declares).toList()) {
                var declaration = DECLARATION.matcher(Files.readString(file));
                while (declaration.find()) {
                    String comment =
                            declaration.group(1) == null
                                    ? declaration.group(2)
                                    : declaration.group(1);
                    found.put(declaration.group(3), of(comment));
                }
            }
        }
        return found;
    }

    /// The description of one parameter.
    ///
    /// @throws IllegalStateException if its declaration has no comment
    static Description of(Param<?> param, Map<String, Description> words) {
        var found = words.get(param.name());
        if (found == null) {
            throw new IllegalStateException(
                    param.name() + " has no comment before its declaration");
        }
        return found;
    }

    private static boolean declares(Path file) {
        return file.toString().contains("/src/main/java/")
                && file.getFileName().toString().endsWith("Params.java");
    }

    private static Description of(String comment) {
        var paragraphs = new ArrayList<>(List.of("", ""));
        var example = new ArrayList<String>();
        int paragraph = 0;
        for (String line : comment.split("\n")) {
            String text = line.strip().replaceFirst("^///?", "");
            if (text.startsWith("     ")) {
                example.add(text.strip());
            } else if (text.isBlank()) {
                paragraph++;
            } else {
                int place = Math.min(paragraph, 1);
                paragraphs.set(place, (paragraphs.get(place) + text).strip());
            }
        }
        return new Description(paragraphs.get(0), paragraphs.get(1), List.copyOf(example));
    }
}
