// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.util.FileSafe;

/// Values under keys, each for its time, in memory and in a file. Safe for use by several threads.
///
/// The file is a log: a line `SECONDS TAB KEY TAB VALUE LF` for each value that was put, of which the last of a key counts; the seconds since 1970 say
/// when it expires. It is read when the store is opened. A line without its end, as a crash leaves it, is cut off; one of another form is passed
/// over. When the file has more than twice the lines that count, it is written anew beside itself and put in its place. What was put
/// survives the process at once, and a power cut when the file was written anew or the store closed.
///
/// There are at most so many keys: then those go that have expired, or else the one that was put first.
final class AnvilStore implements Closeable {
    /// The longest key or value. Of a longer value the start is kept; a longer key ends in a digest of the whole, as strangers choose keys:
    /// what all of them take is bounded by their number.
    static final int MAX_TEXT = 200;

    /// The most bytes of a line that are read; no line that counts has more.
    private static final int MAX_LINE = 2000;

    private static final int SLACK = 1000;

    private final Path file;
    private final int limit;
    private final Clock clock;
    private final Map<String, Entry> entries =
            new LinkedHashMap<>(); // guarded by this, as all below
    private @Nullable FileChannel out;
    private long lines;

    private record Entry(long expires, String value) {}

    /// Opens a store whose directory exists.
    ///
    /// @param limit the most keys
    AnvilStore(Path file, int limit, Clock clock) throws IOException {
        this.file = file;
        this.limit = limit;
        this.clock = clock;
        read();
    }

    private synchronized void read() throws IOException {
        long from = Files.exists(file) ? readLines() : 0;
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        channel.truncate(from);
        channel.position(from);
        out = channel;
        if (lines > 2L * entries.size() + SLACK) {
            compact();
        }
    }

    /// Reads lines; returns where the last whole one ends.
    private long readLines() throws IOException {
        long from = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            var line = new ByteArrayOutputStream();
            long at = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                at++;
                if (b == '\n') {
                    line(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    from = at;
                } else if (line.size() < MAX_LINE) {
                    line.write(b);
                }
            }
        }
        return from;
    }

    private void line(String line) {
        String[] parts = line.split("\t", -1);
        lines++;
        if (parts.length == 3 && parts[0].matches("[0-9]{1,18}")) {
            remember(key(parts[1]), new Entry(Long.parseLong(parts[0]), clean(parts[2])));
        }
    }

    private void remember(String key, Entry entry) {
        entries.remove(key);
        if (entry.expires() > now()) {
            entries.put(key, entry);
        }
        if (entries.size() > limit) {
            long now = now();
            entries.values().removeIf(e -> e.expires() <= now);
        }
        if (entries.size() > limit) {
            // A tenth at a time, so that the search for expired ones is rare.
            var eldest = entries.entrySet().iterator();
            for (int i = 0; i <= limit / 10; i++) {
                eldest.next();
                eldest.remove();
            }
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /// The value of a key that has not expired.
    synchronized Optional<String> get(String key) {
        Entry entry = entries.get(key(key));
        return entry == null || entry.expires() <= now()
                ? Optional.empty()
                : Optional.of(entry.value());
    }

    /// Puts a value in the place of the one before.
    ///
    /// @param expires seconds since 1970
    /// @throws IOException it could not be written; it is remembered all the same
    synchronized void put(String key, String value, long expires) throws IOException {
        var entry = new Entry(Math.max(0, expires), clean(value));
        String kept = key(key);
        remember(kept, entry);
        FileChannel channel = out;
        if (channel == null) {
            throw new IOException(file + " is closed");
        }
        FileSafe.writeFully(channel, ByteBuffer.wrap(print(kept, entry)));
        lines++;
        if (lines > 2L * entries.size() + SLACK) {
            compact();
        }
    }

    private static byte[] print(String key, Entry entry) {
        return (entry.expires() + "\t" + key + "\t" + entry.value() + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String key(String text) {
        if (text.length() <= MAX_TEXT) {
            return clean(text);
        }
        String digest = HexFormat.of().formatHex(sha256(text));
        return clean(text.substring(0, MAX_TEXT - digest.length())) + digest;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /// Without what would end a field.
    private static String clean(String text) {
        String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
        return cut.replace('\t', ' ').replace('\n', ' ');
    }

    private void compact() throws IOException {
        long now = now();
        entries.values().removeIf(e -> e.expires() <= now);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        FileChannel channel =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            var buffered = new BufferedOutputStream(Channels.newOutputStream(channel));
            for (var entry : entries.entrySet()) {
                buffered.write(print(entry.getKey(), entry.getValue()));
            }
            buffered.flush();
            channel.force(true);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                FileSafe.forceDirectory(directory);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        FileChannel before = out;
        out = channel;
        lines = entries.size();
        if (before != null) {
            before.close();
        }
    }

    synchronized int size() {
        return entries.size();
    }

    /// Makes what was put survive a power cut.
    synchronized void flush() throws IOException {
        FileChannel channel = out;
        if (channel != null) {
            channel.force(true);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel channel = out;
        out = null;
        if (channel != null) {
            try (channel) {
                channel.force(true);
            }
        }
    }
}
