// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;
import org.postino.util.Printable;

/// The logs that stand beside a message in `defer`, `bounce` and `trace`: what became of each recipient and why.
///
/// Plain text in UTF-8, for people and programs: `name=value` lines, an empty line ends an entry. An entry that a crash cut
/// short has no empty line and is not read; of two entries for one recipient the later counts.
public final class RecipientLog {
    private RecipientLog() {}

    /// An entry of the log: the outcome for a recipient.
    ///
    /// @param action `delayed`, `failed`, `delivered`, `relayed`, `expanded` (RFC 3464, 2.3.3)
    /// @param relay as in the log line
    /// @param when the time at which the outcome was known
    public record Entry(Recipient recipient, String action, Dsn dsn, String relay, Instant when) {}

    /// A log as read back.
    ///
    /// @param warned true if the sender was told of the delay
    public record Contents(List<Entry> entries, boolean warned) {
        public static final Contents NONE = new Contents(List.of(), false);

        public Contents {
            entries = List.copyOf(entries);
        }
    }

    /// Adds entries at the end and waits until they are on the disk.
    public static void append(Path log, List<Entry> entries) throws IOException {
        boolean fresh = !Files.exists(log);
        var text = new StringBuilder("\n"); // ends what a crash may have cut short
        entries.forEach(e -> print(e, text));
        try (var channel = open(log)) {
            write(channel, text);
            channel.force(true);
        }
        if (fresh) {
            forceDirectory(log);
        }
    }

    private static FileChannel open(Path log) throws IOException {
        try {
            return FileChannel.open(
                    log,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (NoSuchFileException e) {
            Files.createDirectories(parent(log));
            return FileChannel.open(
                    log,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        }
    }

    private static void forceDirectory(Path log) throws IOException {
        try (var directory = FileChannel.open(parent(log), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /// Puts a log in the place of the old one. It is not forced to the disk: the next attempt writes it again.
    public static void replace(Path log, Contents contents) throws IOException {
        var text = new StringBuilder();
        if (contents.warned()) {
            text.append("warned=yes\n\n");
        }
        contents.entries().forEach(e -> print(e, text));
        Path temporary = log.resolveSibling(log.getFileName() + ".tmp");
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(temporary, bytes);
        } catch (NoSuchFileException e) {
            Files.createDirectories(parent(log));
            Files.write(temporary, bytes);
        }
        Files.move(temporary, log, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Reads a log; [Contents#NONE] if there is none.
    public static Contents read(Path log) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(log);
        } catch (NoSuchFileException e) {
            return Contents.NONE;
        }
        return parse(new String(bytes, StandardCharsets.UTF_8));
    }

    static Contents parse(String text) throws IOException {
        var entries = new HashMap<Long, Entry>();
        var order = new ArrayList<Long>();
        boolean warned = false;
        var fields = new HashMap<String, String>();
        var lines = new BufferedReader(new StringReader(text));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int eq = line.indexOf('=');
            if (eq > 0) {
                fields.put(line.substring(0, eq), line.substring(eq + 1));
                continue;
            }
            warned |= fields.containsKey("warned");
            Entry entry = entry(fields);
            if (entry != null && entries.put(entry.recipient().offset(), entry) == null) {
                order.add(entry.recipient().offset());
            }
            fields.clear();
        }
        var list = new ArrayList<Entry>();
        for (Long offset : order) {
            Entry e = entries.get(offset);
            if (e != null) {
                list.add(e);
            }
        }
        return new Contents(list, warned);
    }

    private static void print(Entry e, StringBuilder out) {
        Recipient r = e.recipient();
        line(out, "recipient", r.address());
        line(out, "offset", Long.toString(r.offset()));
        line(out, "original", r.original());
        line(out, "notify", r.dsnNotify());
        line(out, "orcpt", r.orcpt());
        line(out, "action", e.action());
        line(out, "status", e.dsn().status().toString());
        line(out, "reason", e.dsn().reason());
        line(out, "remote", e.dsn().remote());
        line(out, "diagnostic", e.dsn().diagnostic());
        line(out, "relay", e.relay());
        line(out, "time", Long.toString(e.when().getEpochSecond()));
        out.append('\n');
    }

    private static void line(StringBuilder out, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            out.append(name).append('=').append(Printable.text(value)).append('\n');
        }
    }

    private static @Nullable Entry entry(Map<String, String> f) {
        String offset = f.get("offset");
        var status = EnhancedStatus.parse(f.getOrDefault("status", ""));
        if (offset == null || status.isEmpty()) {
            return null;
        }
        try {
            String address = f.getOrDefault("recipient", "");
            var r =
                    new Recipient(
                            Long.parseLong(offset),
                            RecipientStatus.OPEN,
                            address,
                            f.getOrDefault("original", address),
                            f.getOrDefault("notify", ""),
                            f.getOrDefault("orcpt", ""));
            var dsn =
                    new Dsn(
                            status.get(),
                            f.getOrDefault("reason", ""),
                            f.get("remote"),
                            f.get("diagnostic"));
            return new Entry(
                    r,
                    f.getOrDefault("action", "failed"),
                    dsn,
                    f.getOrDefault("relay", "none"),
                    Instant.ofEpochSecond(Long.parseLong(f.getOrDefault("time", "0"))));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static void write(FileChannel channel, CharSequence text) throws IOException {
        var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static Path parent(Path log) {
        Path parent = log.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("log without a directory: " + log);
        }
        return parent;
    }
}
