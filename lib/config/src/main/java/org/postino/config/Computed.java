// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// Defaults that no text can give: they come from the machine, the program or another value.
public final class Computed {
    private static final String VERSION = "0.1.0";

    private Computed() {}

    /// The default of `name`, or null if its declaration has it.
    ///
    /// @param others the values it depends on, which must not depend on `name` in turn
    /// @throws ValueException if they do
    static @Nullable String value(String name, Config config, Expander.Values others)
            throws ValueException {
        return switch (name) {
            case "myhostname" -> hostName();
            case "mydomain" -> domainOf(others.value("myhostname"));
            case "mynetworks" -> {
                for (var other : List.of("mynetworks_style", "inet_interfaces", "inet_protocols")) {
                    others.value(other);
                }
                yield OwnNetworks.derive(config);
            }
            case "config_directory" -> ByteNames.text(config.directory());
            case "mail_version" -> VERSION;
            case "process_id" -> Long.toString(ProcessHandle.current().pid());
            default -> null;
        };
    }

    /// True if a text can be the name of a host: a machine without one is called `(none)` by some kernels.
    public static boolean isHostName(String text) {
        return text.matches(
                "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*");
    }

    /// The name the kernel knows, if it is one; `.localdomain` is appended to one without a dot. The DNS is not asked.
    private static String hostName() {
        String name;
        try {
            name =
                    Files.readString(
                                    Path.of("/proc/sys/kernel/hostname"),
                                    StandardCharsets.ISO_8859_1)
                            .strip();
        } catch (IOException e) {
            name = "localhost";
        }
        if (!isHostName(name)) {
            name = "localhost";
        }
        return name.indexOf('.') < 0 ? name + ".localdomain" : name;
    }

    private static String domainOf(@Nullable String host) {
        int dot = host == null ? -1 : host.indexOf('.');
        return host == null || dot < 0 || dot == host.length() - 1
                ? "localdomain"
                : host.substring(dot + 1);
    }
}
