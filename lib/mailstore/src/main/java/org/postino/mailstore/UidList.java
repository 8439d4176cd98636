// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The file `dovecot-uidlist`, version 3: which UID belongs to which file.
///
/// ```
/// 3 V<uidvalidity> N<next uid> G<32 hex digits>
/// <uid> [S<size>] [W<size>] [P<POP3's unique id>] [O<POP3's order>] [G<identifier>] :<base name>
/// ```
/// Ascending by UID. New lines are appended under the lock, so the real next UID is the larger of `N` and the last UID + 1.
/// Lines of files that are gone stay until the list is rewritten. Version 1 (`1 <uidvalidity> <next uid>`, `<uid> <name>`) is read.
final class UidList {
    static final String NAME = "dovecot-uidlist";

    /// No header is longer.
    private static final int HEADER = 1024;

    /// A line; `extra` are the fields between UID and name, with the blank that follows them.
    record Entry(long uid, String extra, String base) {}

    /// Size, time and identity of a file: a changed file has another stamp.
    record Stamp(long size, long modified, @Nullable Object key) {
        static final Stamp MISSING = new Stamp(-1, 0, null);

        /// The stamp as numbers that can be written down.
        Mark mark() {
            return new Mark(size, modified, key == null ? 0 : key.hashCode());
        }

        static Stamp of(Path file) throws IOException {
            try {
                var a = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(
                        a.size(), a.lastModifiedTime().to(TimeUnit.NANOSECONDS), a.fileKey());
            } catch (NoSuchFileException e) {
                return MISSING;
            }
        }
    }

    /// A stamp as a file of ours remembers it.
    ///
    /// @param key a hash of device and inode, 0 if there is none
    record Mark(long size, long modified, int key) {}

    private final Path file;
    private final LongSupplier newUidValidity;
    private Stamp stamp = Stamp.MISSING;
    private long parsed;
    private long uidValidity;
    private long nextUid = 1;
    private String headerRest = "";
    private int lines;
    private final Map<Long, SavedUidl> saved = new HashMap<>();

    UidList(Path directory, LongSupplier newUidValidity) {
        this(newUidValidity, directory.resolve(NAME));
    }

    private UidList(LongSupplier newUidValidity, Path file) {
        this.file = file;
        this.newUidValidity = newUidValidity;
    }

    /// A reader of the same list that has read nothing yet.
    UidList reader() {
        return new UidList(newUidValidity, file);
    }

    Path file() {
        return file;
    }

    long uidValidity() {
        return uidValidity;
    }

    long nextUid() {
        return nextUid;
    }

    /// The number of lines in the file, live or not.
    int lines() {
        return lines;
    }

    /// The words for POP3 in the lines, by UID, of those that have any.
    Map<Long, SavedUidl> saved() {
        return Collections.unmodifiableMap(saved);
    }

    Stamp stamp() {
        return stamp;
    }

    boolean isCurrent() throws IOException {
        return Stamp.of(file).equals(stamp);
    }

    /// The identifier of the mailbox that the header of the file tells, with the UIDVALIDITY; empty if it tells none.
    String identity() throws IOException {
        var header = new UidList(newUidValidity, file);
        header.parseHeader(header.readFrom(0, HEADER));
        var word = Arrays.stream(header.headerRest.split(" ", -1)).filter(UidList::isGuid);
        var guid = word.findFirst().orElse("");
        return guid.isEmpty() || header.uidValidity == 0
                ? ""
                : guid.substring(1) + Long.toHexString(header.uidValidity);
    }

    private static boolean isGuid(String word) {
        return word.matches("G[0-9A-Za-z]{1,64}");
    }

    /// Writes the list with an identifier if it has none. Only under the lock.
    void identify() throws IOException {
        if (identity().isEmpty()) {
            var entries = reader().read().entries();
            read();
            rewrite(entries);
        }
    }

    /// Makes the next [#read()] read everything.
    void forget() {
        stamp = Stamp.MISSING;
        reset();
    }

    /// The lines that a reading brought.
    ///
    /// @param whole false if these are only lines appended since the last reading
    record Read(boolean whole, List<Entry> entries) {}

    /// Reads what is new. A missing or damaged list reads as empty with `uidValidity() == 0`.
    Read read() throws IOException {
        Stamp now = Stamp.of(file);
        if (now.equals(stamp)) {
            return new Read(false, List.of());
        }
        boolean appended =
                uidValidity != 0
                        && Objects.equals(now.key(), stamp.key())
                        && now.size() > parsed
                        && stamp.size() >= 0;
        if (!appended) {
            reset();
        }
        if (now.size() < 0) {
            stamp = now;
            return new Read(true, List.of());
        }
        var entries = new ArrayList<Entry>();
        byte[] bytes = readFrom(appended ? parsed : 0, Integer.MAX_VALUE);
        int at = 0;
        if (!appended) {
            at = parseHeader(bytes);
            if (at < 0) {
                reset();
                stamp = now;
                return new Read(true, List.of());
            }
        }
        int end = parseLines(bytes, at, entries);
        parsed = (appended ? parsed : 0) + end;
        stamp = now;
        return new Read(!appended, entries);
    }

    /// True if the file ends in the midst of a line.
    boolean isUnfinished() {
        return stamp.size() > parsed;
    }

    /// Writes the list anew with the lines that can be read, whatever its header says. Only under the lock.
    ///
    /// @param validity of the UIDs; 0 if nobody knows it, and all clients have to read the mailbox anew
    /// @param next the UID that the next message gets at least
    void restore(long validity, long next) throws IOException {
        reset();
        byte[] bytes = readFrom(0, Integer.MAX_VALUE);
        var entries = new ArrayList<Entry>();
        parseLines(bytes, indexOf(bytes, '\n', 0) + 1, entries);
        uidValidity = validity;
        nextUid = Math.max(nextUid, next);
        rewrite(entries);
    }

    private void reset() {
        parsed = 0;
        uidValidity = 0;
        nextUid = 1;
        headerRest = "";
        lines = 0;
        saved.clear();
    }

    private byte[] readFrom(long offset, int most) throws IOException {
        try (var channel = FileChannel.open(file)) {
            long size = Math.min(channel.size() - offset, most);
            if (size <= 0) {
                return new byte[0];
            }
            var buffer = ByteBuffer.allocate(Math.toIntExact(size));
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {}
            return Arrays.copyOf(buffer.array(), buffer.position());
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private int parseHeader(byte[] bytes) {
        int end = indexOf(bytes, '\n', 0);
        if (end < 0) {
            return -1;
        }
        String[] words = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split(" ", -1);
        var rest = new StringBuilder();
        try {
            if (words[0].equals("1") && words.length >= 3) {
                uidValidity = Long.parseLong(words[1]);
                nextUid = Long.parseLong(words[2]);
            } else if (words[0].equals("3")) {
                for (String word : List.of(words).subList(1, words.length)) {
                    if (word.startsWith("V")) {
                        uidValidity = Long.parseLong(word.substring(1));
                    } else if (word.startsWith("N")) {
                        nextUid = Long.parseLong(word.substring(1));
                    } else if (!word.isEmpty()) {
                        rest.append(' ').append(word);
                    }
                }
            }
        } catch (NumberFormatException e) {
            return -1;
        }
        headerRest = rest.toString();
        return uidValidity > 0 && uidValidity <= 0xffff_ffffL && nextUid > 0 ? end + 1 : -1;
    }

    /// Reads complete lines from `start`; returns where the last one ends.
    private int parseLines(byte[] bytes, int start, List<Entry> entries) {
        int at = start;
        long last = 0;
        while (true) {
            int end = indexOf(bytes, '\n', at);
            if (end < 0) {
                return at;
            }
            Entry entry = parseLine(bytes, at, end);
            if (entry != null && entry.uid() > last) {
                entries.add(entry);
                last = entry.uid();
                save(entry);
                nextUid = Math.max(nextUid, last + 1);
            }
            lines++;
            at = end + 1;
        }
    }

    private void save(Entry entry) {
        SavedUidl words = SavedUidl.parse(entry.extra());
        if (!words.equals(SavedUidl.NOTHING)) {
            saved.put(entry.uid(), words);
        }
    }

    private static @Nullable Entry parseLine(byte[] bytes, int start, int end) {
        long uid = 0;
        int at = start;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - start < 11) {
            uid = uid * 10 + (bytes[at++] - '0');
        }
        if (uid == 0 || uid > 0xffff_ffffL || at >= end || bytes[at] != ' ') {
            return null;
        }
        at++;
        int name = at;
        while (name < end && bytes[name] != ':') {
            int blank = indexOf(bytes, ' ', name);
            if (blank < 0 || blank >= end) {
                break;
            }
            name = blank + 1;
        }
        boolean marked = name < end && bytes[name] == ':';
        String extra = marked ? text(bytes, at, name) : "";
        String fileName = marked ? text(bytes, name + 1, end) : text(bytes, at, end);
        return new Entry(uid, extra, MaildirName.parse(fileName).base());
    }

    private static String text(byte[] bytes, int from, int to) {
        return from == to ? "" : new String(bytes, from, to - from, ByteNames.ofPaths());
    }

    private static int indexOf(byte[] bytes, char c, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }

    /// Gives UIDs to files and appends their lines; on the disk when this returns. Only under the lock, after [#read()].
    List<Entry> assign(List<String> bases) throws IOException {
        return assign(bases, List.of());
    }

    /// As [#assign(List)], with these UIDs, ascending, if there are any.
    ///
    /// @throws MailStoreException `CANNOT` if one of them may have been given already
    List<Entry> assign(List<String> bases, List<Long> uids) throws IOException {
        requireFree(bases, uids);
        if (uidValidity == 0) {
            rewrite(List.of());
        }
        var added = new ArrayList<Entry>(bases.size());
        var text = new StringBuilder();
        for (int i = 0; i < bases.size(); i++) {
            nextUid = uids.isEmpty() ? nextUid : uids.get(i);
            var entry = new Entry(nextUid++, "", bases.get(i));
            added.add(entry);
            text.append(line(entry));
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writeAll(channel, text, parsed);
            channel.truncate(parsed + text.toString().getBytes(ByteNames.ofPaths()).length);
            channel.force(false);
            parsed = channel.size();
        }
        lines += added.size();
        stamp = Stamp.of(file);
        return added;
    }

    private void requireFree(List<String> bases, List<Long> uids) throws IOException {
        long least = nextUid;
        boolean free = uids.isEmpty() || uids.size() == bases.size();
        for (long uid : uids) {
            free &= uid >= least && uid < 0xffff_ffffL;
            least = uid + 1;
        }
        if (!free) {
            throw new MailStoreException(
                    MailStoreException.Problem.CANNOT, "UIDs cannot be given twice");
        }
    }

    /// Writes a list without entries. Only under the lock.
    void restart(long validity) throws IOException {
        uidValidity = validity;
        nextUid = 1;
        rewrite(List.of());
    }

    /// Writes the list anew with exactly these entries. Only under the lock, after [#read()].
    void rewrite(List<Entry> entries) throws IOException {
        if (uidValidity == 0) {
            uidValidity = newUidValidity.getAsLong();
        }
        if (Arrays.stream(headerRest.split(" ", -1)).noneMatch(UidList::isGuid)) {
            headerRest += " G" + newGuid();
        }
        var text = new StringBuilder("3 V" + uidValidity + " N" + nextUid + headerRest + "\n");
        for (Entry entry : entries) {
            text.append(line(entry));
        }
        Path temporary = file.resolveSibling(NAME + ".tmp");
        try (var channel =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            writeAll(channel, text, 0);
            channel.force(false);
            parsed = channel.size();
        }
        Files.setPosixFilePermissions(temporary, Private.FILE);
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        lines = entries.size();
        stamp = Stamp.of(file);
    }

    private static String line(Entry e) {
        return e.uid() + " " + e.extra() + ":" + e.base() + "\n";
    }

    private static void writeAll(FileChannel channel, CharSequence text, long position)
            throws IOException {
        var buffer = ByteNames.ofPaths().encode(text.toString());
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    /// 32 hexadecimal digits by chance.
    static String newGuid() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
