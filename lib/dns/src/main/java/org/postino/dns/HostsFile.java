// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The names that an administrator gave to addresses (hosts(5)), read again when the file changes. Safe for use by several threads.
public final class HostsFile {
    private final Path file;
    private volatile @Nullable Content content;

    private record Content(
            FileTime changed,
            Map<InetAddress, String> names,
            Map<String, List<InetAddress>> addresses) {
        static final Content EMPTY = new Content(FileTime.fromMillis(0), Map.of(), Map.of());
    }

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
        return Optional.ofNullable(content().names().get(address));
    }

    /// The addresses beside a name, in either case of letters, in the order of the file; may be empty.
    public List<InetAddress> addresses(String name) {
        return content().addresses().getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    private Content content() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            Content known = content;
            if (known == null || !known.changed().equals(changed)) {
                known = read(changed);
                content = known;
            }
            return known;
        } catch (IOException e) {
            return Content.EMPTY;
        }
    }

    private Content read(FileTime changed) throws IOException {
        var names = new HashMap<InetAddress, String>();
        var addresses = new HashMap<String, List<InetAddress>>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            if (words.length > 1) {
                try {
                    InetAddress address = InetAddress.ofLiteral(words[0]);
                    names.putIfAbsent(address, words[1]);
                    for (int i = 1; i < words.length; i++) {
                        addresses
                                .computeIfAbsent(
                                        words[i].toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                                .add(address);
                    }
                } catch (IllegalArgumentException e) {
                    // Not an address: passed over, as the C library does.
                }
            }
        }
        return new Content(changed, Map.copyOf(names), Map.copyOf(addresses));
    }
}
