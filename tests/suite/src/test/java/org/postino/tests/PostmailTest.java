// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;

/// postmail(1) on a suite that root started: it works on users' mail as these users.
@Timeout(400)
class PostmailTest {
    @TempDir Path dir;
    private PrivateSuite mx;

    @BeforeEach
    void create() throws IOException {
        mx = new PrivateSuite(dir, "ann", "ben");
        mx.set("home_mailbox = Maildir/").start();
    }

    @AfterEach
    void close() throws IOException {
        if (mx != null) {
            mx.close();
        }
    }

    @Test
    void rootWorksOnMailAsTheUserAndUsersOnTheirOwn() throws IOException {
        mx.send("ann", "hello");
        mx.awaitLog("to=<ann@mx.test>", "status=sent");
        assertEquals(
                "INBOX messages=1 unseen=1\n",
                mx.postino("postmail", "mailbox", "status", "-u", "ann", "messages unseen", "*")
                        .ok()
                        .out());
        mx.postino("postmail", "mailbox", "create", "-u", "ann", "Kept").ok();
        mx.postino("postmail", "move", "-u", "ann", "Kept", "SUBJECT", "hello").ok();
        mx.postino("postmail", "flags", "add", "-u", "ann", "\\Seen", "MAILBOX", "Kept").ok();
        mx.postino("postmail", "index", "-u", "ann", "*").ok();
        assertEquals("ann Kept 1\n", mx.postino("postmail", "search", "-A", "SEEN").ok().out());
        assertTrue(mx.postino("postmail", "check", "-u", "ann").ok().out().contains(" ok "));
        assertOwned("ann", mx.home("ann").resolve("Maildir"));
        assertTrue(Files.notExists(mx.home("ben").resolve("Maildir")), "ben has no mail");
        String own = String.join(" ", mx.words("postmail", "fetch", "hdr.subject", "ALL"));
        assertEquals("hdr.subject: hello\n", as("ann", own).out());
        String others = String.join(" ", mx.words("postmail", "search", "-u", "ann", "ALL"));
        var refused = as("ben", others);
        assertTrue(refused.status() != 0 && refused.out().isEmpty(), refused.out());
    }

    /// What a user may not write, root does not write for him.
    @Test
    void anExportIsWrittenWithTheUsersRights() throws IOException {
        mx.send("ann", "hello");
        mx.awaitLog("to=<ann@mx.test>", "status=sent");
        Path closed = Files.createDirectory(mx.directory().resolve("closed"));
        var refused = mx.postino("postmail", "export", "-u", "ann", "maildir:" + closed + "/m");
        assertEquals(75, refused.status(), refused.err());
        assertTrue(Files.notExists(closed.resolve("m")));
        mx.postino("postmail", "export", "-u", "ann", "maildir:~/copy").ok();
        assertOwned("ann", mx.home("ann").resolve("copy"));
    }

    private Command.Result as(String user, String line) throws IOException {
        String id = "" + mx.uid(user);
        return mx.inside(
                        "setpriv",
                        "--reuid=" + id,
                        "--regid=" + id,
                        "--clear-groups",
                        "sh",
                        "-c",
                        line)
                .run();
    }

    private void assertOwned(String user, Path top) throws IOException {
        try (var files = Files.walk(top)) {
            List<Path> all = files.toList();
            assertTrue(all.size() > 4, all.toString());
            for (Path file : all) {
                assertEquals(mx.uid(user), Files.getAttribute(file, "unix:uid"), file.toString());
            }
        }
    }
}
