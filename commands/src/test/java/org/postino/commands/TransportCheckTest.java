// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.suite.Plan;

class TransportCheckTest {
    @TempDir Path dir;

    @Test
    void aTransportWithoutARowIsNamed() throws Exception {
        Files.writeString(
                dir.resolve("main.cf"),
                """
                queue_directory = D/queue
                data_directory = D/data
                myhostname = mx.test
                mydestination = mx.test
                content_filter = amavis:[127.0.0.1]:10024
                relay_transport = smtp:[hub.test]
                default_transport = uucp:hub
                """
                        .replace("D", dir.toString()));
        Files.writeString(
                dir.resolve("master.cf"),
                """
                2525 inet n - n - - smtpd -o content_filter=scan:dummy
                2526 inet n - n - - smtpd -o content_filter=
                smtp unix - - n - - smtp
                local unix - n n - - local
                virtual unix - n n - - virtual
                """);
        var check = new TransportCheck(Plan.load(dir));
        assertEquals(
                List.of(
                        "default_transport = uucp:hub: master.cf has no row uucp: mail that goes there waits",
                        "content_filter = amavis:[127.0.0.1]:10024: master.cf has no row amavis: mail that goes there waits",
                        "master.cf, line 1: content_filter=scan:dummy: master.cf has no row scan: mail that goes there waits"),
                check.warnings());
        assertEquals("", check.missing("smtp:x"));
    }
}
