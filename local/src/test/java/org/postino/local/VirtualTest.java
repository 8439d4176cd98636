// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postino.server.FatalException;
import org.postino.smtp.Delivery;

final class VirtualTest {
    private Lab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(Virtual::start);
        lab.settings.put("virtual_mailbox_domains", "v.test");
        lab.settings.put("virtual_mailbox_base", lab.dir.resolve("vmail").toString());
        lab.settings.put("virtual_uid_maps", "static:65534");
        lab.settings.put("virtual_gid_maps", "static:65534");
        Files.createDirectories(lab.dir.resolve("vmail"));
        var open = PosixFilePermissions.fromString("rwxrwxrwx");
        Files.setPosixFilePermissions(lab.dir, open);
        Files.setPosixFilePermissions(lab.dir.resolve("vmail"), open);
    }

    @AfterEach
    void close() throws IOException {
        lab.close();
    }

    private void maps(String lines) throws IOException {
        Files.writeString(lab.dir.resolve("vmap"), lines);
        lab.settings.put("virtual_mailbox_maps", "texthash:" + lab.dir.resolve("vmap"));
    }

    @Test
    void aMailboxLimitBelowTheMessageLimitIsFatal() {
        lab.settings.put("message_size_limit", "0");
        var e = assertThrows(FatalException.class, lab::agent);
        assertEquals(
                "main.cf configuration error: virtual_mailbox_limit is smaller than message_size_limit",
                e.getMessage());
    }

    @Test
    void tablesNameMaildirsAndMailboxes() throws Exception {
        maps("a@v.test v.test/a/\nb@v.test v.test-b\n");
        assertEquals("delivered to maildir", lab.deliver("a@v.test").dsn().reason());
        assertEquals("delivered to maildir", lab.deliver("a+ext@v.test").dsn().reason());
        assertEquals("delivered to mailbox", lab.deliver("b@v.test").dsn().reason());
        assertEquals(2, Lab.messages(lab.dir.resolve("vmail/v.test/a")).size());
        assertTrue(Files.exists(lab.dir.resolve("vmail/v.test-b")));
    }

    @Test
    void anUnknownUserBounces() throws Exception {
        maps("a@v.test v.test/a/\n");
        var outcome = lab.deliver("nobody@v.test");
        assertEquals(Delivery.Bounced.class, outcome.getClass());
        assertEquals("unknown user: \"nobody@v.test\"", outcome.dsn().reason());
    }

    @Test
    void pathsDoNotLeaveTheBase() throws Exception {
        maps("a@v.test ../../etc/x\n");
        assertEquals(Delivery.Deferred.class, lab.deliver("a@v.test").getClass());
    }

    @Test
    void theUserDatabaseServesWhereTablesAreLeftOut() throws Exception {
        lab.settings.put("virtual_mailbox_maps", "userdb:");
        lab.auth.user("c@v.test", "x");
        assertEquals("delivered to maildir", lab.deliver("c+tag@v.test").dsn().reason());
        assertEquals(1, lab.mail("c@v.test").size());
        assertEquals("5.1.1", lab.deliver("d@v.test").dsn().status().toString());
    }
}
