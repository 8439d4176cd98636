// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.postino.linux.Processes;

/// The directories in which pam_faillock(8) counts.
final class FailedLogins {
    static final List<Path> PLACES =
            List.of(Path.of("/run/faillock"), Path.of("/var/lib/faillock"));

    private static final Path SERVICES = Path.of("/etc/pam.d");

    private FailedLogins() {}

    /// Makes the first directory if the module is in use and the directory is missing, as after each boot. In a sandbox the module
    /// could not make it, and would count nothing.
    static void makePlace() {
        Path counts = PLACES.getFirst();
        if (Processes.isRoot() && !Files.exists(counts) && isUsed()) {
            try {
                Files.createDirectory(counts);
            } catch (IOException e) {
                // The module will say so.
            }
        }
    }

    private static boolean isUsed() {
        try (DirectoryStream<Path> services = Files.newDirectoryStream(SERVICES)) {
            for (Path service : services) {
                if (Files.isRegularFile(service)
                        && Files.readString(service, StandardCharsets.ISO_8859_1)
                                .contains("pam_faillock")) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No PAM here, or none that we can read.
        }
        return false;
    }
}
