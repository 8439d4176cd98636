// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The file `dovecot-keywords`: line `N name` gives a keyword the letter `'a' + N` in file names. Lines beyond the letters are
/// kept for Dovecot. Changed only under the lock of the UID list.
final class Keywords {
    static final int MOST = 26;

    /// All letters, as bits.
    static final int ALL = (1 << MOST) - 1;

    private final Path file;
    private final @Nullable String[] names = new String[MOST];
    private final SortedMap<Integer, String> beyond = new TreeMap<>();
    private UidList.Stamp stamp = UidList.Stamp.MISSING;

    Keywords(Path directory) {
        this.file = directory.resolve("dovecot-keywords");
    }

    Path file() {
        return file;
    }

    /// Reads the file if it changed.
    void read() throws IOException {
        UidList.Stamp now = UidList.Stamp.of(file);
        if (now.equals(stamp)) {
            return;
        }
        Arrays.fill(names, null);
        beyond.clear();
        stamp = now;
        List<String> lines;
        try {
            lines = Private.lines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return;
        }
        for (String line : lines) {
            int blank = line.indexOf(' ');
            if (blank > 0 && blank < 8 && blank + 1 < line.length()) {
                try {
                    int n = Integer.parseInt(line, 0, blank, 10);
                    String name = line.substring(blank + 1);
                    if (n >= MOST) {
                        beyond.put(n, name);
                    } else if (n >= 0) {
                        names[n] = name;
                    }
                } catch (NumberFormatException e) {
                    // A line that is none of ours says nothing.
                }
            }
        }
    }

    /// The names in use, in the order of their letters.
    List<String> list() {
        var list = new ArrayList<String>();
        for (int i = 0; i < MOST; i++) {
            if (names[i] != null) {
                list.add(name(i));
            }
        }
        return list;
    }

    boolean isFull() {
        for (String name : names) {
            if (name == null) {
                return false;
            }
        }
        return true;
    }

    /// The name of a letter: `unknown-N` if it has none, as Dovecot does not lose it either, and if the name that somebody
    /// put into the file is no keyword. That one keeps its letter and its line.
    private String name(int letter) {
        String name = names[letter];
        return name != null && Flags.isKeyword(name) ? name : "unknown-" + letter;
    }

    /// The names of letters.
    List<String> names(int bits) {
        if (bits == 0) {
            return List.of();
        }
        var list = new ArrayList<String>(2);
        for (int i = 0; i < MOST; i++) {
            if ((bits & 1 << i) != 0) {
                list.add(name(i));
            }
        }
        return list;
    }

    /// The letters of those names that have one.
    int bits(Collection<String> keywords) {
        int bits = 0;
        for (String keyword : keywords) {
            int n = indexOf(keyword);
            bits |= n < 0 ? 0 : 1 << n;
        }
        return bits;
    }

    /// The names that have no letter.
    List<String> without(Collection<String> keywords) {
        List<String> rest = List.of();
        for (String keyword : keywords) {
            if (indexOf(keyword) < 0) {
                rest = rest.isEmpty() ? new ArrayList<>(2) : rest;
                rest.add(keyword);
            }
        }
        return rest;
    }

    private int indexOf(String keyword) {
        for (int i = 0; i < MOST; i++) {
            if (keyword.equalsIgnoreCase(names[i])) {
                return i;
            }
        }
        if (keyword.startsWith("unknown-")) {
            for (int i = 0; i < MOST; i++) {
                if (keyword.equals(name(i))) {
                    return i;
                }
            }
        }
        return -1;
    }

    /// Gives letters to names that have none, as long as there are any, and writes the file. Under the lock of the UID list.
    ///
    /// @param taken finds the letters that messages have: when no other is left, one that none has gets a new name
    void add(Collection<String> keywords, Used taken) throws IOException {
        read();
        boolean changed = false;
        int used = ALL;
        boolean asked = false;
        for (String keyword : without(keywords)) {
            int letter = free();
            if (letter == MOST) {
                used = asked ? used : taken.letters();
                asked = true;
                letter = Integer.numberOfTrailingZeros(~(used | bits(keywords)));
            }
            if (letter >= MOST) {
                break;
            }
            names[letter] = keyword;
            beyond.values().removeIf(keyword::equalsIgnoreCase);
            changed = true;
        }
        if (changed) {
            write();
        }
    }

    /// Tells which letters are in use, as bits.
    @FunctionalInterface
    interface Used {
        int letters() throws IOException;
    }

    private int free() {
        for (int i = 0; i < MOST; i++) {
            if (names[i] == null) {
                return i;
            }
        }
        return MOST;
    }

    private void write() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < MOST; i++) {
            if (names[i] != null) {
                text.append(i).append(' ').append(names[i]).append('\n');
            }
        }
        beyond.forEach((n, name) -> text.append(n).append(' ').append(name).append('\n'));
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(
                temporary,
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(temporary, Private.FILE);
        lookChanged(temporary);
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        stamp = UidList.Stamp.of(file);
    }

    /// Dovecot reads the file again when its time is another second.
    private void lookChanged(Path next) throws IOException {
        long before = TimeUnit.NANOSECONDS.toSeconds(stamp.modified());
        if (Files.getLastModifiedTime(next).to(TimeUnit.SECONDS) <= before) {
            Files.setLastModifiedTime(next, FileTime.from(before + 1, TimeUnit.SECONDS));
        }
    }
}
