// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Finds the configuration directory. This class stands alone so that `postino start` loads no option library for it.
final class ConfigHome {
    private ConfigHome() {}

    /// Returns the configuration directory: the option, `$MAIL_CONFIG`, `/etc/postino`, or the package's own.
    static Path directory(@Nullable Path option) {
        if (option != null) {
            return option;
        }
        String environment = System.getenv("MAIL_CONFIG");
        if (environment != null && !environment.isEmpty()) {
            return Path.of(environment);
        }
        Path usual = Path.of("/etc/postino");
        String home = System.getProperty("postino.home");
        return Files.exists(usual.resolve("main.cf")) || home == null
                ? usual
                : Path.of(home, "conf");
    }
}
