// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.linux.Processes;
import org.postino.linux.Sandbox;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;

/// What a daemon may not do: tries to break out.
class ConfinementTest {
    @TempDir Path dir;
    private TestSuite suite;

    @BeforeEach
    void create() throws Exception {
        suite = new TestSuite(dir.resolve("mx"));
        for (Path above = dir; above != null && Processes.isRoot(); above = above.getParent()) {
            if (!above.equals(Path.of("/tmp")) && above.startsWith("/tmp")) {
                Files.setAttribute(above, "unix:mode", 0755);
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        suite.close();
    }

    @Test
    void anUnprivilegedDaemonRunsAsTheMailOwner() throws Exception {
        Assumptions.assumeTrue(Processes.isRoot(), "changing users needs root");
        SystemUser nobody = Users.byName("nobody").orElseThrow();
        suite.readableForAll().mainCf("mail_owner = nobody");
        assertEquals("", suite.start());
        try (var client = suite.connect()) {
            client.greeting();
            String uid = client.ask("UID");
            String id = Integer.toString(nobody.uid());
            assertTrue(uid.startsWith("250  " + id + " " + id + " " + id + " " + id), uid);
            assertTrue(uid.endsWith("privs 1"), uid);
            assertEquals("550 AccessDeniedException", client.ask("READ /etc/shadow"));
        }
    }

    @Test
    void aRowThatIsNotUnprivilegedStaysRoot() throws Exception {
        Assumptions.assumeTrue(Processes.isRoot(), "needs root");
        suite.mainCf("mail_owner = nobody").smtpd("n", 10, "");
        assertEquals("", suite.start());
        try (var client = suite.connect()) {
            client.greeting();
            assertTrue(client.ask("UID").startsWith("250  0 0 0 0"));
        }
    }

    @Test
    void aDaemonTouchesNothingButWhatItsProgramNeeds() throws Exception {
        Assumptions.assumeTrue(Sandbox.isAvailable(), "this kernel has no Landlock");
        Path outside = Files.writeString(dir.resolve("outside"), "secret");
        suite.smtpd("n", 10, "");
        assertEquals("", suite.start());
        try (var client = suite.connect()) {
            client.greeting();
            assertEquals("550 AccessDeniedException", client.ask("READ " + outside));
            assertEquals("550 AccessDeniedException", client.ask("WRITE " + dir.resolve("new")));
            assertEquals(
                    "550 AccessDeniedException", client.ask("WRITE " + dir.resolve("mx/main.cf")));
            assertEquals(
                    "550 AccessDeniedException",
                    client.ask("WRITE " + dir.resolve("mx/spool/active/x")));
            assertEquals("550 AccessDeniedException", client.ask("WRITE /usr/local/x"));
            assertTrue(client.ask("READ " + dir.resolve("mx/main.cf")).startsWith("250 "));
            assertEquals(
                    "550 AccessDeniedException", client.ask("WRITE " + dir.resolve("mx/data/x")));
        }
    }
}
