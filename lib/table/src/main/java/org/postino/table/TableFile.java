// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postino.util.ByteNames;
import org.postino.util.FileSafe;

/// The file that `postmap` and `postalias` make for the types hash, btree, lmdb and cdb. It is replaced as a whole, never changed.
///
/// ```
/// header   8 bytes "PostinoT", int version, int count, int slots, int index (offset), 8 bytes 0
/// records  int key length, int value length, key, value            (UTF-8; in order of writing)
/// index    slots times: int hash of key (FNV-1a), int offset of record; offset 0 = free slot; collisions go to the next slot
/// ```
public final class TableFile implements Table {
    private static final byte[] MAGIC = "PostinoT".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER = 32;

    private final ByteBuffer data;
    private final int count;
    private final int slots;
    private final int index;

    private TableFile(ByteBuffer data) {
        this.data = data;
        this.count = data.getInt(12);
        this.slots = data.getInt(16);
        this.index = data.getInt(20);
    }

    /// True if the file exists and does not begin as ours do, so that another system's postmap has made it.
    public static boolean isForeign(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return !Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// Opens a table file.
    ///
    /// @throws IOException the file cannot be read, is none of ours, or is damaged
    public static TableFile open(Path file) throws IOException {
        MappedByteBuffer map;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < HEADER || channel.size() > Integer.MAX_VALUE) {
                throw notOurs(file);
            }
            map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
        byte[] magic = new byte[MAGIC.length];
        map.get(0, magic);
        if (!Arrays.equals(magic, MAGIC) || map.getInt(8) != VERSION) {
            throw notOurs(file);
        }
        var table = new TableFile(map);
        if (table.slots <= 0
                || Integer.bitCount(table.slots) != 1
                || table.index < HEADER
                || table.index + 8L * table.slots != map.limit()) {
            throw new IOException(file + " is damaged: make it again with postmap or postalias");
        }
        return table;
    }

    private static IOException notOurs(Path file) {
        return new IOException(
                file + " is not a table of this mail system: make it with postmap or postalias");
    }

    /// Writes a table file in the place of `file`, atomically.
    ///
    /// @param permissions like `rw-r--r--`
    public static void write(Path file, Map<String, String> entries, String permissions)
            throws IOException {
        FileSafe.replace(file, bytes(entries), permissions);
    }

    private static byte[] bytes(Map<String, String> entries) throws IOException {
        int slots = Math.max(2, Integer.highestOneBit(Math.max(1, entries.size())) * 4);
        int[] hashes = new int[slots];
        int[] offsets = new int[slots];
        var out = new ByteArrayOutputStream();
        out.write(new byte[HEADER]);
        for (var e : entries.entrySet()) {
            byte[] key = ByteNames.encode(e.getKey());
            byte[] value = ByteNames.encode(e.getValue());
            int hash = hash(key);
            int slot = hash & (slots - 1);
            while (offsets[slot] != 0) {
                slot = (slot + 1) & (slots - 1);
            }
            hashes[slot] = hash;
            offsets[slot] = out.size();
            out.write(ByteBuffer.allocate(8).putInt(key.length).putInt(value.length).array());
            out.write(key);
            out.write(value);
            if (out.size() > Integer.MAX_VALUE - 8L * slots - (1 << 20)) {
                throw new IOException("table too large: more than 2 gigabytes");
            }
        }
        int index = out.size();
        var tail = ByteBuffer.allocate(slots * 8);
        for (int i = 0; i < slots; i++) {
            tail.putInt(hashes[i]).putInt(offsets[i]);
        }
        out.write(tail.array());
        byte[] all = out.toByteArray();
        ByteBuffer.wrap(all)
                .put(MAGIC)
                .putInt(VERSION)
                .putInt(entries.size())
                .putInt(slots)
                .putInt(index);
        return all;
    }

    private static int hash(byte[] key) {
        int hash = 0x811c9dc5;
        for (byte b : key) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return hash ^ (hash >>> 15);
    }

    @Override
    public Optional<String> lookup(String key) throws TableException {
        byte[] wanted = ByteNames.encode(key);
        int hash = hash(wanted);
        try {
            int slot = hash & (slots - 1);
            for (int i = 0; i < slots; i++) {
                int at = index + 8 * slot;
                int offset = data.getInt(at + 4);
                if (offset == 0) {
                    return Optional.empty();
                }
                if (data.getInt(at) == hash && keyIs(offset, wanted)) {
                    return Optional.of(text(offset + 8 + wanted.length, data.getInt(offset + 4)));
                }
                slot = (slot + 1) & (slots - 1);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new TableException("table file is damaged", e);
        }
        return Optional.empty();
    }

    private boolean keyIs(int offset, byte[] wanted) {
        if (data.getInt(offset) != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (data.get(offset + 8 + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private String text(int offset, int length) {
        byte[] bytes = new byte[length];
        data.get(offset, bytes);
        return ByteNames.decode(bytes);
    }

    /// Reads all entries, in the order in which they were written.
    public Map<String, String> entries() throws IOException {
        var entries = new LinkedHashMap<String, String>();
        try {
            int at = HEADER;
            for (int i = 0; i < count; i++) {
                int key = data.getInt(at);
                int value = data.getInt(at + 4);
                entries.put(text(at + 8, key), text(at + 8 + key, value));
                at += 8 + key + value;
            }
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new IOException("table file is damaged", e);
        }
        return entries;
    }
}
