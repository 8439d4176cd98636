// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.linux.Credentials;
import org.postino.linux.Processes;
import org.postino.suite.Role;

/// What root reads because the configuration says so, and what it does not.
class SafeFileTest {
    private static final int STRANGER = 61_999;

    @TempDir Path dir;

    private Path key() throws IOException {
        Path file = Files.writeString(dir.resolve("key.pem"), "secret");
        Files.setAttribute(file, "unix:mode", 0600);
        return file;
    }

    @Test
    void aFileBehindLinksIsFoundAndRead() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("key.pem"));
        Path second = Files.createSymbolicLink(dir.resolve("second"), link);
        Path real = key().toRealPath();
        SafeFile file = SafeFile.find(second);
        assertEquals(real, file.target());
        assertNull(file.unsafe());
        assertEquals("secret", new String(file.read(), StandardCharsets.UTF_8));
    }

    @Test
    void aFileThatIsReplacedOrWrittenIsAnotherOne() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), key());
        String before = SafeFile.find(link).stamp();
        assertEquals(before, SafeFile.find(link).stamp());
        Path other = Files.writeString(dir.resolve("other"), "secret");
        Files.delete(link);
        Files.createSymbolicLink(link, other);
        String replaced = SafeFile.find(link).stamp();
        assertNotEquals(before, replaced);
        Files.writeString(other, "another secret");
        assertNotEquals(replaced, SafeFile.find(link).stamp());
        Files.delete(other);
        assertFalse(SafeFile.find(link).exists());
    }

    @Test
    void directoriesAndMissingFilesAreNoFiles() throws IOException {
        assertFalse(SafeFile.find(dir).exists());
        assertFalse(SafeFile.find(dir.resolve("missing/key")).exists());
        Path loop = dir.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertFalse(SafeFile.find(loop).exists());
    }

    @Test
    void whereOthersCanPutALinkRootReadsNothing() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "needs root");
        Path theirs = Files.createDirectory(dir.resolve("theirs"));
        Files.createSymbolicLink(theirs.resolve("cert"), Path.of("/etc/shadow"));
        Files.setAttribute(theirs, "unix:uid", STRANGER);
        assertTrue(unsafe(theirs.resolve("cert")).contains(theirs + " is not root's"));

        Path open = Files.createDirectory(dir.resolve("open"));
        Files.setAttribute(open, "unix:mode", 0777);
        Files.writeString(open.resolve("cert"), "x");
        assertTrue(unsafe(open.resolve("cert")).contains(open + " can be written by others"));

        Path sticky = Files.createDirectory(dir.resolve("sticky"));
        Files.setAttribute(sticky, "unix:mode", 01777);
        Path link = Files.createSymbolicLink(sticky.resolve("cert"), key());
        assertNull(SafeFile.find(link).unsafe());
        Files.setAttribute(link, "unix:uid", STRANGER, LinkOption.NOFOLLOW_LINKS);
        assertTrue(unsafe(link).contains(link + " is not root's"));
    }

    private static String unsafe(Path path) {
        return String.valueOf(SafeFile.find(path).unsafe());
    }

    @Test
    void whoMayOpenAFileIsToldByItsModeAndThoseOnTheWay() throws IOException {
        Assumptions.assumeTrue(Processes.isRoot(), "needs root");
        Path key = key();
        var stranger = new Credentials(STRANGER, STRANGER, List.of());
        assertFalse(SafeFile.find(key).isReadableFor(stranger));
        Files.setAttribute(key, "unix:mode", 0644);
        Files.setAttribute(dir, "unix:mode", 0700);
        assertFalse(SafeFile.find(key).isReadableFor(stranger));
        Files.setAttribute(dir, "unix:mode", 0755);
        assertTrue(SafeFile.find(key).isReadableFor(stranger));
        Files.setAttribute(key, "unix:mode", 0640);
        Files.setAttribute(key, "unix:gid", 61_998);
        assertFalse(SafeFile.find(key).isReadableFor(stranger));
        assertTrue(
                SafeFile.find(key)
                        .isReadableFor(new Credentials(STRANGER, STRANGER, List.of(61_998))));
    }

    @Test
    void eachProgramIsGivenWhatIsItsBusiness() {
        assertTrue(MentionedFiles.isFor("smtp_sasl_password_maps", Role.SMTP));
        assertFalse(MentionedFiles.isFor("smtp_sasl_password_maps", Role.SMTPD));
        assertTrue(MentionedFiles.isFor("smtpd_tls_key_file", Role.IMAPD));
        assertFalse(MentionedFiles.isFor("smtpd_tls_key_file", Role.SMTP));
        assertTrue(MentionedFiles.isFor("auth_passwd_file", Role.AUTH));
        assertFalse(MentionedFiles.isFor("auth_passwd_file", Role.IMAPD));
        assertTrue(MentionedFiles.isFor("alias_maps", Role.LOCAL));
        assertTrue(MentionedFiles.isFor("my_own_class", Role.SMTPD));
        assertFalse(MentionedFiles.isFor("my_own_class", Role.SMTP));
        assertFalse(MentionedFiles.isFor("queue_directory", Role.SPOOL));
    }
}
