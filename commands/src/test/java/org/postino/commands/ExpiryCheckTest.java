// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.suite.Plan;

class ExpiryCheckTest {
    private static final String LOCAL = "local unix - n n - - local\n";
    private static final String EXPIRE = "expire unix - - n 21600 1 expire\n";

    @TempDir Path dir;

    private List<String> warnings(String parameter, String rows) throws Exception {
        Files.writeString(
                dir.resolve("main.cf"),
                """
                queue_directory = D/queue
                data_directory = D/data
                myhostname = mx.test
                P
                """
                        .replace("D", dir.toString())
                        .replace("P", parameter));
        Files.writeString(dir.resolve("master.cf"), rows);
        return ExpiryCheck.warnings(Plan.load(dir));
    }

    @Test
    void aRowIsMissed() throws Exception {
        assertEquals(
                List.of(
                        "mailbox_autoexpunge: master.cf has no row expire: mail of users who do not log in stays"),
                warnings("mailbox_autoexpunge = Trash=30d", LOCAL));
        assertEquals(
                List.of(
                        "mailbox_autoexpunge_max_mails: master.cf has no row expire: mail of users who do not log in stays"),
                warnings("mailbox_autoexpunge_max_mails = Trash=100", LOCAL));
    }

    @Test
    void nothingIsMissedOtherwise() throws Exception {
        assertEquals(List.of(), warnings("mailbox_autoexpunge = Trash=30d", LOCAL + EXPIRE));
        assertEquals(List.of(), warnings("", LOCAL));
    }
}
