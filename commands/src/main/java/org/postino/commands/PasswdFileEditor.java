// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.linux.LockableFile;
import org.postino.util.ByteNames;

/// Edits a passwd-file with lines `user:{SCHEME}hash:uid:gid:gecos:home:shell:extra`. It is changed under a lock and replaced
/// atomically, with mode 0600.
final class PasswdFileEditor {
    private static final int LOCK_FILE_MODE = 0644;

    private final Path path;

    PasswdFileEditor(Path path) {
        this.path = path;
    }

    /// Lists the names of the users, in the order of the file.
    List<String> names() throws IOException {
        var names = new ArrayList<String>();
        for (var line : read()) {
            if (isEntry(line)) {
                names.add(line.substring(0, line.indexOf(':')));
            }
        }
        return names;
    }

    private static boolean isEntry(String line) {
        return !line.startsWith("#") && line.indexOf(':') > 0;
    }

    private List<String> read() throws IOException {
        return Files.exists(path) ? new ArrayList<>(ByteNames.lines(path)) : new ArrayList<>();
    }

    /// A change of the lines.
    interface Change {
        void apply(Entries entries) throws CommandFailure;
    }

    /// The lines of the file while they are changed.
    static final class Entries {
        private final List<String> lines;

        private Entries(List<String> lines) {
            this.lines = lines;
        }

        private int find(String name) throws CommandFailure {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith(name + ":")) {
                    return i;
                }
            }
            throw new CommandFailure(name + " does not exist");
        }

        void remove(String name) throws CommandFailure {
            lines.remove(find(name));
        }

        void add(String name, String fields) throws CommandFailure {
            for (var line : lines) {
                if (line.startsWith(name + ":")) {
                    throw new CommandFailure(name + " exists already");
                }
            }
            lines.add(name + fields);
        }

        /// Replaces the stored password of a user, and keeps the other fields.
        void password(String name, String stored) throws CommandFailure {
            int at = find(name);
            String rest = lines.get(at).substring(name.length() + 1);
            int colon = rest.indexOf(':');
            lines.set(at, name + ":" + stored + (colon < 0 ? "" : rest.substring(colon)));
        }
    }

    void change(Change change) throws IOException, CommandFailure {
        Path lockFile = path.resolveSibling("." + path.getFileName() + ".lock");
        try (var lock = LockableFile.create(lockFile, LOCK_FILE_MODE)) {
            lock.lock(LockableFile.Kind.FCNTL);
            var lines = read();
            change.apply(new Entries(lines));
            String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
            KeptFile.replace(path, ByteNames.encode(text), "rw-------");
        }
    }
}
