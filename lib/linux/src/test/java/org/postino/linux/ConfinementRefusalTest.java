// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfinementRefusalTest {
    private static final int NOBODY = 65534;

    @TempDir Path dir;

    private void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void onlyWhatPermissionsAllowIsLaidToTheConfinement() throws IOException {
        mode(dir, "rwxr-xr-x");
        Path open = Files.createDirectory(dir.resolve("open"));
        mode(open, "rwxrwxrwx");
        Path closed = Files.createDirectory(dir.resolve("closed"));
        mode(closed, "rwxr-xr--");
        Path file = Files.writeString(open.resolve("file"), "x");
        mode(file, "rw-rw-rw-");
        assertTrue(permitted(open));
        assertTrue(permitted(file));
        assertTrue(permitted(open.resolve("new")));
        assertTrue(permitted(open.resolve("new/deeper")));
        assertFalse(permitted(closed.resolve("new")));
        mode(file, "rw-r--r--");
        assertFalse(permitted(file));
        mode(dir, "rwx------");
        assertFalse(permitted(open));
    }

    private static boolean permitted(Path path) {
        return ConfinementRefusal.permitted(path.toString(), NOBODY, NOBODY);
    }

    @Test
    void aProcessWithoutConfinementBlamesNone() throws IOException {
        mode(dir, "rwxrwxrwx");
        var denied = new AccessDeniedException(dir.toString());
        boolean confined =
                Files.readString(Path.of("/proc/self/status")).contains("NoNewPrivs:\t1");
        var explained = ConfinementRefusal.explained(denied, NOBODY, NOBODY);
        assertEquals(confined, ConfinementRefusal.is(explained));
        if (!confined) {
            assertSame(denied, explained);
        }
    }
}
