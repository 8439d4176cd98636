// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file `dovecot-keywords`: line `N name` gives a keyword the letter `'a' + N` in file names. Changed only under the
/// lock of the UID list.
final class Keywords {
    static final int MOST = 26;

    private final Path file;
    private final @Nullable String[] names = new String[MOST];
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
        stamp = now;
        List<String> lines;
        try {
            lines = Private.lines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return;
        }
        for (String line : lines) {
            int blank = line.indexOf(' ');
            if (blank > 0 && blank < 4 && blank + 1 < line.length()) {
                try {
                    int n = Integer.parseInt(line, 0, blank, 10);
                    if (n >= 0 && n < MOST) {
                        names[n] = line.substring(blank + 1);
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

    /// What a letter is called: `unknown-N` if it has no name, as Dovecot does not lose it either, and if the name that somebody
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

    /// The letters of names; -1 if one has none yet.
    int bits(Collection<String> keywords) {
        int bits = 0;
        for (String keyword : keywords) {
            int n = indexOf(keyword);
            if (n < 0) {
                return -1;
            }
            bits |= 1 << n;
        }
        return bits;
    }

    /// The letters of those names that have one.
    int knownBits(Collection<String> keywords) {
        int bits = 0;
        for (String keyword : keywords) {
            int n = indexOf(keyword);
            bits |= n < 0 ? 0 : 1 << n;
        }
        return bits;
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

    /// Gives letters to names that have none and writes the file. Under the lock of the UID list.
    ///
    /// @throws MailStoreException `LIMIT` when the letters are used up
    void add(Collection<String> keywords) throws IOException {
        read();
        boolean changed = false;
        for (String keyword : keywords) {
            if (indexOf(keyword) < 0) {
                names[free()] = keyword;
                changed = true;
            }
        }
        if (changed) {
            write();
        }
    }

    private int free() throws MailStoreException {
        for (int i = 0; i < MOST; i++) {
            if (names[i] == null) {
                return i;
            }
        }
        throw new MailStoreException(
                MailStoreException.Problem.LIMIT, "Maximum number of keywords reached");
    }

    private void write() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < MOST; i++) {
            if (names[i] != null) {
                text.append(i).append(' ').append(names[i]).append('\n');
            }
        }
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(
                temporary,
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(temporary, Private.FILE);
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        stamp = UidList.Stamp.of(file);
    }
}
