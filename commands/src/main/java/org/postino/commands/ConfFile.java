// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.postino.config.LogicalLines;
import org.postino.util.ByteNames;

/// A main.cf or master.cf as a person wrote it. It is changed line by line, and everything else stays as it is, comments and
/// order included.
final class ConfFile {
    /// A logical line with its physical lines. If `logical` is empty, it is a comment or an empty line.
    private record Chunk(List<String> lines, String logical) {}

    private final Path path;
    private final List<Chunk> chunks = new ArrayList<>();

    private ConfFile(Path path) {
        this.path = path;
    }

    static ConfFile read(Path path) throws IOException {
        var file = new ConfFile(path);
        String text = ByteNames.read(path);
        if (!text.isEmpty()) {
            file.parse(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        }
        return file;
    }

    private void parse(String text) {
        var current = new ArrayList<String>();
        var logical = new StringBuilder();
        var pending = new ArrayList<String>();
        for (var line : text.split("\n", -1)) {
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#")) {
                pending.add(line);
            } else if (LogicalLines.blank(line.charAt(0)) && !current.isEmpty()) {
                current.addAll(pending);
                pending.clear();
                current.add(line);
                logical.append(' ').append(bare);
            } else {
                finish(current, logical, pending);
                current.add(line);
                logical.append(bare);
            }
        }
        finish(current, logical, pending);
    }

    private void finish(List<String> current, StringBuilder logical, List<String> pending) {
        if (!current.isEmpty()) {
            chunks.add(new Chunk(List.copyOf(current), logical.toString()));
        }
        for (var line : pending) {
            chunks.add(new Chunk(List.of(line), ""));
        }
        current.clear();
        logical.setLength(0);
        pending.clear();
    }

    /// Puts `text`, one or more physical lines, in the place of the first logical line that fits, and removes further ones. If none
    /// fits, it is appended.
    void put(Predicate<String> fits, String text) {
        boolean done = false;
        for (int i = 0; i < chunks.size(); i++) {
            if (fits(chunks.get(i), fits)) {
                if (done) {
                    chunks.remove(i--);
                } else {
                    chunks.set(i, new Chunk(List.of(text.split("\n")), text));
                    done = true;
                }
            }
        }
        if (!done) {
            chunks.add(new Chunk(List.of(text.split("\n")), text));
        }
    }

    /// Removes every logical line that fits; true if there was one.
    boolean remove(Predicate<String> fits) {
        return chunks.removeIf(chunk -> fits(chunk, fits));
    }

    /// Makes every logical line that fits a comment; true if there was one.
    boolean comment(Predicate<String> fits) {
        boolean found = false;
        for (int i = 0; i < chunks.size(); i++) {
            var chunk = chunks.get(i);
            if (fits(chunk, fits)) {
                chunks.set(
                        i, new Chunk(chunk.lines().stream().map(line -> "#" + line).toList(), ""));
                found = true;
            }
        }
        return found;
    }

    private static boolean fits(Chunk chunk, Predicate<String> fits) {
        return !chunk.logical().isEmpty() && fits.test(chunk.logical());
    }

    String text() {
        var text = new StringBuilder();
        for (var chunk : chunks) {
            for (var line : chunk.lines()) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    /// Replaces the file, atomically, with its mode and owner.
    void save() throws IOException {
        KeptFile.replace(path, ByteNames.encode(text()), "rw-r--r--");
    }
}
