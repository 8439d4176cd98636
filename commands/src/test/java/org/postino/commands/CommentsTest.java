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

/// A doc comment says what a thing is or does, in a sentence that begins with its subject or verb, not with a clause.
class CommentsTest {
    private static final Path ROOT = Path.of(System.getProperty("postino.root", ".."));

    private static final Pattern CLAUSE =
            Pattern.compile(
                    "/// (What|Whether|Who|Whom|Whose|How|Where|Which|Why|That of|The same)\\b.*");

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    @Test
    void noCommentOpensWithAClause() throws IOException {
        var clauses = new ArrayList<String>();
        int comments = 0;
        for (Path sources : sources()) {
            try (var files = Files.walk(sources)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    comments += look(file, clauses);
                }
            }
        }
        assertTrue(comments > 1000, "there are only " + comments + " comments");
        assertEquals(List.of(), clauses);
    }

    /// The sources of each module that the tree's pom names.
    private static List<Path> sources() throws IOException {
        return MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> ROOT.resolve(module.group(1)).resolve("src/main/java"))
                .filter(Files::isDirectory)
                .toList();
    }

    /// Adds the clauses of a file, and gives the number of its comments.
    private static int look(Path file, List<String> clauses) throws IOException {
        int comments = 0;
        boolean within = false;
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            boolean comment = text.startsWith("///");
            if (comment && !within) {
                comments++;
                if (CLAUSE.matcher(text).matches()) {
                    clauses.add(ROOT.relativize(file) + ": " + text);
                }
            }
            within = comment;
        }
        return comments;
    }
}
