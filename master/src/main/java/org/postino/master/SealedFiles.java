// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Credentials;
import org.postino.linux.MemoryFile;
import org.postino.linux.NativeFd;
import org.postino.linux.Sandbox;
import org.postino.suite.Plan;

/// Reads files for daemons that may not open them: a key that only root may read, a table outside of the sandbox.
///
/// A daemon gets the content as it is when the daemon is started, in a file in memory that nobody can change. When the file has
/// changed since, its row is to be started anew.
final class SealedFiles implements Closeable {
    private final MentionedFiles mentioned;
    private final Consumer<String> warnings;
    private final Map<String, NativeFd> contents = new HashMap<>();
    private final Set<String> said = new HashSet<>();

    /// @param warnings gets a sentence for each file that cannot be handed over
    SealedFiles(Plan plan, Consumer<String> warnings) {
        this.mentioned = new MentionedFiles(plan);
        this.warnings = warnings;
    }

    /// One file of one daemon.
    ///
    /// @param name as the configuration has it
    /// @param stamp its state when the daemon was started; empty: it was not there
    /// @param settles whether a change may be followed by one in another file that belongs to it
    /// @param content null: there was nothing to hand over
    record Item(
            Path name,
            String stamp,
            Set<Path> directories,
            boolean settles,
            @Nullable NativeFd content) {}

    /// What a daemon of this row is to be given.
    ///
    /// @param user null: master itself
    /// @param sandbox null: none
    List<Item> itemsFor(
            Plan.Service service, @Nullable Credentials user, @Nullable Sandbox sandbox) {
        var items = new ArrayList<Item>();
        mentioned
                .of(service)
                .forEach((name, settles) -> {
                    SafeFile file = SafeFile.find(name);
                    if (!file.exists() || !canOpen(file, user, sandbox)) {
                        items.add(
                                new Item(
                                        name,
                                        file.stamp(),
                                        file.directories(),
                                        settles,
                                        content(service, name, file)));
                    }
                });
        return items;
    }

    private static boolean canOpen(
            SafeFile file, @Nullable Credentials user, @Nullable Sandbox sandbox) {
        boolean permitted = user == null || file.isReadableFor(user);
        boolean inside =
                sandbox == null
                        || sandbox.rules().stream()
                                .anyMatch(rule -> file.target().startsWith(real(rule.path())));
        return permitted && inside;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private @Nullable NativeFd content(Plan.Service service, Path name, SafeFile file) {
        if (!file.exists()) {
            return null;
        }
        if (file.unsafe() != null) {
            warn(
                    name
                            + ": "
                            + service.row().program()
                            + " may not open it, and it is not read as root because "
                            + file.unsafe());
            return null;
        }
        NativeFd known = contents.get(file.stamp());
        if (known != null) {
            return known;
        }
        try {
            NativeFd made = MemoryFile.of("handed-over", file.read());
            contents.put(file.stamp(), made);
            return made;
        } catch (IOException e) {
            warn(name + ": cannot be read for " + service.row().program() + ": " + Master.text(e));
            return null;
        }
    }

    private void warn(String text) {
        if (said.add(text)) {
            warnings.accept(text);
        }
    }

    /// Those that have another content now than when the daemon was started. One that is gone leaves the daemon as it is.
    static List<Item> changed(List<Item> items) {
        var changed = new ArrayList<Item>();
        for (Item item : items) {
            SafeFile now = SafeFile.find(item.name());
            if (now.exists() && !now.stamp().equals(item.stamp())) {
                changed.add(item);
            }
        }
        return changed;
    }

    /// Closes contents that no longer stand in any file.
    void forget(Set<String> stampsInUse) {
        contents.entrySet()
                .removeIf(entry -> {
                    boolean old = !stampsInUse.contains(entry.getKey());
                    if (old) {
                        entry.getValue().close();
                    }
                    return old;
                });
    }

    /// Where changes are to be looked for.
    static Set<Path> directories(List<Item> items) {
        var directories = new LinkedHashSet<Path>();
        items.forEach(item -> directories.addAll(item.directories()));
        return directories;
    }

    @Override
    public void close() {
        forget(Set.of());
    }
}
