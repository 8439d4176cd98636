// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.Instance;

/// The log file is put aside without a lost line, by ourselves and by logrotate(8).
class LogFilesTest {
    @TempDir Path dir;
    private Instance mx;
    private Path log;

    @BeforeEach
    void create() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        log = mx.directory().resolve("log/mail.log");
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    private static String unpacked(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private List<Path> others() throws IOException {
        try (Stream<Path> files = Files.list(log.getParent())) {
            return files.filter(f -> !f.equals(log)).toList();
        }
    }

    @Test
    void logrotateRenamesBeginsAnewAndCompresses() throws IOException {
        mx.set("maillog_file_permissions = 0640").start();
        mx.command("postlog", "before").run().ok();
        mx.command("postino", "logrotate").run().ok();
        mx.command("postlog", "after").run().ok();
        assertEquals(1, others().size());
        Path old = others().getFirst();
        assertTrue(old.toString().matches(".*/mail\\.log\\.\\d{8}-\\d{6}\\.gz"), old.toString());
        assertTrue(unpacked(old).contains("before"));
        assertTrue(mx.logLines().getLast().endsWith("]: after"), mx.logLines().toString());
        assertEquals(1, mx.logLines().size());
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
    }

    @Test
    void suffixAndCompressorAreParametersAndNothingIsOverwritten() throws IOException {
        mx.set("maillog_file_rotate_suffix = old", "maillog_file_compressor =").start();
        mx.command("postino", "logrotate").run().ok();
        assertEquals(List.of(log.resolveSibling("mail.log.old")), others());
        mx.command("postlog", "more").run().ok();
        var again = mx.command("postino", "logrotate").run();
        assertEquals(1, again.status());
        assertTrue(again.err().contains("mail.log.old exists already"), again.err());
        assertTrue(mx.logLines().getLast().endsWith("]: more"));
    }

    @Test
    void whatIsNoFileOrLiesElsewhereIsNotRotated() throws IOException {
        for (String file : List.of("", "/dev/stdout", log.getParent() + "/../../../etc/passwd")) {
            mx.set("maillog_file = " + file);
            var refused = mx.command("postino", "logrotate").run();
            assertEquals(1, refused.status(), file);
            assertTrue(refused.err().contains("maillog_file"), refused.err());
        }
    }

    @Test
    void aCompressorThatFailsLosesNothing() throws IOException {
        mx.set("maillog_file_compressor = false", "maillog_file_rotate_suffix = 1").start();
        mx.command("postlog", "before").run().ok();
        var failed = mx.command("postino", "logrotate").run();
        assertEquals(1, failed.status());
        assertTrue(failed.err().contains("false"), failed.err());
        assertTrue(Files.readString(log.resolveSibling("mail.log.1")).contains("before"));
        mx.command("postlog", "after").run().ok();
        assertTrue(mx.logLines().getLast().endsWith("]: after"));
    }

    @Test
    void theFileForLogrotateWorks() throws IOException {
        Assumptions.assumeTrue(Command.exists("logrotate"), "needs logrotate");
        mx.start();
        mx.command("postlog", "before").run().ok();
        String text =
                Files.readString(Instance.root().resolve("conf/logrotate"))
                        .replace("/var/log/postino.log", log.toString())
                        .replace("/var/spool/postino", mx.spool().toString());
        Path config = Files.writeString(dir.resolve("logrotate.conf"), text);
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(
                log.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path state = dir.resolve("state");
        new Command(
                        "/usr/sbin/logrotate",
                        "--force",
                        "--state",
                        state.toString(),
                        config.toString())
                .run()
                .ok();
        Await.until("a new file", () -> Files.exists(log));
        mx.command("postlog", "after").run().ok();
        assertEquals(List.of(log.resolveSibling("mail.log.1")), others());
        assertTrue(Files.readString(others().getFirst()).contains("before"));
        assertFalse(mx.logLines().isEmpty());
        assertTrue(mx.logLines().getLast().endsWith("]: after"));
    }
}
