// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;

/// Mail goes by itself, also of users who never log in.
class ExpireTest {
    private static void letter(Path mailbox, String name) throws IOException {
        Files.createDirectories(mailbox.resolve("new"));
        Files.createDirectories(mailbox.resolve("cur"));
        Files.createDirectories(mailbox.resolve("tmp"));
        Files.writeString(mailbox.resolve("cur").resolve(name), "Subject: x\n\nx\n");
    }

    @Test
    void theTimerRemovesWhatIsTooOld(@TempDir Path dir) throws IOException {
        try (var mx = Instance.create(dir.resolve("mx"))) {
            mx.user("alice@mx.test", "a")
                    .user("bob@mx.test", "b")
                    .user("carol@mx.test", "c")
                    .user("dave@mx.test", "d");
            mx.set("mailbox_autoexpunge = Trash=30d", "mailbox_autoexpunge_max_mails = Junk=1");
            Path bob = mx.maildir("bob@mx.test");
            Path carol = mx.maildir("carol@mx.test");
            letter(bob.resolve(".Trash"), "1000000000.a:2,S");
            letter(bob.resolve(".Trash"), "9000000000.b:2,S");
            letter(bob.resolve(".Lists"), "1000000000.a:2,S");
            letter(carol.resolve(".Junk"), "1000000000.a:2,");
            letter(carol.resolve(".Junk"), "1000000001.b:2,");
            letter(carol.resolve(".Trash"), "1000000000.c:2,");
            // a mailbox that cannot be read does not keep others from theirs
            Files.createDirectories(mx.maildir("alice@mx.test").resolve(".Trash"));
            Files.createFile(mx.maildir("alice@mx.test").resolve(".Trash/cur"));
            Files.writeString(
                    mx.directory().resolve("master.cf"),
                    "expire unix - - n 3600 1 expire\n",
                    StandardOpenOption.APPEND);
            mx.start();
            mx.awaitLog("carol@mx.test: autoexpunge: mailbox=Junk, old=0, surplus=1");
            mx.awaitLog("carol@mx.test: autoexpunge: mailbox=Trash, old=1, surplus=0");
            mx.awaitLog("bob@mx.test: autoexpunge: mailbox=Trash, old=1, surplus=0");
            Await.until(
                    "only the new letter is left",
                    () -> !Files.exists(bob.resolve(".Trash/cur/1000000000.a:2,S")));
            assertTrue(Files.exists(bob.resolve(".Trash/cur/9000000000.b:2,S")));
            assertTrue(Files.exists(bob.resolve(".Lists/cur/1000000000.a:2,S")));
            assertTrue(Files.exists(carol.resolve(".Junk/cur/1000000001.b:2,")));
            assertFalse(Files.exists(mx.maildir("dave@mx.test")));
        }
    }
}
