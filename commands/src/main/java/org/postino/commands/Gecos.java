// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.postino.util.ByteNames;

/// The full name of a user of this machine.
final class Gecos {
    private static final int FIELD = 4;

    private Gecos() {}

    /// The name in /etc/passwd; empty where there is none. `&` stands for the login name with a capital.
    static String fullName(String user) throws IOException {
        Path passwd = Path.of("/etc/passwd");
        if (!Files.isReadable(passwd)) {
            return "";
        }
        try (var lines = ByteNames.lines(passwd).stream()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith(user + ":")) {
                    return name(line.split(":", -1), user);
                }
            }
        }
        return "";
    }

    private static String name(String[] fields, String user) {
        if (fields.length <= FIELD) {
            return "";
        }
        String gecos = fields[FIELD].split(",", 2)[0];
        String capital =
                user.isEmpty()
                        ? ""
                        : user.substring(0, 1).toUpperCase(Locale.ROOT) + user.substring(1);
        return gecos.replace("&", capital).strip();
    }
}
