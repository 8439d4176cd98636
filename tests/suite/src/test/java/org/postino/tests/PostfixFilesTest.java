// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;

/// An administrator who comes from Postfix brings its files along.
class PostfixFilesTest {
    private static final Path MASTER_CF = Path.of("/usr/share/postfix/master.cf.dist");

    @TempDir Path dir;

    @Test
    void debiansMasterCfRunsAndWhatIsNotThereYetKeepsItsMail() throws IOException {
        Assumptions.assumeTrue(Files.exists(MASTER_CF), "needs Debian's postfix");
        try (Instance mx = Instance.create(dir.resolve("mx"))) {
            mx.user("bob@mx.test", "secret");
            mx.set("default_transport = scalemail-backend:far");
            String rows = Files.readString(MASTER_CF);
            String ours =
                    rows.replaceFirst("(?m)^smtp +inet", "127.0.0.1:" + mx.port(25) + " inet");
            assertTrue(!ours.equals(rows) && ours.contains("postlogd"), ours);
            Files.writeString(mx.directory().resolve("master.cf"), ours);
            var check = mx.command("postino", "check").run().ok();
            assertTrue(
                    check.err().contains("program showq is not needed here: qmgr lists the queue"),
                    check.err());
            var start = mx.command("postino", "start").run().ok();
            assertTrue(
                    start.err()
                            .contains(
                                    "warning: " + mx.directory().resolve("master.cf") + ", line "),
                    start.err());
            String missing =
                    "scalemail-backend: pipe will deliver nothing: user=scalemail: no such user of this system";
            assertTrue(start.err().contains(missing), start.err());
            assertTrue(!start.err().contains("showq"), start.err());
            mx.send("alice@far.test", "bob@mx.test", "Subject: here\n\ntext\n");
            Await.until("it is delivered", () -> mx.inbox("bob@mx.test").size() == 1);
            mx.send("bob@mx.test", "alice@far.test", "Subject: there\n\ntext\n");
            mx.awaitLog("dsn=4.3.5, status=deferred (mail system configuration error)");
            String queue = mx.command("postqueue", "-p").run().ok().out();
            assertTrue(queue.contains("alice@far.test"), queue);
            assertEquals(0, mx.children("Imapd").size());
        }
    }
}
