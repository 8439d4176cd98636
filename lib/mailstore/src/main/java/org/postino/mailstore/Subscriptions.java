// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The file `subscriptions`: a name in modified UTF-7 on each line. Dovecot's version 2 begins with `V TAB 2` and an empty
/// line and separates levels by TAB; the older form has the store's separator. Written in version 2.
final class Subscriptions {
    private static final String VERSION = "V\t2";

    private final Path file;
    private final char separator;
    private final Clock clock;

    Subscriptions(Path file, char separator, Clock clock) {
        this.clock = clock;
        this.file = file;
        this.separator = separator;
    }

    Set<String> read() throws IOException {
        List<String> lines;
        try {
            lines = Private.lines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return new LinkedHashSet<>();
        }
        boolean tabs = !lines.isEmpty() && lines.getFirst().startsWith(VERSION);
        var names = new LinkedHashSet<String>();
        for (String line : tabs ? lines.subList(1, lines.size()) : lines) {
            if (!line.isEmpty()) {
                String text = tabs ? line.replace('\t', separator) : line;
                names.add(ModifiedUtf7.decode(text).orElse(text));
            }
        }
        return names;
    }

    void change(String name, boolean subscribed) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Private.directories(parent);
        }
        try (var _ = DotLock.take(file, Duration.ofMinutes(1), Duration.ofSeconds(30), clock)) {
            Set<String> names = read();
            if (subscribed ? names.add(name) : names.remove(name)) {
                write(names);
            }
        }
    }

    private void write(Set<String> names) throws IOException {
        var text = new StringBuilder(VERSION).append("\n\n");
        for (String name : names) {
            text.append(ModifiedUtf7.encode(name).replace(separator, '\t')).append('\n');
        }
        Private.replace(file, text);
    }
}
