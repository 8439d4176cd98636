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

    /// Rooms and programs whose comments are sentences throughout.
    private static final List<String> DONE =
            List.of(
                    "auth",
                    "bounce",
                    "cleanup",
                    "commands",
                    "imapd",
                    "lib/config",
                    "lib/dns",
                    "lib/ipc",
                    "lib/linux",
                    "lib/log",
                    "lib/login",
                    "lib/mailstore",
                    "lib/message",
                    "lib/queue",
                    "lib/routing",
                    "lib/sasl",
                    "lib/server",
                    "lib/smtp",
                    "lib/suite",
                    "lib/table",
                    "lib/tls",
                    "lib/util",
                    "local",
                    "master",
                    "pickup",
                    "pop3d",
                    "qmgr",
                    "smtp-client",
                    "smtpd",
                    "tests/kit");

    @Test
    void noCommentOpensWithAClause() throws IOException {
        var clauses = new ArrayList<String>();
        int comments = 0;
        for (String room : DONE) {
            try (var files = Files.walk(ROOT.resolve(room).resolve("src/main/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    comments += look(file, clauses);
                }
            }
        }
        assertTrue(comments > 1000, "there are only " + comments + " comments");
        assertEquals(List.of(), clauses);
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
