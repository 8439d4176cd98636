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

/// A table made from a file, and made again when the file has changed.
///
/// Whether it has is looked at for a lookup if nobody has done so within a tenth of a second: a busy daemon asks its tables some
/// thousand times a second, and each look is a system call.
final class WatchedTable implements Table {
    private static final long FRESH_NANOS = 100_000_000;

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

    /// The time of the last look ([System#nanoTime]), for a table that is loaded.
    private volatile long looked;

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

    private Table current() throws TableException {
        var now = loaded;
        long time = System.nanoTime();
        if (now != null && time - looked < FRESH_NANOS) {
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
            looked = time;
            return now.table();
        } catch (NoSuchFileException e) {
            throw new TableException(
                    "table " + name + ": open " + file + ": No such file or directory", e);
        } catch (IOException e) {
            throw new TableException("table " + name + ": " + e.getMessage(), e);
        }
    }
}
