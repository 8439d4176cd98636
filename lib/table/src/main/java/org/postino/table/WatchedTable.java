// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A table made from a file, and made again at the next lookup after the file has changed.
///
/// Whether it has is looked at for each lookup, but ten times in a tenth of a second at most: a busy daemon asks its tables some
/// thousand times a second, and each look is a system call.
final class WatchedTable implements Table {
    private static final long WINDOW_NANOS = 100_000_000;
    private static final int MOST_LOOKS = 10;

    /// Makes the table from the present contents of a file.
    interface Loader {
        Table load(Path place) throws IOException;
    }

    /// The attributes by which a changed file is recognised.
    private record Stamp(@Nullable Object file, long modified, long size) {
        static Stamp of(Path path) throws IOException {
            var a = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(a.fileKey(), a.lastModifiedTime().toMillis(), a.size());
        }
    }

    private record Loaded(Stamp stamp, Table table) {}

    private final String name;
    private final Path file;
    private final Path place;
    private final boolean patterns;
    private final Loader loader;
    private volatile @Nullable Loaded loaded;

    /// The time ([System#nanoTime]) since which looks are counted. A thread that sees an old count looks once too often.
    private volatile long window;

    private volatile int looks;

    /// @param file the file's name, for errors
    /// @param place the path at which it is read
    /// @param patterns true if the table holds patterns, which see a key as it is; in other tables keys are looked up in lower case
    WatchedTable(String name, Path file, Path place, boolean patterns, Loader loader) {
        this.name = name;
        this.file = file;
        this.place = place;
        this.patterns = patterns;
        this.loader = loader;
    }

    @Override
    public Optional<String> lookup(String key) throws TableException {
        return current().lookup(patterns ? key : key.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean patterns() {
        return patterns;
    }

    /// Counts a look, unless there were enough of them lately.
    private boolean hasLookedEnough() {
        long time = System.nanoTime();
        if (time - window >= WINDOW_NANOS) {
            window = time;
            looks = 0;
        }
        int before = looks;
        looks = Math.min(before + 1, MOST_LOOKS);
        return before >= MOST_LOOKS;
    }

    private Table current() throws TableException {
        var now = loaded;
        if (now != null && hasLookedEnough()) {
            return now.table();
        }
        try {
            var stamp = Stamp.of(place);
            if (now == null || !now.stamp().equals(stamp)) {
                synchronized (this) {
                    now = loaded;
                    if (now == null || !now.stamp().equals(stamp)) {
                        now = new Loaded(stamp, loader.load(place));
                        loaded = now;
                    }
                }
            }
            return now.table();
        } catch (NoSuchFileException e) {
            throw new TableException(
                    "table " + name + ": open " + file + ": No such file or directory", e);
        } catch (IOException e) {
            throw new TableException("table " + name + ": " + e.getMessage(), e);
        }
    }
}
