// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Instance;

/// SpamAssassin's client looks at what the network brings, by the rows that tutorials have: pipe(8) gives it a message, and
/// sendmail(1) takes what it makes of it.
class SpamcTest {
    @TempDir Path dir;

    @Test
    void mailFromTheNetworkIsMarkedOnce() throws Exception {
        FilterPrograms.assumeThere("spamc", "spamc");
        try (var filters = new FilterPrograms(dir);
                var mx = Instance.create(dir.resolve("mx"))) {
            int port = filters.startSpamd();
            Path rows = mx.directory().resolve("master.cf");
            String sendmail =
                    Instance.imageDirectory().resolve("bin/sendmail") + " -C " + mx.directory();
            Files.writeString(
                    rows,
                    """
                    spamassassin unix -     n       n       -       -       pipe
                      user=%s argv=/usr/bin/spamc -d 127.0.0.1 -p %d -f -e %s -oi -f ${sender} ${recipient}
                    """
                            .formatted(filters.user(), port, sendmail),
                    StandardOpenOption.APPEND);
            Files.setPosixFilePermissions(mx.spool(), PosixFilePermissions.fromString("rwx--x--x"));
            mx.user("bob@mx.test", "b")
                    .set("command_network_ports = 783 " + port)
                    .command(
                            "postconf",
                            "-P",
                            "127.0.0.1:" + mx.port(25) + "/inet/content_filter=spamassassin")
                    .run()
                    .ok();
            mx.start();
            mx.send("a@x.test", "bob@mx.test", "Subject: offer\n\nthe-word-of-spam");
            Await.until("mail", () -> mx.inbox("bob@mx.test").size() == 1);
            String text = Files.readString(mx.inbox("bob@mx.test").getFirst());
            assertTrue(text.startsWith("Return-Path: <a@x.test>\n"), text);
            assertTrue(text.contains("\nX-Spam-Flag: YES\n"), text);
            assertTrue(text.contains("\nX-Spam-Status: Yes, score=7.6 "), text);
            assertTrue(text.contains("\nSubject: [SPAM] offer\n"), text);
            mx.awaitEmptyQueue();
            assertEquals(1, mx.inbox("bob@mx.test").size());
            mx.awaitLog("relay=spamassassin, ");
        }
    }
}
