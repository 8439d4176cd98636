// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Credentials;
import org.postino.linux.MemoryFile;
import org.postino.linux.NativeFd;
import org.postino.linux.Sandbox;
import org.postino.suite.Plan;

/// Reads files for daemons that may not open them, such as a key that only root may read, or a table outside of the sandbox.
///
/// A daemon gets the content that the file has when the daemon is started, in a file in memory that nobody can change. When the
/// file changes later, [FileRenewal] starts the row anew.
final class SealedFiles implements Closeable {
    private final MentionedFiles mentioned;
    private final Consumer<String> warnings;
    private final Map<String, NativeFd> contents = new HashMap<>();
    private final Set<String> said = new HashSet<>();
    private final KeptKeys keys;

    /// @param warnings gets a sentence for each file that cannot be handed over
    SealedFiles(Plan plan, Consumer<String> warnings) {
        this.mentioned = new MentionedFiles(plan);
        this.warnings = warnings;
        this.keys = new KeptKeys(warnings);
    }

    /// One file of one daemon.
    ///
    /// @param name the path in the configuration
    /// @param stamp the file's state when the daemon was started; empty if it did not exist
    /// @param settles true if a change may be followed by one in another file that belongs to it
    /// @param content null if there was nothing to hand over
    /// @param contentStamp the file's state when it had this content
    record Item(
            Path name,
            String stamp,
            Set<Path> directories,
            boolean settles,
            @Nullable NativeFd content,
            String contentStamp) {
        Item with(@Nullable NativeFd other, String otherStamp) {
            return new Item(name, stamp, directories, settles, other, otherStamp);
        }
    }

    /// Lists the files that a daemon of this row cannot open, or that are missing, with their contents. Keys and certificates are
    /// handed over in any case, so that they change together and only for the better; so is the news of a directory of them.
    ///
    /// @param user null if the daemon runs as master itself does
    /// @param sandbox null if it has none
    List<Item> itemsFor(
            Plan.Service service, @Nullable Credentials user, @Nullable Sandbox sandbox) {
        var items = new ArrayList<Item>();
        Set<Path> keyFiles = mentioned.keys(service);
        for (Path directory : mentioned.directories(service)) {
            SafeFile found = SafeFile.find(directory);
            items.add(
                    new Item(directory, stampOf(directory), found.directories(), false, null, ""));
        }
        mentioned
                .of(service)
                .forEach((name, settles) -> {
                    SafeFile file = SafeFile.find(name);
                    boolean together = keyFiles.contains(name) && file.unsafe() == null;
                    if (!file.exists() || together || !canOpen(file, user, sandbox)) {
                        items.add(
                                new Item(
                                        name,
                                        file.stamp(),
                                        file.directories(),
                                        settles,
                                        content(service, name, file),
                                        file.stamp()));
                    }
                });
        return keys.judge(service.name(), keyFiles, items);
    }

    /// Returns a text that is the same as long as a file is unchanged, or no file comes into a directory or leaves it.
    private static String stampOf(Path path) {
        if (!Files.isDirectory(path)) {
            return SafeFile.find(path).stamp();
        }
        try (var files = Files.list(path)) {
            return files.map(Path::toString).sorted().collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "";
        }
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

    /// Lists the items whose file has changed since the daemon was started. A file that is gone does not count as changed.
    static List<Item> changed(List<Item> items) {
        var changed = new ArrayList<Item>();
        for (Item item : items) {
            String now = stampOf(item.name());
            if (!now.isEmpty() && !now.equals(item.stamp())) {
                changed.add(item);
            }
        }
        return changed;
    }

    /// Closes the contents that no daemon uses any more.
    void forget(Set<String> stampsInUse) {
        forget(stampsInUse, keys.stamps());
    }

    private void forget(Set<String> stampsInUse, Set<String> keptStamps) {
        contents.entrySet()
                .removeIf(entry -> {
                    boolean old =
                            !stampsInUse.contains(entry.getKey())
                                    && !keptStamps.contains(entry.getKey());
                    if (old) {
                        entry.getValue().close();
                    }
                    return old;
                });
    }

    /// Returns the directories to watch for changes of these files.
    static Set<Path> directories(List<Item> items) {
        var directories = new LinkedHashSet<Path>();
        items.forEach(item -> directories.addAll(item.directories()));
        return directories;
    }

    @Override
    public void close() {
        forget(Set.of(), Set.of());
    }
}
