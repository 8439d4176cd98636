// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postino.util.FileSafe;

/// The file of what clients note about mailboxes and about the store itself (RFC 5464), beside the mail. A line is
/// `<mailbox> TAB <entry> TAB <value>`, the name in modified UTF-7 and empty for the store, the value in base64.
///
/// It is replaced as a whole, on the disk before a change is acknowledged. A line that has another form is passed over.
final class Annotations {
    /// More than this nobody may note, all mailboxes together.
    private static final int LARGEST = 1 << 20;

    private final Path file;
    private final Clock clock;

    Annotations(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /// The values by entry by mailbox.
    SortedMap<String, SortedMap<String, byte[]>> read() throws IOException {
        var all = new TreeMap<String, SortedMap<String, byte[]>>();
        try {
            for (String line : Private.lines(file, StandardCharsets.ISO_8859_1)) {
                take(line, all);
            }
        } catch (NoSuchFileException e) {
            return all;
        }
        return all;
    }

    private static void take(String line, Map<String, SortedMap<String, byte[]>> all) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 3) {
            return;
        }
        byte @Nullable [] value = decoded(parts[2]);
        Optional<String> mailbox = ModifiedUtf7.decode(parts[0]);
        if (value != null && mailbox.isPresent()) {
            all.computeIfAbsent(mailbox.get(), _ -> new TreeMap<>()).put(parts[1], value);
        }
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// Sets entries of a mailbox, or removes those without a value; all or none.
    ///
    /// @throws MailStoreException `LIMIT` if there would be too much
    void change(String mailbox, Map<String, Optional<byte[]>> entries) throws IOException {
        change(all -> {
            var own = all.computeIfAbsent(mailbox, _ -> new TreeMap<>());
            entries.forEach((entry, value) ->
                    value.ifPresentOrElse(v -> own.put(entry, v), () -> own.remove(entry)));
            return all;
        });
    }

    /// Takes the entries of a mailbox away.
    void deleted(String mailbox) throws IOException {
        if (Files.exists(file)) {
            change(all -> {
                all.remove(mailbox);
                return all;
            });
        }
    }

    /// Lets the entries of a mailbox, and of those below it, follow its new name.
    void renamed(String from, String to, char separator) throws IOException {
        if (Files.exists(file)) {
            change(all -> moved(all, from, to, separator));
        }
    }

    private static SortedMap<String, SortedMap<String, byte[]>> moved(
            SortedMap<String, SortedMap<String, byte[]>> all,
            String from,
            String to,
            char separator) {
        var moved = new TreeMap<String, SortedMap<String, byte[]>>();
        all.forEach((name, entries) -> {
            boolean follows = name.equals(from) || name.startsWith(from + separator);
            moved.put(follows ? to + name.substring(from.length()) : name, entries);
        });
        return moved;
    }

    private void change(UnaryOperator<SortedMap<String, SortedMap<String, byte[]>>> change)
            throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Private.directories(parent);
        }
        try (var _ = DotLock.take(file, Duration.ofMinutes(1), Duration.ofSeconds(30), clock)) {
            var all = read();
            String before = text(all);
            String now = text(change.apply(all));
            if (now.length() > LARGEST && now.length() > before.length()) {
                throw new MailStoreException(
                        MailStoreException.Problem.LIMIT, "Too many annotations");
            }
            if (!now.equals(before)) {
                FileSafe.replace(file, now.getBytes(StandardCharsets.ISO_8859_1), "rw-------");
            }
        }
    }

    private static String text(SortedMap<String, SortedMap<String, byte[]>> all) {
        var text = new StringBuilder();
        all.forEach((mailbox, entries) ->
                entries.forEach((entry, value) ->
                        text.append(ModifiedUtf7.encode(mailbox))
                                .append('\t')
                                .append(entry)
                                .append('\t')
                                .append(Base64.getEncoder().encodeToString(value))
                                .append('\n')));
        return text.toString();
    }
}
