// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The names that an administrator gave to addresses (hosts(5)), read again when the file changes. Safe for use by several threads.
public final class HostsFile {
    private final Path file;
    private volatile @Nullable Content content;

    private record Content(FileTime changed, Map<InetAddress, String> names) {}

    /// @param file need not exist
    public HostsFile(Path file) {
        this.file = file;
    }

    /// The file of the system.
    public static HostsFile ofSystem() {
        return new HostsFile(Path.of("/etc/hosts"));
    }

    /// The first name that stands beside an address.
    public Optional<String> name(InetAddress address) {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            Content known = content;
            if (known == null || !known.changed().equals(changed)) {
                known = new Content(changed, read());
                content = known;
            }
            return Optional.ofNullable(known.names().get(address));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Map<InetAddress, String> read() throws IOException {
        var names = new HashMap<InetAddress, String>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            if (words.length > 1) {
                try {
                    names.putIfAbsent(InetAddress.ofLiteral(words[0]), words[1]);
                } catch (IllegalArgumentException e) {
                    // Not an address: passed over, as the C library does.
                }
            }
        }
        return Map.copyOf(names);
    }
}
