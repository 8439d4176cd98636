// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postino.kit.Await;
import org.postino.kit.ReaderStage;

/// pop3d in this process; the stage of conversation files.
///
/// `deliver: NAME text` puts a message into bob's Maildir (`\n` in the text ends lines), `files: N` waits until N are left,
/// `auth: down` makes auth(8) fail.
final class Lab {
    private Lab() {}

    static ReaderStage open() throws IOException {
        return new ReaderStage(Pop3d.options(), Pop3d::start, Lab::directive);
    }

    private static void directive(ReaderStage stage, String word, String argument)
            throws IOException {
        Path maildir = stage.maildir("bob");
        switch (word) {
            case "deliver" -> {
                String[] words = argument.split(" ", 2);
                String text = words[1].replace("\\n", "\n");
                ReaderStage.deliver(maildir, words[0], text.getBytes(StandardCharsets.ISO_8859_1));
            }
            case "files" -> {
                int number = Integer.parseInt(argument);
                Await.until("files left: " + argument, () -> files(maildir) == number);
            }
            case "auth" -> stage.auth().failing(argument.equals("down"));
            default -> throw new IOException("unknown directive " + word);
        }
    }

    private static long files(Path maildir) {
        try (var cur = Files.list(maildir.resolve("cur"));
                var fresh = Files.list(maildir.resolve("new"))) {
            return cur.count() + fresh.count();
        } catch (IOException e) {
            return -1;
        }
    }
}
